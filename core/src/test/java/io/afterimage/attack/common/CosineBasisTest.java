package io.afterimage.attack.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.data.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CosineBasisTest {
  private static double[] wave(CosineBasis basis, int index) {
    double[] coefficients = new double[basis.size()];
    coefficients[index] = 1;
    return basis.array(coefficients);
  }

  @Test
  void wavesAreOrthonormal() {
    CosineBasis basis = new CosineBasis(new Shape(3, 5, 4), 60);
    assertThat(basis.size()).isEqualTo(60);
    for (int i = 0; i < 60; i++) {
      for (int j = 0; j <= i; j++) {
        double[] a = wave(basis, i);
        double[] b = wave(basis, j);
        double product = 0;
        for (int x = 0; x < a.length; x++) {
          product += a[x] * b[x];
        }
        assertThat(product).isCloseTo(i == j ? 1 : 0, within(1e-12));
      }
    }
  }

  @Test
  void theFirstIsConstantAndTheNextAreTheSlowestOfEachAxis() {
    CosineBasis basis = new CosineBasis(new Shape(1, 8, 4), 3);
    assertThat(Arrays.stream(wave(basis, 0)).distinct().count()).isEqualTo(1);
    assertThat(wave(basis, 0)[0]).isCloseTo(1 / Math.sqrt(32), within(1e-12));
    double[] down = wave(basis, 1); // 1/8 along the longer axis comes before 1/4
    assertThat(down[0]).isCloseTo(down[3], within(1e-12)).isNotCloseTo(down[4], within(1e-3));
  }

  @Test
  void thereAreNoMoreThanNumbersInTheArray() {
    assertThat(new CosineBasis(new Shape(2, 2), 512).size()).isEqualTo(4);
  }
}
