package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.graph.Interpreter;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.PriorSettings.Kind;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class AssistedPriorTest {
  private static final int ROWS = 600;
  private static final int SIZE = 64;

  private static PriorSettings settings(int epochs) {
    return new PriorSettings(Kind.DCGAN, 8, 8, epochs, 32, 2e-3, 1, 0);
  }

  /** Names the pattern after the one that a picture shows: nobody else knows these names. */
  private static int[] names(float[] pictures) {
    return IntStream.range(0, pictures.length / SIZE)
        .map(i -> (Patterns.shown(pictures, i).pattern() + 1) % 3)
        .toArray();
  }

  private static AssistedPrior train(int epochs, double weight, AssistedPrior.Labels labels) {
    float[] rows = Patterns.pictures(ROWS);
    return AssistedPrior.train(
        settings(epochs), rows, Patterns.SHAPE, 3, weight, labels, Run.of(3));
  }

  /** The public pictures carry no classes; all that is known of them was asked. */
  @Test
  void theGeneratorMakesAndTheCriticNamesWhatTheLabelsSay() {
    AssistedPrior learned = train(15, 1, (pictures, wanted) -> names(pictures));
    assertThat(learned.steps()).isEqualTo(15 * 19);
    int[] wanted = IntStream.range(0, 90).map(i -> i % 3).toArray();
    int[] made = names(made(learned.prior(), wanted));
    assertThat(alike(made, wanted)).isGreaterThan(75);
    float[] real = Patterns.pictures(90);
    assertThat(alike(named(learned, real), names(real))).isGreaterThan(75);
  }

  /** Without the weight of the class the generator does not care which one it is told. */
  @Test
  void withoutTheWeightOfTheClassTheGeneratorDoesNotHeedIt() {
    AssistedPrior learned = train(15, 0, (pictures, wanted) -> names(pictures));
    int[] wanted = IntStream.range(0, 90).map(i -> i % 3).toArray();
    assertThat(alike(names(made(learned.prior(), wanted)), wanted)).isLessThan(60);
  }

  @Test
  void learningEndsWhereLabelsRunOut() {
    int[] asked = new int[1];
    AssistedPrior learned =
        train(
            15,
            1,
            (pictures, wanted) -> {
              if (asked[0] + wanted.length > 100) {
                throw new BudgetExhaustedException(100, asked[0], wanted.length);
              }
              asked[0] += wanted.length;
              return names(pictures);
            });
    assertThat(learned.steps()).isEqualTo(3);
    assertThat(asked[0]).isEqualTo(96);
    assertThatThrownBy(
            () ->
                train(
                    1,
                    1,
                    (pictures, wanted) -> {
                      throw new BudgetExhaustedException(0, 0, wanted.length);
                    }))
        .isInstanceOf(BudgetExhaustedException.class);
  }

  /** Labels are asked for of pictures as they are, and the same are made in the end. */
  @Test
  void picturesKeepTheirRange() {
    float[] rows = Patterns.pictures(48);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = 200 * rows[i] - 50;
    }
    float[] greatest = {Float.NEGATIVE_INFINITY};
    AssistedPrior learned =
        AssistedPrior.train(
            settings(2),
            rows,
            Patterns.SHAPE,
            2,
            1,
            (pictures, wanted) -> {
              for (float pixel : pictures) {
                assertThat(pixel).isBetween(-36f, 136f);
                greatest[0] = Math.max(greatest[0], pixel);
              }
              return new int[wanted.length];
            },
            Run.of(5));
    assertThat(greatest[0]).isGreaterThan(50);
    for (float pixel : made(learned.prior(), new int[] {0, 1, 0})) {
      assertThat(pixel).isBetween(-36f, 136f);
    }
    assertThat(alike(named(learned, rows), new int[48])).isEqualTo(48);
  }

  @Test
  void onlyAGanLearnsSo() {
    assertThatThrownBy(
            () ->
                AssistedPrior.train(
                    new PriorSettings(Kind.VAE, 8, 8, 1, 32, 2e-3, 1, 0),
                    Patterns.pictures(4),
                    Patterns.SHAPE,
                    2,
                    1,
                    (pictures, wanted) -> wanted,
                    Run.of(0)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a prior learns with labels as a DCGAN, but the kind is VAE");
  }

  private static long alike(int[] one, int[] other) {
    return IntStream.range(0, one.length).filter(i -> one[i] == other[i]).count();
  }

  private static float[] made(Prior prior, int[] wanted) {
    float[][] made = new float[1][];
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(
          () ->
              made[0] =
                  opened
                      .pictures(opened.latents(wanted.length, draws), opened.told(wanted))
                      .toFloats());
    }
    return made[0];
  }

  /** The class of the greatest of the critic's scores. */
  private static int[] named(AssistedPrior learned, float[] pictures) {
    long[][] named = new long[1][];
    try (Interpreter critic = Interpreter.of(learned.namer())) {
      TensorScope.run(
          () -> {
            Tensor x = Tensors.of(pictures, Patterns.SHAPE.batch(pictures.length / SIZE));
            named[0] = critic.run(x, Critics.LOGITS).argmax(1, false).toLongs();
          });
    }
    return IntStream.range(0, named[0].length).map(i -> (int) named[0][i]).toArray();
  }
}
