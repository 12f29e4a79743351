package io.afterimage.report;

import static io.afterimage.report.SampleMetrics.metrics;
import static io.afterimage.report.SampleMetrics.share;
import static io.afterimage.report.SampleMetrics.within;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Finding.RocPoint;
import io.afterimage.assess.Finding.Worst;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Severity;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.Family;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Findings of every family, one of them not run. */
final class SampleFindings {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final int N = SampleReport.ROWS;

  private SampleFindings() {}

  static List<Finding> findings() {
    return List.of(
        membership("membership-threshold/loss", .62, Severity.MEDIUM),
        membership("membership-threshold/confidence", .51, Severity.LOW),
        membership("membership-threshold/entropy", .34, Severity.LOW),
        membership("membership-threshold/modified-entropy", .65, Severity.MEDIUM),
        attribute("attribute-map/VKORC1", .564, .559, .662, -.291, .011),
        attribute("attribute-map/" + SampleReport.HOSTILE, .781, .702, .655, .365, .265),
        inversion("mi-face", Access.GRADIENTS, 0, .27),
        inversion("mi-search", Access.SCORES, 96_000, .11),
        notRun(),
        structural(),
        recipe(),
        oneRun());
  }

  private static Finding recipe() {
    return new Finding(
        "membership-threshold@recipe/loss",
        Family.MEMBERSHIP,
        Access.SCORES,
        Status.RUN,
        "this is about the recipe, not about this model",
        N,
        9.1,
        metrics("auc", within(.63, .03, N), "tpr@0.001", share(.031, N)),
        Map.of(),
        Map.of(),
        Severity.LOW,
        List.of(),
        List.of());
  }

  private static Finding oneRun() {
    return new Finding(
        "membership-one-run/mislabelled",
        Family.MEMBERSHIP,
        Access.LABEL,
        Status.RUN,
        "200 guesses about as many canaries",
        200,
        1.2,
        Map.of("epsilonLowerBound", new Metric(1.732, null, null, 200, null)),
        Map.of(),
        Map.of(),
        Severity.NONE,
        List.of(),
        List.of());
  }

  private static Finding structural() {
    Metric few = Metric.of(.004, .004, .004, N);
    return new Finding(
        "membership-structural",
        Family.MEMBERSHIP,
        Access.GRADIENTS,
        Status.RUN,
        "embedding wards has 40 rows, of which the 30 people among the members look up 30",
        0,
        .4,
        metrics("rowsStored", Metric.of(0, 0, 0, N), "fewInLeaf", few),
        Map.of(),
        Map.of(),
        Severity.LOW,
        List.of(
            new Worst(
                "members:977", "record", new Metric(2.0, null, null, 1, null), "membersInLeaf")),
        List.of());
  }

  static Finding membership(String attack, double shift, Severity severity) {
    double auc = NORMAL.cumulativeProbability(shift / Math.sqrt(2));
    Map<String, Metric> metrics =
        metrics("auc", within(auc, .008, N), "tpr@0.001", tprWhereResolved(shift, .001));
    metrics.put("tpr@0.01", share(tpr(shift, .01), N));
    metrics.put("tpr@0.1", share(tpr(shift, .1), N));
    metrics.put("ppv", share(.6, N));
    metrics.put(
        "epsilonLowerBound", Metric.unresolved(N, "membership was not drawn by independent coins"));
    return new Finding(
        attack,
        Family.MEMBERSHIP,
        Access.SCORES,
        Status.RUN,
        null,
        2 * N,
        3.2,
        metrics,
        blind(),
        Map.of("overBaseline", gain(2 * auc - 1, .016, 2 * N, "chance")),
        severity,
        List.of(
            new Worst("members:1731", "record", share(.97, 20), "posterior"),
            new Worst("members:88", "record", share(.95, 20), "posterior"),
            new Worst(SampleReport.HOSTILE, "class", within(.71, .04, 200), "auc")),
        roc(shift));
  }

  private static Map<String, Metric> blind() {
    Map<String, Metric> blind =
        metrics("chance", Metric.of(.5, .5, .5, 2 * N), "blind", within(.507, .009, N));
    blind.put("blind/tpr@0.001", Metric.unresolved(N, "needs 10,000 non-members; there are 2,400"));
    blind.put("blind/tpr@0.01", share(.0104, N));
    blind.put("blind/tpr@0.1", share(.103, N));
    return blind;
  }

  private static Advantage gain(double value, double spread, int n, String baseline) {
    return new Advantage(value, value - spread, Math.min(1, value + spread), n, baseline);
  }

  private static Metric tprWhereResolved(double shift, double fpr) {
    return shift < .6
        ? share(tpr(shift, fpr), N)
        : Metric.unresolved(N, "needs 10,000 non-members; there are 2,400");
  }

  private static List<RocPoint> roc(double shift) {
    return IntStream.rangeClosed(0, 60)
        .mapToObj(i -> Math.pow(10, -3.3 + 3.3 * i / 60))
        .map(fpr -> point(fpr, tpr(shift, fpr)))
        .toList();
  }

  private static RocPoint point(double fpr, double tpr) {
    double spread = 1.96 * Math.sqrt(tpr * (1 - tpr) / N) + .5 / N;
    return new RocPoint(fpr, tpr, Math.max(0, tpr - spread), Math.min(1, tpr + spread));
  }

  private static double tpr(double shift, double fpr) {
    return NORMAL.survivalProbability(NORMAL.inverseSurvivalProbability(fpr) - shift);
  }

  private static Finding attribute(
      String attack, double members, double nonmembers, double imputed, double gain, double gap) {
    Map<String, Advantage> advantages = new LinkedHashMap<>();
    advantages.put(
        "overBaseline", new Advantage(gain, gain - .06, gain + .05, N, "other-attributes"));
    advantages.put(
        "membersOverNonmembers", new Advantage(gap, gap - .041, gap + .043, N, "nonmembers"));
    return new Finding(
        attack,
        Family.ATTRIBUTE,
        Access.SCORES,
        Status.RUN,
        "Marginals and error were taken from the members: there is no population.",
        14_400,
        11.8,
        metrics("accuracy@members", share(members, N), "accuracy@nonmembers", share(nonmembers, N)),
        metrics("majority", share(.367, N), "other-attributes", share(imputed, N)),
        advantages,
        gap > .1 ? Severity.HIGH : Severity.NONE,
        List.of(),
        List.of());
  }

  static Finding inversion(String attack, Access access, long queries, double recognised) {
    Map<String, Metric> metrics =
        metrics(
            "recognised",
            share(recognised, 60),
            "confidence",
            within(.93, .03, SampleReport.PEOPLE));
    metrics.put("identified", share(.99, SampleReport.PEOPLE));
    metrics.put("nearestMember", share(.52, 100));
    metrics.put(
        "frechet@evaluator",
        Metric.unresolved(SampleReport.PEOPLE, "2,048 pictures needed; there are 12"));
    return new Finding(
        attack,
        Family.INVERSION,
        access,
        Status.RUN,
        null,
        queries,
        214.7,
        metrics,
        metrics("start", share(.03, 60), "permuted-labels", share(.04, 60)),
        Map.of("overBaseline", gain(recognised - .04, .11, 60, "permuted-labels")),
        Severity.HIGH,
        List.of(new Worst("person-3", "class", share(.81, 16), "recognised")),
        List.of());
  }

  private static Finding notRun() {
    return new Finding(
        "membership-lira",
        Family.MEMBERSHIP,
        Access.LOGITS,
        Status.SKIPPED,
        "needs 16 reference models; the time allowed was spent",
        0,
        0,
        Map.of(),
        Map.of(),
        Map.of(),
        Severity.NONE,
        List.of(),
        List.of());
  }
}
