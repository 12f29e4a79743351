package io.afterimage.tensor;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleFunction;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;

/**
 * Numbers as libtorch takes them. Making a native object costs as much as a small operation, so
 * each thread keeps those that it used last; they are read during a call and by nobody after it.
 */
final class Scalars {
  private static final ThreadLocal<Recent<Scalar>> NUMBERS =
      ThreadLocal.withInitial(() -> new Recent<>(Scalar::new));
  private static final ThreadLocal<Recent<ScalarOptional>> OPTIONS =
      ThreadLocal.withInitial(() -> new Recent<>(value -> new ScalarOptional(of(value))));

  private Scalars() {}

  static Scalar of(double value) {
    return NUMBERS.get().of(value);
  }

  /** For an argument that might have been left out. */
  static ScalarOptional optional(double value) {
    return OPTIONS.get().of(value);
  }

  /** Those used last; far more than one call takes, so that none is freed before its call. */
  private static final class Recent<P extends Pointer> {
    private static final int KEPT = 64;

    private final DoubleFunction<P> make;
    private final Map<Double, P> kept =
        new LinkedHashMap<>(2 * KEPT, 0.75f, /* accessOrder= */ true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Double, P> eldest) {
            if (size() <= KEPT) {
              return false;
            }
            eldest.getValue().close();
            return true;
          }
        };

    Recent(DoubleFunction<P> make) {
      this.make = make;
    }

    P of(double value) {
      return kept.computeIfAbsent(value, make::apply);
    }
  }
}
