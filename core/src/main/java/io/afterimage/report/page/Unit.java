package io.afterimage.report.page;

import java.util.Locale;

/** In what a figure is written for people. */
enum Unit {
  /** 0 to 1, written as a percentage of two significant digits; near all, two of what is left. */
  SHARE {
    @Override
    String text(double value) {
      double percent = Math.abs(100 * value);
      double told = percent > 99 && percent < 100 ? 100 - percent : percent;
      return fixed(100 * value, twoDigits(told)) + "%";
    }
  },
  /** A plain number: a count, or a score such as an AUC with three decimals. */
  NUMBER {
    @Override
    String text(double value) {
      boolean whole = value == Math.rint(value) || Math.abs(value) >= 100;
      return fixed(value, whole ? 0 : Math.abs(value) < 10 ? 3 : 1);
    }
  },
  /** A p-value: three decimals, and nothing said of what is smaller. */
  P_VALUE {
    @Override
    String text(double value) {
      return value < SMALLEST_P ? "under " + fixed(SMALLEST_P, 3) : fixed(value, 3);
    }
  };

  private static final double SMALLEST_P = 0.001;

  private static final int MOST_DECIMALS = 6;

  /** The number as people write it, its unit behind it. */
  abstract String text(double value);

  /** Decimals that leave two significant digits. */
  private static int twoDigits(double value) {
    return value == 0 || value >= 9.95
        ? 0
        : (int) Math.min(MOST_DECIMALS, 1 - Math.floor(Math.log10(value)));
  }

  private static String fixed(double value, int decimals) {
    String size = String.format(Locale.ROOT, "%,." + decimals + "f", Math.abs(value));
    boolean nothing = size.chars().noneMatch(c -> c >= '1' && c <= '9');
    return value < 0 && !nothing ? "−" + size : size;
  }
}
