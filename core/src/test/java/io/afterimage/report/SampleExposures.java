package io.afterimage.report;

import static io.afterimage.report.SampleMetrics.metrics;
import static io.afterimage.report.SampleMetrics.share;
import static io.afterimage.report.SampleMetrics.within;

import io.afterimage.assess.Exposure;
import io.afterimage.assess.Exposure.Group;
import io.afterimage.assess.Exposure.TooFew;
import io.afterimage.assess.Fit;
import io.afterimage.assess.Metric;
import io.afterimage.assess.SampleLimits;
import io.afterimage.assess.ScoreHistogram;
import io.afterimage.report.Report.Membership;
import java.util.List;
import java.util.Map;

/** What stands beside the findings of membership. */
final class SampleExposures {
  private static final int N = SampleReport.ROWS;

  private SampleExposures() {}

  static Membership membership() {
    return new Membership(
        .25,
        SampleLimits.of(N, N),
        Fit.of(
            418_412, N, metrics("accuracy", share(.981, N)), metrics("accuracy", share(.914, N))),
        Map.of("membership-threshold/modified-entropy", exposure()));
  }

  private static Exposure exposure() {
    return new Exposure(
        new ScoreHistogram(
            List.of(-3., -2., -1., 0.), List.of(300, 700, 1400), List.of(701, 999, 700)),
        List.of(
            group("ward", SampleReport.HOSTILE, 211, .81, true),
            group("ward", "surgery", 1302, .63, false)),
        List.of(new TooFew("ward", 3, 17, 9)));
  }

  private static Group group(
      String attribute, String name, int people, double auc, boolean standsOut) {
    Map<String, Metric> metrics =
        metrics("auc", within(auc, .04, people), "tpr@0.1", share(.4, people));
    metrics.put(
        "tpr@0.01", Metric.unresolved(people, "needs 1,000 non-members; there are " + people));
    metrics.put("aucOverOthers", within(auc - .62, .05, 2 * N));
    return new Group(
        attribute, name, people, people + 3, metrics, standsOut ? .0003 : 1, standsOut);
  }
}
