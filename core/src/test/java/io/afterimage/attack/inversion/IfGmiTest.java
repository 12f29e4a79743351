package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.L1Ball;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.PriorSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeakedTensors.class)
class IfGmiTest {
  private static final IfGmi ATTACK = new IfGmi();
  @TempDir static Path folder;

  private static Run sharing() {
    return PrivateDigits.RUN.sharing(folder);
  }

  private static Reconstructions run(Map<String, String> changed) {
    return ATTACK.run(
        PrivateDigits.TARGET,
        PrivateDigits.SPLIT,
        SettingsForm.of(ATTACK.small()).with(changed),
        sharing());
  }

  @Test
  void withoutLayersItIsPpa() {
    Ppa ppa = new Ppa();
    Reconstructions there =
        ppa.run(PrivateDigits.TARGET, PrivateDigits.SPLIT, ppa.small(), sharing());
    Reconstructions here = run(Map.of("layers", "0"));
    assertThat(here.pixels()).isEqualTo(there.pixels());
    assertThat(here.start()).isEqualTo(there.start());
    assertThat(here.steps()).isEqualTo(there.steps());
  }

  /** The paper's ablation, after as many steps: inner values reach what no latent vector does. */
  @Test
  void innerLayersComeNearerToTheClassesThanLatentVectorsAlone() {
    Reconstructions without = run(Map.of("restarts", "4", "layers", "0", "steps", "45"));
    Reconstructions with = run(Map.of("restarts", "4"));
    assertThat(with.steps()).containsOnly(45).isEqualTo(without.steps());
    assertThat(LookAlikes.distance(with, PrivateDigits.MEMBERS))
        .isLessThan(0.9 * LookAlikes.distance(without, PrivateDigits.MEMBERS));
    assertThat(mean(with.confidence())).isGreaterThan(mean(without.confidence()));
  }

  private static double mean(double[] numbers) {
    return Arrays.stream(numbers).average().orElseThrow();
  }

  /** Pictures of 8x8 are doubled once. */
  @Test
  void thereAreNoMoreLayersThanTheGeneratorHas() {
    assertThat(run(Map.of("layers", "7")).pixels()).isEqualTo(run(Map.of()).pixels());
  }

  @Test
  void anInnerLayerStaysInItsBall() {
    double share = 0.05;
    double[] bounded = gone(share, true);
    double[] free = gone(share, false);
    assertThat(Arrays.stream(bounded).max().orElseThrow()).isLessThanOrEqualTo(share * 1.0001);
    assertThat(Arrays.stream(bounded).max().orElseThrow()).isGreaterThan(share * 0.999);
    assertThat(Arrays.stream(free).min().orElseThrow()).isGreaterThan(share * 1.5);
  }

  /** How far each row's inner values went, as a share of the sum of their sizes at the start. */
  private static double[] gone(double share, boolean bounded) {
    PriorChoice choice = PriorChoice.small(PriorSettings.Kind.VAE);
    try (TensorScope scope = new TensorScope();
        LatentSpace space =
            LatentSpace.of(
                PrivateDigits.TARGET.info(), PrivateDigits.SPLIT, choice, "if-gmi", sharing())) {
      Rebuilt rebuilt = new Rebuilt(PrivateDigits.TARGET, space.row(), 2);
      Aim aim =
          new Aim(
              PrivateDigits.TARGET,
              List.of(),
              PrivateDigits.SPLIT.reference(),
              space,
              space,
              rebuilt,
              rebuilt.rows(0, 2),
              Optional.empty());
      PlugAndPlay play = new PlugAndPlay("if-gmi", aim, new Ppa().small(), sharing());
      String layer = space.layers().get(0);
      L1Ball ball = L1Ball.around(space.inner(play.candidates(), layer), share);
      Consumer<Tensor> bound = bounded ? ball::pull : values -> {};
      Tensor end =
          play.moved(
              ball.centre(), at -> space.pictures(layer, at), 15, bound, Descending.Watch.NONE);
      assertThat(scope.holds(end)).isTrue();
      Tensor far = end.sub(ball.centre()).flatten(1).abs().sum(true, 1);
      return far.div(ball.radius()).mul(share).toDoubles();
    }
  }

  /** A generator of so many dense layers, the last of 8x8 pixels. */
  private static String brought(int layers) {
    GraphBuilder graph = new GraphBuilder("brought");
    graph.input("z", ElementType.FLOAT, "N", 8);
    RandomGenerator random = Run.of(1).random("brought");
    String value = "z";
    for (int i = 0; i < layers; i++) {
      int from = i == 0 ? 8 : 64;
      String weights =
          graph.initializer("w" + i, Gaussians.floats(from * 64, 0.4, random), from, 64);
      value = graph.node("Sigmoid", graph.node("MatMul", value, weights).to("m" + i)).to("s" + i);
    }
    String shape = graph.initializer("shape", new long[] {-1, 1, 8, 8}, 4);
    graph.node("Reshape", value, shape).to("pictures");
    graph.output("pictures", ElementType.FLOAT, "N", 1, 8, 8);
    Path file = folder.resolve("brought" + layers + ".onnx");
    graph.build().write(file);
    return file.toString();
  }

  @Test
  void aGeneratorOfOnesOwnIsCutToo() {
    String generator = brought(3);
    float[] vectors = run(Map.of("generator", generator, "layers", "0")).pixels();
    float[] one = run(Map.of("generator", generator, "layers", "1")).pixels();
    float[] two = run(Map.of("generator", generator, "layers", "2")).pixels();
    assertThat(one).isNotEqualTo(vectors);
    assertThat(two).isNotEqualTo(one);
  }

  @Test
  void aGeneratorThatCannotBeCutIsRefusedInOneLine() {
    String generator = brought(1);
    assertThat(run(Map.of("generator", generator, "layers", "0")).count()).isEqualTo(20);
    assertThatThrownBy(() -> run(Map.of("generator", generator)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--layers is 1, but the generator has no inner value from which alone its pictures can"
                + " be made; give --layers 0, or another generator than the one brought by the"
                + " user: brought1.onnx");
  }

  @Test
  void ballsHaveAWidth() {
    assertThatThrownBy(() -> SettingsForm.of(ATTACK.defaults()).with(Map.of("radius", "0")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--radius must be above 0");
  }
}
