package io.afterimage.report.chart;

import gg.jte.Content;
import io.afterimage.assess.ScoreHistogram;
import java.util.List;

/**
 * How the scores of members and non-members spread: shares of each role, so that roles of unequal
 * size can be compared.
 */
public final class HistogramChart {
  private static final int WIDTH = 300;
  private static final int HEIGHT = 120;
  private static final int LEFT = 4;
  private static final int RIGHT = 296;
  private static final int TOP = 6;
  private static final int BOTTOM = 96;

  private HistogramChart() {}

  /** The chart of at least one bin. */
  public static Content of(ScoreHistogram scores) {
    Svg svg =
        new Svg(
            "chart histogram",
            WIDTH,
            HEIGHT,
            "Shares of members and of non-members by score; the counts stand in report.json");
    double[] members = shares(scores.members());
    double[] nonMembers = shares(scores.nonMembers());
    double greatest = Math.max(greatest(members), greatest(nonMembers));
    steps(svg, "nonmembers", nonMembers, greatest);
    steps(svg, "members", members, greatest);
    svg.line("axis", LEFT, BOTTOM, RIGHT, BOTTOM);
    svg.text("tick", LEFT, HEIGHT - 8, "less like a member");
    return svg.text("tick end", RIGHT, HEIGHT - 8, "more like a member");
  }

  private static double[] shares(List<Integer> counts) {
    double all = counts.stream().mapToInt(Integer::intValue).sum();
    return counts.stream().mapToDouble(count -> all == 0 ? 0 : count / all).toArray();
  }

  private static double greatest(double[] shares) {
    double greatest = Double.MIN_NORMAL;
    for (double share : shares) {
      greatest = Math.max(greatest, share);
    }
    return greatest;
  }

  /** An outline of steps that begins and ends on the axis. */
  private static void steps(Svg svg, String style, double[] shares, double greatest) {
    double[] x = new double[2 * shares.length + 2];
    double[] y = new double[2 * shares.length + 2];
    for (int bin = 0; bin <= shares.length; bin++) {
      x[2 * bin] = x[2 * bin + 1] = LEFT + (RIGHT - LEFT) * (double) bin / shares.length;
      y[2 * bin] = bin == 0 ? BOTTOM : y(shares[bin - 1] / greatest);
      y[2 * bin + 1] = bin == shares.length ? BOTTOM : y(shares[bin] / greatest);
    }
    svg.path("steps " + style, x, y);
  }

  private static double y(double share) {
    return BOTTOM - (BOTTOM - TOP) * share;
  }
}
