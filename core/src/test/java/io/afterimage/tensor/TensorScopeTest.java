package io.afterimage.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class TensorScopeTest {

  @Test
  void freesWhatWasMadeInside() {
    Tensor inside;
    try (TensorScope scope = new TensorScope()) {
      inside = Tensors.zeros(3).add(1);
      assertThat(TensorScope.live()).isGreaterThanOrEqualTo(2);
      assertThat(TensorScope.current()).isSameAs(scope);
    }
    assertThat(inside.isClosed()).isTrue();
    assertThatThrownBy(inside::count).hasMessageContaining("freed");
  }

  @Test
  void keepsATensorForTheScopeAround() {
    try (TensorScope outer = new TensorScope()) {
      Tensor kept;
      try (TensorScope inner = new TensorScope()) {
        kept = inner.keep(Tensors.zeros(3));
      }
      assertThat(kept.count()).isEqualTo(3);
      assertThat(TensorScope.current()).isSameAs(outer);
    }
  }

  @Test
  void refusesToMakeATensorWithoutAScope() {
    assertThatThrownBy(() -> Tensors.zeros(1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no TensorScope is open");
  }

  @Test
  void refusesToKeepFromTheOutermostScope() {
    try (TensorScope scope = new TensorScope()) {
      assertThatThrownBy(() -> scope.keep(Tensors.zeros(1))).hasMessageContaining("owner()");
    }
  }

  @Test
  @SuppressWarnings("resource")
  void refusesToCloseAScopeBeforeTheOnesInside() {
    TensorScope outer = new TensorScope();
    TensorScope inner = new TensorScope();
    assertThatThrownBy(outer::close).hasMessageContaining("opposite order");
    inner.close();
    outer.close();
  }

  @Test
  void forgetsTensorsThatWereFreedEarly() {
    try (TensorScope scope = new TensorScope()) {
      long before = TensorScope.live();
      Tensor sum = Tensors.zeros(1);
      for (int i = 0; i < 10_000; i++) {
        Tensor next = sum.add(1);
        sum.close();
        sum = next;
      }
      assertThat(sum.item()).isEqualTo(10_000);
      assertThat(TensorScope.live() - before).isEqualTo(1);
      assertThat(scope).isNotNull();
    }
  }

  @Test
  void anOwnerHoldsParametersThatWorkersRead() throws Exception {
    try (TensorScope owner = TensorScope.owner()) {
      Tensor parameter;
      try (TensorScope scope = new TensorScope()) {
        parameter = owner.adopt(Tensors.full(DType.FLOAT, 2, 4).requireGrad());
        assertThat(scope).isSameAs(TensorScope.current());
      }
      ExecutorService workers = Executors.newFixedThreadPool(2);
      List<Future<Double>> sums = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        sums.add(workers.submit(() -> gradientOfSquares(parameter)));
      }
      for (Future<Double> sum : sums) {
        assertThat(sum.get()).isEqualTo(16);
      }
      workers.shutdown();
    }
  }

  private static double gradientOfSquares(Tensor parameter) {
    try (TensorScope scope = new TensorScope()) {
      assertThat(scope).isSameAs(TensorScope.current());
      Tensor sum = parameter.square().sum();
      return Autograd.gradients(sum, List.of(parameter), false).get(0).sum().item();
    }
  }
}
