package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Threads;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The loss of a variational autoencoder, number by number. */
@ExtendWith(NoLeakedTensors.class)
class VariationalStepTest {
  private static final Shape ROW = new Shape(6);
  private static final int ROWS = 5;
  private static final int LATENT = 2;
  private static final OnnxModel ENCODER = linear(ROW, 2 * LATENT, false);
  private static final OnnxModel DECODER = linear(new Shape(LATENT), ROW.size(), true);

  @BeforeEach
  void oneThread() {
    Threads.setIntraOp(1);
  }

  private static OnnxModel linear(Shape from, int to, boolean coins) {
    Architecture architecture =
        layers -> {
          layers.dense(to, Layers.Next.NONE);
          if (coins) {
            layers.sigmoid();
          }
          layers.value();
        };
    return architecture.over(from, Run.of(coins ? 1 : 2));
  }

  private static float[] rows() {
    RandomGenerator random = Run.of(3).random("rows");
    float[] rows = new float[ROWS * ROW.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextFloat();
    }
    return rows;
  }

  private static VariationalStep step(Run run) {
    Examples examples = Examples.ofClasses(Architecture.INPUT, rows(), ROW, new int[ROWS]);
    return new VariationalStep(ENCODER, DECODER, examples, Optimiser.Adam.of(0.01), run);
  }

  @Test
  void itsLossIsWhatASlowReaderOfThePaperComputes() {
    Run run = Run.of(4);
    try (VariationalStep step = step(run)) {
      double loss = step.take(new Batch(IntStream.range(0, ROWS).toArray(), 0, 17, 1));
      assertThat(loss).isCloseTo(slowly(noise(run)), within(1e-4));
    }
  }

  private static float[] noise(Run run) {
    float[][] noise = new float[1][];
    try (Draws draws = new Draws(run.seedFor("noise/17"))) {
      TensorScope.run(() -> noise[0] = draws.normal(ROWS, LATENT).toFloats());
    }
    return noise[0];
  }

  /** -E[log p(x|z)] + KL(N(mean, variance) || N(0, 1)), as Kingma and Welling's appendix B. */
  private static double slowly(float[] noise) {
    float[] x = rows();
    double[] moments = Numbers.answers(ENCODER, x, ROW, Layers.VALUE);
    float[] z = new float[ROWS * LATENT];
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
      for (int j = 0; j < LATENT; j++) {
        double mean = moments[i * 2 * LATENT + j];
        double variance = Math.exp(moments[i * 2 * LATENT + LATENT + j]);
        z[i * LATENT + j] = (float) (mean + Math.sqrt(variance) * noise[i * LATENT + j]);
        sum -= 0.5 * (1 + Math.log(variance) - mean * mean - variance);
      }
    }
    double[] built = Numbers.answers(DECODER, z, new Shape(LATENT), Layers.VALUE);
    for (int i = 0; i < x.length; i++) {
      sum -= x[i] * Math.log(built[i]) + (1 - x[i]) * Math.log(1 - built[i]);
    }
    return sum / ROWS;
  }

  @Test
  void bothNetworksLearn() {
    try (VariationalStep step = step(Run.of(4))) {
      double first = step.take(Batch.of(0, 1, 2, 3, 4));
      for (int i = 1; i < 200; i++) {
        step.take(new Batch(new int[] {0, 1, 2, 3, 4}, 0, i, 1));
      }
      assertThat(step.take(Batch.of(0, 1, 2, 3, 4))).isLessThan(first);
      assertThat(Numbers.parameters(step.encoder()).get("dense0.weight"))
          .isNotEqualTo(Numbers.parameters(ENCODER).get("dense0.weight"));
      assertThat(Numbers.parameters(step.decoder()).get("dense0.weight"))
          .isNotEqualTo(Numbers.parameters(DECODER).get("dense0.weight"));
    }
  }

  @Test
  void aDecoderWithoutASigmoidIsRefused() {
    Examples examples = Examples.ofClasses(Architecture.INPUT, rows(), ROW, new int[ROWS]);
    OnnxModel plain = linear(new Shape(LATENT), ROW.size(), false);
    assertThatThrownBy(
            () -> new VariationalStep(ENCODER, plain, examples, Optimiser.Adam.of(0.01), Run.of(0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("must end with a sigmoid");
  }
}
