package io.afterimage.tensor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails any test that leaves a tensor behind: {@code @ExtendWith(NoLeakedTensors.class)}. */
public final class NoLeakedTensors implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(NoLeakedTensors.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    context.getStore(NAMESPACE).put("live", TensorScope.live());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    long before = requireNonNull(context.getStore(NAMESPACE).get("live", Long.class));
    assertThat(TensorScope.live() - before).as("tensors that were not freed").isZero();
  }
}
