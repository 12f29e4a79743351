package io.afterimage.tensor;

import static java.util.Objects.requireNonNull;

import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Gives each test a scope of its own and fails it if a tensor is left behind.
 *
 * <p>For tests that make tensors themselves: {@code @ExtendWith(ScopePerTest.class)}. Where the
 * code under test must open its own scope, take {@link NoLeakedTensors}: it opens none. The scope
 * opens after the fields of the test class are set, so that these cannot hold tensors.
 */
public final class ScopePerTest extends NoLeakedTensors {
  @Override
  public void beforeEach(ExtensionContext context) {
    super.beforeEach(context);
    store(context).put("scope", new TensorScope());
  }

  @Override
  public void afterEach(ExtensionContext context) {
    requireNonNull(store(context).get("scope", TensorScope.class)).close();
    super.afterEach(context);
  }
}
