package io.afterimage.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class TensorTest {
  @Test
  void holdsElementsOfEveryType() {
    assertThat(Tensors.of(new float[] {1, 2, 3, 4}, 2, 2).toFloats()).containsExactly(1, 2, 3, 4);
    assertThat(Tensors.of(new double[] {1.5, -2}, 2).toDoubles()).containsExactly(1.5, -2);
    assertThat(Tensors.of(new long[] {1L << 60, -3}, 2).toLongs()).containsExactly(1L << 60, -3);
    assertThat(Tensors.of(new int[] {7}).toLongs()).containsExactly(7);
    assertThat(Tensors.of(new boolean[] {true, false}, 2).toLongs()).containsExactly(1, 0);
    assertThat(Tensors.ofBytes(DType.UBYTE, new byte[] {-1}, 1).toLongs()).containsExactly(255);
    assertThat(Tensors.of(new float[0], 0, 3).shape()).containsExactly(0, 3);
  }

  @Test
  void knowsTheTypeOfItsElements() {
    for (DType type : DType.values()) {
      Tensor x = Tensors.zeros(type, 2);
      assertThat(x.dtype()).isEqualTo(type);
      assertThat(x.to(DType.DOUBLE).dtype()).isEqualTo(DType.DOUBLE);
    }
  }

  @Test
  void refusesValuesThatDoNotFillTheShape() {
    assertThatThrownBy(() -> Tensors.of(new float[3], 2, 2)).hasMessageContaining("[2, 2]");
  }

  @Test
  void broadcastsAsNumPyDoes() {
    Tensor x = Tensors.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor y = Tensors.of(new float[] {10, 20, 30}, 3);
    assertThat(x.add(y).toFloats()).containsExactly(11, 22, 33, 14, 25, 36);
    assertThat(x.mul(2).sum(false, 0).toFloats()).containsExactly(10, 14, 18);
    assertThat(x.sub(y).max(false, 1).toFloats()).containsExactly(-9, -6);
    assertThat(x.gt(3).toLongs()).containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(x.matmul(y).toFloats()).containsExactly(140, 320);
    assertThat(x.t().slice(0, 0, 3, 2).toFloats()).containsExactly(1, 4, 3, 6);
    assertThat(
            Maths.truncatedQuotient(Tensors.of(new int[] {-7}), Tensors.of(new int[] {2})).item())
        .isEqualTo(-3);
  }

  @Test
  void takesSymmetricRoots() {
    // Eigenvalues 9 and 1 along the diagonals.
    Tensor x = Tensors.of(new double[] {5, 4, 4, 5, 1, 1, 1, 1}, 2, 2, 2);
    Tensor root = Maths.squareRoot(x);
    assertThat(root.select(0, 0).toDoubles())
        .containsExactly(new double[] {2, 1, 1, 2}, within(1e-12));
    assertThat(root.matmul(root).toDoubles()).containsExactly(x.toDoubles(), within(1e-12));
    assertThat(Maths.symmetricEigenvalues(x).toDoubles())
        .containsExactly(new double[] {1, 9, 0, 2}, within(1e-12));
  }

  @Test
  void ordersAndJoins() {
    Tensor x = Tensors.of(new float[] {3, 1, 2}, 3);
    Indexing.Ordered top = Indexing.topK(x, 2, 0, true);
    assertThat(top.values().toFloats()).containsExactly(3, 2);
    assertThat(top.indices().toLongs()).containsExactly(0, 2);
    assertThat(Indexing.cat(List.of(x, x.neg()), 0).toFloats())
        .containsExactly(3, 1, 2, -3, -1, -2);
    assertThat(Indexing.stack(List.of(x, x), 0).shape()).containsExactly(2, 3);
    assertThat(Indexing.split(x, 0, 1, 2).get(1).toFloats()).containsExactly(1, 2);
    assertThat(Indexing.oneHot(Tensors.of(new long[] {1, 0}, 2), 2).toFloats())
        .containsExactly(0, 1, 1, 0);
    assertThat(Indexing.pad(x, 9, 1, 0).toFloats()).containsExactly(9, 3, 1, 2);
  }

  @Test
  void givesGradientsOfGradients() {
    Tensor x = Tensors.of(new double[] {0.3, -1.2}, 2).requireGrad();
    Tensor gradient = Autograd.gradients(x.pow(3).sum(), List.of(x), true).get(0);
    assertThat(gradient.toDoubles())
        .usingComparatorWithPrecision(1e-12)
        .containsExactly(0.27, 4.32);
    Tensor second = Autograd.gradients(gradient.sum(), List.of(x), false).get(0);
    assertThat(second.toDoubles()).usingComparatorWithPrecision(1e-12).containsExactly(1.8, -7.2);
  }

  @Test
  void aGradientIsZeroWhereNothingDepends() {
    Tensor x = Tensors.of(new float[] {1, 2}, 2).requireGrad();
    Tensor y = Tensors.of(new float[] {5}, 1).requireGrad();
    List<Tensor> gradients = Autograd.gradients(x.sum(), List.of(x, y), false);
    assertThat(gradients.get(1).toFloats()).containsExactly(0);
  }

  @Test
  void refusesToDifferentiateWhatIsNotRecorded() {
    Tensor x = Tensors.of(new float[] {1, 2}, 2).requireGrad();
    try (Autograd.Guard guard = Autograd.noGrad()) {
      Tensor y = x.sum();
      assertThat(guard).isNotNull();
      assertThatThrownBy(() -> Autograd.gradients(y, List.of(x), false))
          .hasMessageContaining("requires gradients");
    }
    assertThat(x.sum().requiresGrad()).isTrue();
  }

  @Test
  void updatesInPlace() {
    Tensor x = Tensors.of(new float[] {1, 2}, 2);
    InPlace.add(x, Tensors.of(new float[] {1, 1}, 2), 0.5);
    InPlace.mul(x, 2);
    InPlace.clamp(x, 0, 4);
    assertThat(x.toFloats()).containsExactly(3, 4);
  }

  @Test
  void drawsTheSameForTheSameSeedWhateverElseIsDrawn() {
    float[] first = draw(5);
    draw(6);
    assertThat(draw(5)).containsExactly(first);
    assertThat(draw(6)).isNotEqualTo(first);
  }

  private static float[] draw(long seed) {
    try (Draws draws = new Draws(seed)) {
      return draws.normal(2, 3).toFloats();
    }
  }

  @Test
  void convolvesOverOneTwoAndThreeAxes() {
    for (int axes = 1; axes <= 3; axes++) {
      long[] picture = new long[axes + 2];
      long[] kernel = new long[axes + 2];
      for (int i = 0; i < picture.length; i++) {
        picture[i] = i < 2 ? 1 : 4;
        kernel[i] = i < 2 ? 1 : 2;
      }
      Tensor y =
          Nn.conv(
              Tensors.ones(DType.FLOAT, picture),
              Tensors.ones(DType.FLOAT, kernel),
              null,
              Nn.Window.plain(axes),
              1);
      assertThat(y.sum().item()).isCloseTo(Math.pow(3, axes) * Math.pow(2, axes), within(1e-4));
    }
  }

  @Test
  void setsTheThreadsOfAnOperation() {
    int before = Threads.intraOp();
    Threads.setIntraOp(1);
    assertThat(Threads.intraOp()).isEqualTo(1);
    Threads.setIntraOp(before);
    assertThatThrownBy(() -> Threads.setIntraOp(0)).isInstanceOf(BadInputException.class);
  }

  @Test
  void saysWherePlatformsHaveNoLibtorch() {
    assertThatThrownBy(() -> Natives.requireAvailable("linux-arm64"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("linux-arm64");
    assertThat(Natives.available()).isTrue();
  }
}
