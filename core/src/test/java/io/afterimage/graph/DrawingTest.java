package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Random numbers. Seeds are fixed; bounds are five standard errors: they fail 1 in 1.7 million. */
@ExtendWith(ScopePerTest.class)
class DrawingTest {
  private static final long MANY = 10_000;
  private static final double ERRORS = 5;

  private static OperatorHarness normal(double seed) {
    return OperatorHarness.of(
        "RandomNormal",
        22,
        n ->
            n.with("shape", new long[] {MANY})
                .with("mean", 3.0)
                .with("scale", 2.0)
                .with("seed", seed));
  }

  @Test
  void drawsTheSameWithTheSameSeedAndOtherNumbersWithAnother() {
    double[] drawn = normal(1).output().toDoubles();
    assertThat(normal(1).output().toDoubles()).containsExactly(drawn);
    assertThat(normal(2).output().toDoubles()).doesNotContain(drawn[0]);
  }

  @Test
  void drawsTheSameWhereThereIsNoSeed() {
    OperatorHarness uniform =
        OperatorHarness.of("RandomUniform", 22, n -> n.with("shape", new long[] {3}));
    assertThat(uniform.output().toDoubles()).containsExactly(uniform.output().toDoubles());
  }

  @Test
  void drawsTheMeanAndTheRangeAskedFor() {
    assertThat(normal(1).output().mean().item()).isCloseTo(3, within(ERRORS * 2 / Math.sqrt(MANY)));
    Tensor uniform =
        OperatorHarness.of("RandomUniformLike", 22, n -> n.with("low", -1.0).with("high", 3.0))
            .input(Tensors.zeros(DType.DOUBLE, MANY))
            .output();
    assertThat(uniform.min(false).item()).isGreaterThanOrEqualTo(-1);
    assertThat(uniform.max(false).item()).isLessThan(3);
    double deviation = 4 / Math.sqrt(12);
    assertThat(uniform.mean().item()).isCloseTo(1, within(ERRORS * deviation / Math.sqrt(MANY)));
  }

  @Test
  void drawsOnesAsOftenAsTheProbabilitySays() {
    double p = 0.2;
    Tensor drawn =
        OperatorHarness.of("Bernoulli", 22).input(Tensors.full(DType.DOUBLE, p, MANY)).output();
    assertThat(drawn.toDoubles()).containsOnly(0, 1);
    double error = Math.sqrt(p * (1 - p) / MANY);
    assertThat(drawn.mean().item()).isCloseTo(p, within(ERRORS * error));
  }

  @Test
  void drawsClassesAsOftenAsTheirProbabilitiesSay() {
    double[] p = {0.5, 0.3, 0.2};
    Tensor drawn =
        OperatorHarness.of("Multinomial", 22, n -> n.with("sample_size", MANY))
            .input(Tensors.of(p, 1, 3).log().add(7))
            .output();
    assertThat(drawn.shape()).containsExactly(1, MANY);
    for (int k = 0; k < p.length; k++) {
      double share = drawn.eq((double) k).to(DType.DOUBLE).mean().item();
      double error = Math.sqrt(p[k] * (1 - p[k]) / MANY);
      assertThat(share).as("class %d", k).isCloseTo(p[k], within(ERRORS * error));
    }
  }

  @Test
  void refusesARangeThatEndsBeforeItBegins() {
    OperatorHarness uniform =
        OperatorHarness.of(
            "RandomUniform", 22, n -> n.with("shape", new long[] {3}).with("low", 2.0));
    assertThatThrownBy(uniform::output)
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("draws between 2.0 and 1.0");
  }
}
