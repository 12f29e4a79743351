package io.afterimage.base;

import java.util.Locale;

/** Central checks of settings: each failure names the parameter, the bound and the value. */
public final class Checks {
  private Checks() {}

  /** The value, if it lies between low and high, ends included; NaN lies nowhere. */
  public static double inRange(String name, double value, double low, double high) {
    return held(
        value >= low && value <= high, name, value, "between " + text(low) + " and " + text(high));
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

  /** The value, if it is above low and not above high; NaN is not. */
  public static double above(String name, double value, double low, double high) {
    return held(
        value > low && value <= high,
        name,
        value,
        "above " + text(low) + " and at most " + text(high));
  }

  /** The value, if it is below high and not below low; NaN is not. */
  public static double below(String name, double value, double low, double high) {
    return held(
        value >= low && value < high, name, value, "from " + text(low) + " to below " + text(high));
  }

  /** The value, if it lies between low and high, neither of them included. */
  public static double within(String name, double value, double low, double high) {
    return held(
        value > low && value < high,
        name,
        value,
        "above " + text(low) + " and below " + text(high));
  }

  /** The value, if it is finite and not below low. */
  public static double atLeast(String name, double value, double low) {
    return held(value >= low && value <= Double.MAX_VALUE, name, value, text(low) + " or more");
  }

  /** The value, if it is not below low. */
  public static int atLeast(String name, int value, int low) {
    return (int) atLeast(name, (long) value, low);
  }

  /** The value, if it is not below low. */
  public static long atLeast(String name, long value, long low) {
    check(value >= low, "%s must be %d or more, but is %d", name, low, value);
    return value;
  }

  private static double held(boolean holds, String name, double value, String bound) {
    if (!holds) {
      throw new BadInputException("%s must be %s, but is %s".formatted(name, bound, text(value)));
    }
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
