package io.afterimage.base;

import java.util.Locale;

/** Central checks of settings: each failure names the parameter, the bound and the value. */
public final class Checks {
  private Checks() {}

  /** The value, if it lies between low and high, ends included; NaN lies nowhere. */
  public static double inRange(String name, double value, double low, double high) {
    if (!(value >= low && value <= high)) {
      throw new BadInputException(
          "%s must be between %s and %s, but is %s"
              .formatted(name, text(low), text(high), text(value)));
    }
    return value;
  }

  /** The value, if it lies between low and high, ends included. */
  public static int inRange(String name, int value, int low, int high) {
    return (int) inRange(name, (long) value, low, high);
  }

  /** The value, if it lies between low and high, ends included. */
  public static long inRange(String name, long value, long low, long high) {
    check(
        value >= low && value <= high,
        "%s must be between %d and %d, but is %d",
        name,
        low,
        high,
        value);
    return value;
  }

  /** Throws a BadInputException with the formatted message unless the condition holds. */
  public static void check(boolean condition, String message, Object... arguments) {
    if (!condition) {
      throw new BadInputException(String.format(Locale.ROOT, message, arguments));
    }
  }

  private static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
