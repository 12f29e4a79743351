package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.CancelledException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Threads;
import io.afterimage.train.PriorSettings.Kind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is trained again, stopped, and found again. */
@ExtendWith(NoLeakedTensors.class)
class KeptPriorsTest {
  private static final int FEW = 48;

  /** Four steps in each of three epochs. */
  private static PriorSettings brief(Kind kind) {
    return new PriorSettings(kind, 3, 2, 3, 12, 2e-3, 2, 10);
  }

  private static Prior trained(Kind kind, Run run, Optional<Path> folder) {
    return Priors.train(brief(kind), Patterns.pictures(FEW), Patterns.SHAPE, run, folder);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theSameSeedGivesTheSameBitsOnAnyNumberOfThreads(Kind kind) {
    String alone = trained(kind, Run.of(5), Optional.empty()).sha256();
    Run two = new Run(5, 2, Progress.NONE, new AtomicBoolean());
    Threads.setIntraOp(2);
    List<String> both =
        Workers.map(two, "priors", 2, i -> trained(kind, two, Optional.empty()).sha256());
    Threads.setIntraOp(1);
    assertThat(both).containsExactly(alone, alone);
    assertThat(trained(kind, Run.of(6), Optional.empty()).sha256()).isNotEqualTo(alone);
  }

  /** A run that the user stops when so many steps are done. */
  private static Run stoppedAt(int step) {
    AtomicBoolean stop = new AtomicBoolean();
    return new Run(5, 1, (work, done, total) -> stop.set(done >= step), stop);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void stoppedAndGoneOnWithItIsTheSameInEveryBit(Kind kind, @TempDir Path folder)
      throws IOException {
    String whole = trained(kind, Run.of(5), Optional.empty()).sha256();
    for (int step : new int[] {3, 8}) {
      assertThatThrownBy(() -> trained(kind, stoppedAt(step), Optional.of(folder)))
          .isInstanceOf(CancelledException.class);
    }
    AtomicInteger first = new AtomicInteger(-1);
    Progress heard = (work, done, total) -> first.compareAndSet(-1, (int) done);
    Run on = new Run(5, 1, heard, new AtomicBoolean());
    Prior prior = trained(kind, on, Optional.of(folder));
    assertThat(prior.sha256()).isEqualTo(whole);
    assertThat(first.get()).isBetween(8, 9);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(Path::toString)).noneMatch(name -> name.endsWith(".npz"));
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aKeptPriorIsFoundByAllThatMadeIt(Kind kind, @TempDir Path folder) throws IOException {
    Prior prior = trained(kind, Run.of(5), Optional.of(folder));
    Prior again = trained(kind, stoppedAt(0), Optional.of(folder));
    assertThat(again.sha256()).isEqualTo(prior.sha256());
    assertThat(again.origin()).isEqualTo(prior.origin());
    float[] other = Patterns.pictures(FEW);
    other[7] += 0.01f;
    assertTrainedAnew(brief(kind), other, folder);
    assertTrainedAnew(brief(kind).withEpochs(2), Patterns.pictures(FEW), folder);
    assertTrainedAnew(brief(kind).withLatent(4), Patterns.pictures(FEW), folder);
    for (Path file : models(folder)) {
      Files.write(file, new byte[] {1, 2, 3});
    }
    assertThat(trained(kind, Run.of(5), Optional.of(folder)).sha256()).isEqualTo(prior.sha256());
  }

  private static List<Path> models(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".onnx")).toList();
    }
  }

  /** What is not found is trained, and so can be stopped. */
  private static void assertTrainedAnew(PriorSettings settings, float[] rows, Path folder) {
    assertThatThrownBy(
            () -> Priors.train(settings, rows, Patterns.SHAPE, stoppedAt(1), Optional.of(folder)))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void anotherGuideMakesAnotherPrior(@TempDir Path folder) {
    Prior guided = guided("one", Run.of(5), folder);
    assertThat(guided("one", stoppedAt(0), folder).sha256()).isEqualTo(guided.sha256());
    assertThatThrownBy(() -> guided("other", stoppedAt(1), folder))
        .isInstanceOf(CancelledException.class);
  }

  private static Prior guided(String by, Run run, Path folder) {
    return Priors.train(
        brief(Kind.DCGAN),
        Patterns.pictures(FEW),
        Patterns.SHAPE,
        Patterns.classes(FEW),
        Patterns.COUNT,
        new Darkening(by),
        run,
        Optional.of(folder));
  }

  /** Dark pictures please it. */
  private record Darkening(String description) implements Guidance {
    @Override
    public Tensor loss(Tensor pictures, Tensor told, long step) {
      return pictures.mean();
    }
  }

  @Test
  void samplesAreDrawnBesideWhatIsKept(@TempDir Path folder) throws IOException {
    trained(Kind.VAE, Run.of(5), Optional.of(folder));
    try (Stream<Path> files = Files.list(folder)) {
      Path png = files.filter(file -> file.toString().endsWith(".png")).findFirst().orElseThrow();
      BufferedImage image = ImageIO.read(png.toFile());
      assertThat(List.of(image.getWidth(), image.getHeight())).containsExactly(89, 89);
      assertThat(image.getRGB(8, 4) & 0xffffff).isEqualTo(0xffffff);
      assertThat(image.getRGB(4, 4) & 0xffffff).isNotEqualTo(0xffffff);
    }
  }
}
