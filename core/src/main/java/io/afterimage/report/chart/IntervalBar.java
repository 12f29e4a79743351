package io.afterimage.report.chart;

import gg.jte.Content;
import org.jspecify.annotations.Nullable;

/** A figure as a dot with its interval as a whisker, on a short horizontal axis. */
public final class IntervalBar {
  private static final int WIDTH = 360;
  private static final int HEIGHT = 34;
  private static final double MIDDLE = 13;
  private static final int MARGIN = 6;

  private final Svg svg;
  private final double from;
  private final double to;

  private IntervalBar(String style, String label, double from, double to) {
    this.svg = new Svg("bar " + style, WIDTH, HEIGHT, label);
    this.from = from;
    this.to = to > from ? to : from + 1;
  }

  /**
   * A gate: green on the acceptable side of A, amber between A and B, red beyond; null ends where
   * nothing was measured.
   *
   * @param start where the axis begins: the figure's value at chance
   * @param moreIsBetter whether the acceptable side is the upper one
   */
  public static Content gate(
      String label,
      double start,
      boolean moreIsBetter,
      double acceptable,
      double intolerable,
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high) {
    double lower = Math.min(acceptable, intolerable);
    double upper = Math.max(acceptable, intolerable);
    double begin = low == null ? start : Math.min(start, low);
    double reach = high == null ? upper : Math.max(upper, high);
    IntervalBar bar = new IntervalBar("gate", label, begin, reach + .12 * (reach - begin));
    bar.zone(moreIsBetter ? "bad" : "good", begin, lower);
    bar.zone("fair", lower, upper);
    bar.zone(moreIsBetter ? "good" : "bad", upper, bar.to);
    bar.bound(lower < upper ? "A" : "A = B", acceptable);
    if (lower < upper) {
      bar.bound("B", intolerable);
    }
    return bar.whisker(value, low, high);
  }

  /** A gain over a baseline, with a line at nothing gained; the ends of the axis are given. */
  public static Content gain(
      String label,
      double from,
      double to,
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high) {
    IntervalBar bar = new IntervalBar("gain", label, Math.min(from, 0), Math.max(to, 0));
    bar.zone("axis", bar.from, bar.to);
    bar.svg.line("zero", bar.x(0), 2, bar.x(0), HEIGHT - 10);
    return bar.whisker(value, low, high);
  }

  private void zone(String style, double low, double high) {
    svg.rect(style, x(low), MIDDLE - 5, x(high) - x(low), 10);
  }

  private void bound(String name, double at) {
    svg.line("bound", x(at), MIDDLE - 9, x(at), MIDDLE + 9);
    svg.text("tick middle", x(at), HEIGHT - 1, name);
  }

  private Content whisker(@Nullable Double value, @Nullable Double low, @Nullable Double high) {
    if (low != null && high != null) {
      svg.line("whisker", x(low), MIDDLE, x(high), MIDDLE);
      svg.line("whisker", x(low), MIDDLE - 4, x(low), MIDDLE + 4);
      svg.line("whisker", x(high), MIDDLE - 4, x(high), MIDDLE + 4);
    }
    if (value != null) {
      svg.dot("value", x(value), MIDDLE, 5, value);
    }
    return svg;
  }

  private double x(double figure) {
    double share = Math.min(1, Math.max(0, (figure - from) / (to - from)));
    return MARGIN + share * (WIDTH - 2 * MARGIN);
  }
}
