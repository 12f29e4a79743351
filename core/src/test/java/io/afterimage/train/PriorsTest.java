package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Threads;
import io.afterimage.train.PriorSettings.Kind;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Priors of every kind, trained on three patterns. */
@ExtendWith(NoLeakedTensors.class)
class PriorsTest {
  private static final int ROWS = 600;
  private static final int FEW = 48;

  /** Long enough to learn. */
  private static PriorSettings settings(Kind kind) {
    return switch (kind) {
      case DCGAN -> new PriorSettings(kind, 8, 8, 30, 32, 2e-3, 1, 0);
      case WGAN_GP -> new PriorSettings(kind, 8, 8, 30, 32, 5e-3, 1, 1);
      case VAE -> new PriorSettings(kind, 4, 8, 20, 32, 5e-3, 1, 0);
    };
  }

  /** Four steps in each of three epochs. */
  private static PriorSettings brief(Kind kind) {
    return new PriorSettings(kind, 3, 2, 3, 12, 2e-3, 2, 10);
  }

  private static Prior trained(Kind kind, Run run, Optional<Path> folder) {
    return Priors.train(brief(kind), Patterns.pictures(FEW), Patterns.SHAPE, run, folder);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyPatternIsMade(Kind kind) {
    float[] rows = Patterns.pictures(ROWS);
    Prior prior = Priors.train(settings(kind), rows, Patterns.SHAPE, Run.of(3), Optional.empty());
    float[][] made = new float[1][];
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(() -> made[0] = opened.pictures(opened.latents(300, draws)).toFloats());
    }
    int[] counts = new int[Patterns.COUNT];
    double distance = 0;
    for (int i = 0; i < 300; i++) {
      counts[Patterns.shown(made[0], i).pattern()]++;
      distance += Patterns.shown(made[0], i).distance() / 300;
    }
    for (int count : counts) {
      assertThat(count).as("pictures of a pattern among 300").isGreaterThan(30);
    }
    // Half of each is 0.3 away from its nearest pattern, the mean of all pictures 0.24.
    assertThat(distance).isLessThan(0.15);
    assertThat(prior.critic().isPresent()).isEqualTo(kind != Kind.VAE);
    assertThat(prior.latent()).isEqualTo(settings(kind).latent());
    assertThat(prior.picture()).isEqualTo(Patterns.SHAPE);
    assertThat(prior.classes()).isZero();
    assertThat(prior.origin()).contains(kind + " trained on 600 public pictures of 1x8x8");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aConditionalPriorMakesWhatItsClassSays(Kind kind) {
    float[] rows = Patterns.pictures(ROWS);
    int[] classes = Patterns.classes(ROWS);
    Prior prior =
        Priors.train(settings(kind), rows, Patterns.SHAPE, classes, 3, Run.of(3), Optional.empty());
    int[] asked = IntStream.range(0, 90).map(i -> (i + 1) % 3).toArray();
    float[][] made = new float[1][];
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(
          () ->
              made[0] = opened.pictures(opened.latents(90, draws), opened.told(asked)).toFloats());
      assertThatThrownBy(() -> TensorScope.run(() -> opened.pictures(opened.latents(2, draws))))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("needs classes");
      assertThatThrownBy(() -> TensorScope.run(() -> opened.told(3)))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("class 3 is none of the prior's 3");
    }
    long right =
        IntStream.range(0, 90)
            .filter(i -> Patterns.shown(made[0], i).pattern() == asked[i])
            .count();
    assertThat(right).isGreaterThan(80);
    assertThat(prior.classes()).isEqualTo(3);
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

  @Test
  void picturesKeepTheirRange() {
    float[] rows = Patterns.pictures(FEW);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = 200 * rows[i] - 50;
    }
    Prior prior =
        Priors.train(brief(Kind.DCGAN), rows, new Shape(8, 8), Run.of(5), Optional.empty());
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(
          () -> {
            Tensor made = opened.pictures(opened.latents(50, draws));
            assertThat(made.shape()).containsExactly(50, 8, 8);
            assertThat(made.min(false).item()).isBetween(-36.0, 0.0);
            assertThat(made.max(false).item()).isBetween(50.0, 136.0);
          });
    }
  }

  @Test
  void picturesThatNoPriorLearnsFromAreRefusedByName() {
    float[] rows = Patterns.pictures(4);
    refused(Arrays.copyOf(rows, 64), Patterns.SHAPE, "2 pictures at least");
    refused(new float[0], Patterns.SHAPE, "2 pictures at least");
    refused(rows, new Shape(4, 4, 4), "1 or 3 channels");
    refused(rows, new Shape(1, 4, 16), "height of a picture");
    refused(Arrays.copyOf(rows, 130), Patterns.SHAPE, "130 numbers are not 2 rows");
    refused(new float[128], Patterns.SHAPE, "between 0.0 and 0.0");
    rows[70] = Float.NaN;
    refused(rows, Patterns.SHAPE, "row 1 holds NaN");
    float[] two = Patterns.pictures(2);
    assertThatThrownBy(
            () ->
                Priors.train(
                    brief(Kind.VAE),
                    two,
                    Patterns.SHAPE,
                    new int[] {0, 2},
                    2,
                    Run.of(0),
                    Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("picture 1 is of class 2");
  }

  private static void refused(float[] rows, Shape shape, String why) {
    assertThatThrownBy(
            () -> Priors.train(brief(Kind.VAE), rows, shape, Run.of(0), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    named(() -> new PriorSettings(Kind.VAE, 0, 8, 1, 32, 1e-3, 1, 0), "latent length");
    named(() -> new PriorSettings(Kind.VAE, 1, 0, 1, 32, 1e-3, 1, 0), "filters");
    named(() -> new PriorSettings(Kind.VAE, 1, 8, 0, 32, 1e-3, 1, 0), "epochs");
    named(() -> new PriorSettings(Kind.VAE, 1, 8, 1, 1, 1e-3, 1, 0), "batch size");
    named(() -> new PriorSettings(Kind.VAE, 1, 8, 1, 32, Double.NaN, 1, 0), "learning rate");
    named(() -> new PriorSettings(Kind.VAE, 1, 8, 1, 32, 1e-3, 0, 0), "critic steps");
    named(() -> new PriorSettings(Kind.VAE, 1, 8, 1, 32, 1e-3, 1, -1), "penalty");
  }

  private static void named(Runnable making, String what) {
    assertThatThrownBy(making::run)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(what);
  }
}
