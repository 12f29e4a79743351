package io.afterimage.data;

import java.util.Locale;

/**
 * Decimal numbers as they stand in files: an optional sign, digits with at most one point, an
 * optional exponent; blanks around them do not matter. Neither hexadecimal nor type letters, which
 * Java would accept.
 */
final class Numbers {
  private Numbers() {}

  /** What a text is, as far as numbers go. */
  enum Kind {
    NUMBER,
    /** The word nan in any case: a missing number. */
    NAN,
    /** The word inf or infinity in any case, with or without a sign. */
    INFINITE,
    TEXT
  }

  static Kind kind(String text) {
    int end = text.length();
    int at = 0;
    while (at < end && text.charAt(at) <= ' ') {
      at++;
    }
    while (end > at && text.charAt(end - 1) <= ' ') {
      end--;
    }
    if (isNumber(text, at, end)) {
      return Kind.NUMBER;
    }
    return switch (end - at > 9 ? "" : text.substring(at, end).toLowerCase(Locale.ROOT)) {
      case "nan", "+nan", "-nan" -> Kind.NAN;
      case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity" -> Kind.INFINITE;
      default -> Kind.TEXT;
    };
  }

  /** The number; NaN if the text is none, infinite where it is too large for a double. */
  static double value(String text) {
    return kind(text) == Kind.NUMBER ? Double.parseDouble(text) : Double.NaN;
  }

  /** Whether the text is a number too large for a double. Most texts are too short to be one. */
  static boolean overflows(String text) {
    boolean canBeLarge = text.length() > 300 || text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
    return canBeLarge && Double.isInfinite(value(text));
  }

  /** The shortest text of a number: a whole number without a point. */
  static String text(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }

  private static boolean isNumber(String text, int from, int end) {
    int at = afterSign(text, from, end);
    int whole = afterDigits(text, at, end);
    int fraction = whole;
    boolean point = whole < end && text.charAt(whole) == '.';
    if (point) {
      fraction = afterDigits(text, whole + 1, end);
    }
    if (fraction - at < (point ? 2 : 1)) {
      return false;
    }
    return fraction == end || isExponent(text, fraction, end);
  }

  private static boolean isExponent(String text, int from, int end) {
    if (text.charAt(from) != 'e' && text.charAt(from) != 'E') {
      return false;
    }
    int digits = afterSign(text, from + 1, end);
    return digits < end && afterDigits(text, digits, end) == end;
  }

  private static int afterSign(String text, int at, int end) {
    return at < end && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
  }

  private static int afterDigits(String text, int from, int end) {
    int at = from;
    while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
