package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.PriorSettings.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Priors of every kind, trained on three patterns. */
@ExtendWith(NoLeakedTensors.class)
class PriorsTest {
  private static final int ROWS = 600;

  /** Long enough to learn. */
  private static PriorSettings settings(Kind kind) {
    return switch (kind) {
      case DCGAN -> new PriorSettings(kind, 8, 8, 30, 32, 2e-3, 1, 0);
      case WGAN_GP -> new PriorSettings(kind, 8, 8, 30, 32, 5e-3, 1, 1);
      case VAE -> new PriorSettings(kind, 4, 8, 20, 32, 5e-3, 1, 0);
    };
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
      assertThat(count).as("pictures of a pattern among 300").isGreaterThan(20);
    }
    // The mean of all pictures is 0.23 away from the nearest pattern.
    assertThat(distance).isLessThan(0.18);
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
    float[] made = made(prior, asked);
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      assertThatThrownBy(() -> TensorScope.run(() -> opened.pictures(opened.latents(2, draws))))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("needs classes");
      assertThatThrownBy(() -> TensorScope.run(() -> opened.told(3)))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("class 3 is none of the prior's 3");
    }
    long right =
        IntStream.range(0, 90).filter(i -> Patterns.shown(made, i).pattern() == asked[i]).count();
    assertThat(right).isGreaterThan(80);
    assertThat(prior.classes()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(names = {"DCGAN", "WGAN_GP"})
  void aConditionalCriticScoresPicturesHigherAsWhatTheyAre(Kind kind) {
    float[] rows = Patterns.pictures(ROWS);
    int[] classes = Patterns.classes(ROWS);
    int[] others = IntStream.of(classes).map(own -> (own + 1) % 3).toArray();
    Prior prior =
        Priors.train(
            settings(kind).withEpochs(4),
            rows,
            Patterns.SHAPE,
            classes,
            3,
            Run.of(3),
            Optional.empty());
    try (OpenedPrior opened = prior.open(Run.of(0))) {
      TensorScope.run(
          () -> {
            Tensor pictures = Tensors.of(rows, ROWS, 1, 8, 8);
            Tensor right = opened.scores(pictures, opened.told(classes));
            Tensor wrong = opened.scores(pictures, opened.told(others));
            assertThat(right.shape()).containsExactly(ROWS);
            assertThat(right.sub(wrong).gt(0).sum().item()).isGreaterThan(0.9 * ROWS);
          });
    }
  }

  /** A picture of each class asked for. */
  private static float[] made(Prior prior, int[] asked) {
    float[][] made = new float[1][];
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(
          () ->
              made[0] =
                  opened
                      .pictures(opened.latents(asked.length, draws), opened.told(asked))
                      .toFloats());
    }
    return made[0];
  }

  /** Against the classes told: what is asked for as the first pattern shall be the second, …. */
  private record Contrary(String description) implements Guidance {
    @Override
    public Tensor loss(Tensor pictures, Tensor told, long step) {
      float[] clean = Patterns.pictures(Patterns.COUNT);
      Tensor patterns = Tensors.of(clean, Patterns.COUNT, clean.length / Patterns.COUNT);
      Tensor next = Indexing.indexSelect(patterns, 0, Tensors.of(new long[] {1, 2, 0}, 3));
      return pictures.flatten(1).sub(told.matmul(next)).square().mean().mul(100);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"DCGAN", "WGAN_GP"})
  void aGuidedGeneratorHeedsItsGuide(Kind kind) {
    PriorSettings settings = settings(kind).withEpochs(10);
    float[] rows = Patterns.pictures(ROWS);
    int[] classes = Patterns.classes(ROWS);
    Prior prior =
        Priors.train(
            settings,
            rows,
            Patterns.SHAPE,
            classes,
            3,
            new Contrary("contrary"),
            Run.of(3),
            Optional.empty());
    assertThat(prior.origin()).endsWith("guided by contrary");
    int[] asked = IntStream.range(0, 90).map(i -> i % 3).toArray();
    float[] made = made(prior, asked);
    long contrary =
        IntStream.range(0, 90)
            .filter(i -> Patterns.shown(made, i).pattern() == (asked[i] + 1) % 3)
            .count();
    // Without a guide it is nearly none.
    assertThat(contrary).isGreaterThan(60);
  }

  @Test
  void picturesKeepTheirRange() {
    float[] rows = Patterns.pictures(48);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = 200 * rows[i] - 50;
    }
    Prior prior =
        Priors.train(
            settings(Kind.DCGAN).withEpochs(2), rows, new Shape(8, 8), Run.of(5), Optional.empty());
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
    refused(rows, new Shape(1, 0, 8), "height of a picture");
    refused(Arrays.copyOf(rows, 130), Patterns.SHAPE, "130 numbers are not 2 rows");
    refused(new float[128], Patterns.SHAPE, "between 0.0 and 0.0");
    rows[70] = Float.NaN;
    refused(rows, Patterns.SHAPE, "row 1 holds NaN");
    float[] two = Patterns.pictures(2);
    assertThatThrownBy(
            () ->
                Priors.train(
                    settings(Kind.VAE),
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
            () -> Priors.train(settings(Kind.VAE), rows, shape, Run.of(0), Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void fewerPicturesAreSeenMoreOften() {
    int usual = PriorSettings.of(Kind.DCGAN).epochs();
    assertThat(PriorSettings.of(Kind.DCGAN, 34_265).epochs()).isEqualTo(usual);
    assertThat(PriorSettings.of(Kind.DCGAN, 3_427).epochs()).isEqualTo(10 * usual);
    assertThat(PriorSettings.of(Kind.DCGAN, 10_000_000).epochs()).isEqualTo(1);
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
