package io.afterimage.report.chart;

import gg.jte.Content;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import java.util.List;
import java.util.Locale;

/** What an attack saw of its own progress, against the queries that were spent. */
public final class QueryChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 260;
  private static final int LEFT = 56;
  private static final int RIGHT = 464;
  private static final int TOP = 12;
  private static final int BOTTOM = 212;

  private QueryChart() {}

  /**
   * The chart of at least one point, fewest queries first.
   *
   * @param unit what the values are, in a word or two
   */
  public static Content of(List<CurvePoint> curve, String unit) {
    Svg svg =
        new Svg("chart queries", WIDTH, HEIGHT, "What the attack saw of its own progress: " + unit);
    long most = Math.max(1, curve.get(curve.size() - 1).queries());
    for (int quarter = 0; quarter <= 4; quarter++) {
      double y = y(quarter / 4.0);
      svg.line("grid", LEFT, y, RIGHT, y).text("tick end", LEFT - 7, y + 4, quarter * 25 + "%");
    }
    long step = step(most);
    for (int tick = 0; tick <= most / step; tick++) {
      svg.text("tick middle", x(tick * step, most), BOTTOM + 17, thousands(tick * step));
    }
    svg.text("axis middle", (LEFT + RIGHT) / 2.0, HEIGHT - 10, "rows asked of the target");
    svg.upwards("axis middle", 11, (TOP + BOTTOM) / 2.0, unit);
    return svg.path(
        "curve s0",
        curve.stream().mapToDouble(p -> x(p.queries(), most)).toArray(),
        curve.stream().mapToDouble(p -> y(p.value())).toArray());
  }

  /** The step of 1, 2 or 5 times a power of ten that gives at most five ticks. */
  static long step(long most) {
    long power = 1;
    while (true) {
      for (long digit : new long[] {1, 2, 5}) {
        if (digit * power >= most / 5.0) {
          return digit * power;
        }
      }
      power *= 10;
    }
  }

  private static String thousands(long queries) {
    return String.format(Locale.ROOT, "%,d", queries);
  }

  private static double x(long queries, long most) {
    return LEFT + (RIGHT - LEFT) * (double) queries / most;
  }

  private static double y(double value) {
    return BOTTOM - (BOTTOM - TOP) * value;
  }
}
