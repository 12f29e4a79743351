package io.afterimage.assess;

import java.util.function.DoublePredicate;

/** The greatest number from 0 on for which a statement holds that holds up to there alone. */
final class Greatest {
  private static final double CEILING = 1024;
  private static final double PRECISION = 1e-9;

  private Greatest() {}

  /** Found by bisection and rounded down; 0 where the statement holds nowhere, 1024 at most. */
  static double where(DoublePredicate holds) {
    if (!holds.test(0)) {
      return 0;
    }
    double low = 0;
    double high = 1;
    while (high < CEILING && holds.test(high)) {
      low = high;
      high *= 2;
    }
    while (high - low > PRECISION * high) {
      double middle = (low + high) / 2;
      if (holds.test(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
