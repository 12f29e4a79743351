package io.afterimage.report.chart;

import gg.jte.Content;
import io.afterimage.assess.Finding.RocPoint;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * ROC curves on log-log axes, where the few people an attack is sure about can be seen.
 *
 * <p>Between two points the curve is straight on linear axes (a randomised decision), and so bends
 * here. False-positive rates that fewer than ten non-members stand for are shaded: the data cannot
 * resolve them.
 */
public final class RocChart {
  /** How many curves can be told apart. */
  public static final int MOST_CURVES = 10;

  private static final int WIDTH = 480;
  private static final int HEIGHT = 400;
  private static final int LEFT = 56;
  private static final int RIGHT = 468;
  private static final int TOP = 12;
  private static final int BOTTOM = 352;
  private static final int SAMPLES = 160;

  private final Svg svg =
      new Svg(
          "chart roc",
          WIDTH,
          HEIGHT,
          "Share of members found against false alarms, both on logarithmic axes; the figures stand"
              + " in the table");
  private final int decades;

  private RocChart(int decades) {
    this.decades = decades;
  }

  /**
   * The chart.
   *
   * @param curves strongest first; each with its band
   * @param nonMembers how many false alarms could be counted at most; 0 where unknown
   */
  public static Content of(List<List<RocPoint>> curves, int nonMembers) {
    double smallest = nonMembers > 0 ? 1.0 / nonMembers : 1e-3;
    RocChart chart = new RocChart((int) Math.min(6, Math.max(2, Math.ceil(-Math.log10(smallest)))));
    chart.unresolved(nonMembers);
    chart.axes();
    List<List<RocPoint>> shown = curves.subList(0, Math.min(MOST_CURVES, curves.size()));
    for (int i = shown.size() - 1; i >= 0; i--) {
      chart.band(i, shown.get(i));
    }
    for (int i = shown.size() - 1; i >= 0; i--) {
      chart.curve(i, shown.get(i));
    }
    return chart.svg;
  }

  /** How the curve at this place of the list is drawn, for a legend. */
  public static Content key(int place, String name) {
    return new Svg("key", 36, 10, "the line of " + name).line("curve s" + place, 1, 5, 35, 5);
  }

  private void unresolved(int nonMembers) {
    if (nonMembers > 0 && x(10.0 / nonMembers) > LEFT) {
      svg.rect("unresolved", LEFT, TOP, x(10.0 / nonMembers) - LEFT, BOTTOM - TOP);
      svg.text("note", LEFT + 6, TOP + 16, "too few");
      svg.text("note", LEFT + 6, TOP + 30, "non-members");
      svg.text("note", LEFT + 6, TOP + 44, "to resolve");
    }
  }

  private void axes() {
    for (int decade = -decades; decade <= 0; decade++) {
      double at = Math.pow(10, decade);
      svg.line("grid", x(at), TOP, x(at), BOTTOM).line("grid", LEFT, y(at), RIGHT, y(at));
      svg.text("tick middle", x(at), BOTTOM + 17, percent(decade));
      svg.text("tick end", LEFT - 7, y(at) + 4, percent(decade));
    }
    svg.line("chance", x(Math.pow(10, -decades)), y(Math.pow(10, -decades)), x(1), y(1));
    svg.text("axis middle", (LEFT + RIGHT) / 2.0, HEIGHT - 10, "non-members taken for members");
    svg.upwards("axis middle", 11, (TOP + BOTTOM) / 2.0, "members found");
  }

  private static String percent(int decade) {
    return decade >= -2
        ? Math.round(Math.pow(10, decade + 2)) + "%"
        : "0." + "0".repeat(-decade - 3) + "1%";
  }

  private void band(int place, List<RocPoint> points) {
    double[] rates = rates(points);
    double[] x = new double[2 * rates.length];
    double[] y = new double[2 * rates.length];
    for (int i = 0; i < rates.length; i++) {
      int back = 2 * rates.length - 1 - i;
      x[i] = x[back] = x(rates[i]);
      y[i] = y(at(points, rates[i], RocPoint::high));
      y[back] = y(at(points, rates[i], RocPoint::low));
    }
    svg.path("band s" + place, x, y);
  }

  private void curve(int place, List<RocPoint> points) {
    double[] rates = rates(points);
    svg.path(
        "curve s" + place,
        DoubleStream.of(rates).map(this::x).toArray(),
        DoubleStream.of(rates).map(rate -> y(at(points, rate, RocPoint::tpr))).toArray());
  }

  /** Where a curve is drawn: from its first point on, for to the left of it nothing is resolved. */
  private double[] rates(List<RocPoint> points) {
    double first = points.isEmpty() ? 0 : points.get(0).fpr();
    return DoubleStream.concat(
            DoubleStream.of(Math.max(first, rate(0))),
            IntStream.range(1, SAMPLES).mapToDouble(this::rate).filter(rate -> rate > first))
        .toArray();
  }

  private double rate(int sample) {
    return Math.pow(10, -decades * (1 - sample / (SAMPLES - 1.0)));
  }

  /** What the curve says at this rate of false alarms, straight between its points. */
  private static double at(List<RocPoint> points, double fpr, ToDoubleFunction<RocPoint> figure) {
    RocPoint left = new RocPoint(0, 0, 0, 0);
    for (RocPoint point : points) {
      if (point.fpr() > fpr) {
        double share = (fpr - left.fpr()) / (point.fpr() - left.fpr());
        double start = figure.applyAsDouble(left);
        return start + share * (figure.applyAsDouble(point) - start);
      }
      left = point;
    }
    return left.fpr() == 0 && points.isEmpty() ? fpr : Math.max(fpr, figure.applyAsDouble(left));
  }

  private double x(double rate) {
    return LEFT + (RIGHT - LEFT) * logShare(rate);
  }

  private double y(double rate) {
    return BOTTOM - (BOTTOM - TOP) * logShare(rate);
  }

  private double logShare(double rate) {
    return Math.min(1, Math.max(0, 1 + Math.log10(Math.max(rate, 1e-12)) / decades));
  }
}
