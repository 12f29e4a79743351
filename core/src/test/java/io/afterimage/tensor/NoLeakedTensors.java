package io.afterimage.tensor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails any test that leaves a tensor behind: {@code @ExtendWith(NoLeakedTensors.class)}. */
public class NoLeakedTensors implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace NAMESPACE =
      ExtensionContext.Namespace.create(NoLeakedTensors.class);

  @Override
  public void beforeEach(ExtensionContext context) {
    store(context).put("live", TensorScope.live());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    long before = requireNonNull(store(context).get("live", Long.class));
    assertThat(TensorScope.live() - before).as("tensors that were not freed").isZero();
  }

  static ExtensionContext.Store store(ExtensionContext context) {
    return context.getStore(NAMESPACE);
  }
}
