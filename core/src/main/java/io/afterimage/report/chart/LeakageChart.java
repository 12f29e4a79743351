package io.afterimage.report.chart;

import gg.jte.Content;
import io.afterimage.assess.Leakage;
import io.afterimage.assess.Leakage.LeakagePoint;
import io.afterimage.assess.Metric;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * The share of people recognised, with its interval, against the queries that were spent, these on
 * a logarithmic axis; what was reached before the first query stands to its left.
 */
public final class LeakageChart {
  private static final int WIDTH = 480;
  private static final int HEIGHT = 260;
  private static final int LEFT = 56;
  private static final int FIRST = 112; // where the logarithmic axis begins
  private static final int RIGHT = 464;
  private static final int TOP = 12;
  private static final int BOTTOM = 212;

  private final Svg svg =
      new Svg(
          "chart leakage",
          WIDTH,
          HEIGHT,
          "Share recognised from the best pictures so far, against the queries spent on a"
              + " logarithmic axis");
  private final int from; // decades
  private final double decades;

  private LeakageChart(long fewest, long most) {
    this.from = (int) Math.floor(exponent(fewest));
    this.decades = Math.max(0.5, exponent(most) - from);
  }

  /** The chart; its points are not joined where nothing is known between start and end. */
  public static Content of(Leakage leakage) {
    List<LeakagePoint> points = leakage.points();
    long most = points.get(points.size() - 1).queries();
    LeakageChart chart = new LeakageChart(points.get(1).queries(), most);
    chart.axes();
    if (leakage.endsOnly()) {
      points.forEach(chart::interval);
    } else {
      chart.band(points);
      chart.svg.path("curve s0", chart.x(points), y(points, LeakageChart::value));
    }
    for (LeakagePoint point : points) {
      double share = value(point.recognised());
      chart.svg.dot("leakage-point", chart.x(point.queries()), y(share), 3, share);
    }
    return chart.svg;
  }

  private void axes() {
    for (int quarter = 0; quarter <= 4; quarter++) {
      double y = y(quarter / 4.0);
      svg.line("grid", LEFT, y, RIGHT, y).text("tick end", LEFT - 7, y + 4, quarter * 25 + "%");
    }
    svg.text("tick middle", LEFT, BOTTOM + 17, "0");
    int stride = (int) Math.ceil(decades / 4);
    for (int decade = from; decade <= from + decades; decade += stride) {
      svg.text("tick middle", at(decade), BOTTOM + 17, power(decade));
    }
    svg.text("axis middle", (LEFT + RIGHT) / 2.0, HEIGHT - 10, "rows asked of the target");
    svg.upwards("axis middle", 11, (TOP + BOTTOM) / 2.0, "recognised");
  }

  private static String power(int decade) {
    return String.format(Locale.ROOT, "%,.0f", Math.pow(10, decade));
  }

  private void interval(LeakagePoint point) {
    double x = x(point.queries());
    svg.line("reach", x, y(low(point.recognised())), x, y(high(point.recognised())));
  }

  private void band(List<LeakagePoint> points) {
    double[] there = x(points);
    double[] low = y(points, LeakageChart::low);
    double[] high = y(points, LeakageChart::high);
    int last = there.length - 1;
    svg.path("band s0", joined(there, back(there, last)), joined(high, back(low, last)));
  }

  private static double[] back(double[] values, int last) {
    return IntStream.rangeClosed(0, last).mapToDouble(i -> values[last - i]).toArray();
  }

  private static double[] joined(double[] one, double[] other) {
    return DoubleStream.concat(DoubleStream.of(one), DoubleStream.of(other)).toArray();
  }

  private static double value(Metric share) {
    return Objects.requireNonNull(share.value());
  }

  private static double low(Metric share) {
    return Objects.requireNonNull(share.low());
  }

  private static double high(Metric share) {
    return Objects.requireNonNull(share.high());
  }

  private double[] x(List<LeakagePoint> points) {
    return points.stream().mapToDouble(point -> x(point.queries())).toArray();
  }

  private static double[] y(List<LeakagePoint> points, ToDoubleFunction<Metric> figure) {
    return points.stream().mapToDouble(p -> y(figure.applyAsDouble(p.recognised()))).toArray();
  }

  private double x(long queries) {
    return queries < 1 ? LEFT : at(exponent(queries));
  }

  /** Where ten to this power stands. */
  private double at(double exponent) {
    return FIRST + (RIGHT - FIRST) * (exponent - from) / decades;
  }

  private static double exponent(long queries) {
    return Math.log10((double) Math.max(1, queries));
  }

  private static double y(double share) {
    return BOTTOM - (BOTTOM - TOP) * share;
  }
}
