package io.afterimage.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class ScalarsTest {
  @Test
  void numbersAreRightLongAfterThoseKeptWereReplaced() {
    Tensor sum = Tensors.zeros(1);
    for (int i = 1; i <= 300; i++) {
      InPlace.add(sum, i);
      InPlace.clamp(sum, -i, 1e9 + i);
    }
    for (int i = 1; i <= 300; i++) {
      InPlace.add(sum, -i);
    }
    assertThat(sum.item()).isZero();
  }

  @Test
  void zeroKeepsItsSign() {
    assertThat(1 / Tensors.scalar(1.0).mul(0.0).item()).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(1 / Tensors.scalar(1.0).mul(-0.0).item()).isEqualTo(Double.NEGATIVE_INFINITY);
  }

  @Test
  void anOptionalTensorEndsWithItsTensor() {
    Tensor bias = Tensors.of(new float[] {1, 2}, 2);
    Tensor x = Tensors.ones(DType.FLOAT, 1, 3);
    Tensor weights = Tensors.ones(DType.FLOAT, 2, 3);
    assertThat(Nn.linear(x, weights, bias).toFloats()).containsExactly(4, 5);
    bias.close();
    assertThatIllegalStateException().isThrownBy(() -> Nn.linear(x, weights, bias));
  }

  @Test
  void threadsKeepTheirOwn() throws InterruptedException {
    Tensor[] sums = {Tensors.zeros(1), Tensors.zeros(1)};
    Thread[] threads = new Thread[2];
    for (int t = 0; t < 2; t++) {
      Tensor own = sums[t];
      threads[t] =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  InPlace.add(own, i % 97);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(sums[0].item()).isEqualTo(sums[1].item()).isEqualTo(20 * 97 * 96 / 2 + 60 * 59 / 2);
  }
}
