package io.afterimage.report;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Finding.RocPoint;
import io.afterimage.assess.Finding.Worst;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Severity;
import io.afterimage.assess.Status;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.RunRecord;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import io.afterimage.report.Report.Control;
import io.afterimage.report.Report.Cost;
import io.afterimage.report.Report.Coverage;
import io.afterimage.report.Report.Defended;
import io.afterimage.report.Report.Model;
import io.afterimage.report.Report.Rebuilt;
import io.afterimage.report.Report.RebuiltClass;
import io.afterimage.report.Report.RoleData;
import io.afterimage.report.Report.Threat;
import io.afterimage.report.Report.Tool;
import io.afterimage.report.Report.Utility;
import io.afterimage.report.Report.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** A report of every section with plausible, made-up figures, and hostile names among them. */
final class SampleReport {
  static final String HOSTILE = "<script>alert('x')</script>\"&";
  static final int PEOPLE = 12;

  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final int N = 2400;
  private static final String OWNER = "default, to be adopted by the controller";

  private SampleReport() {}

  static Report report() {
    return new Report(
        Report.SCHEMA,
        new Tool(
            "afterimage", "0.1.0", "17.0.12", "Linux", "amd64", Map.of("onnxruntime", "1.29.0")),
        new RunRecord(
            "20261122-101500-4f2a",
            42,
            2,
            "2026-11-22T10:15:00Z",
            1874.3,
            List.of("afterimage", "audit", "--model", "ward.onnx", "--class-is-person")),
        model(),
        data(),
        new Threat("GRADIENTS", 100_000L, "customers"),
        new Utility(
            metrics("accuracy", share(.981, N), "calibrationError", share(.012, N)),
            metrics("accuracy", share(.914, N), "calibrationError", share(.047, N))),
        findings(),
        controls(),
        defences(),
        coverage(),
        verdict(),
        attacks(),
        rebuilt(),
        List.of(
            "The output \"probabilities\" was read as probabilities: its rows sum to 1.",
            "References differ from the target: the exporter folded batch normalisation."));
  }

  static Report withControls(List<Control> controls) {
    Report report = report();
    return new Report(
        report.schema(),
        report.tool(),
        report.run(),
        report.model(),
        report.data(),
        report.threat(),
        report.utility(),
        report.findings(),
        controls,
        report.defences(),
        report.coverage(),
        report.verdict(),
        report.attacks(),
        report.rebuilt(),
        report.notes());
  }

  private static Model model() {
    return new Model(
        "ward.onnx",
        "9b0c7b1b8e0a4d5cb8a6e7f0a1b2c3d4e5f60718293a4b5c6d7e8f9001122334",
        "ONNX, opset 17",
        418_412,
        List.of(new Value("image", "float", "Nx1x28x24", null)),
        List.of(new Value("probabilities", "float", "Nx12", "probabilities")),
        "free",
        classes());
  }

  private static List<String> classes() {
    List<String> names =
        new ArrayList<>(IntStream.rangeClosed(1, PEOPLE - 1).mapToObj(i -> "person-" + i).toList());
    names.add(HOSTILE);
    return names;
  }

  private static Map<String, RoleData> data() {
    Map<String, RoleData> data = new LinkedHashMap<>();
    data.put("members", new RoleData(N, N, "1f".repeat(32)));
    data.put("nonmembers", new RoleData(N, N, "2e".repeat(32)));
    data.put("evaluation", new RoleData(600, 600, "3d".repeat(32)));
    return data;
  }

  private static List<Finding> findings() {
    return List.of(
        membership("membership-threshold/loss", .62, Severity.MEDIUM),
        membership("membership-threshold/confidence", .51, Severity.LOW),
        membership("membership-threshold/entropy", .34, Severity.LOW),
        membership("membership-threshold/modified-entropy", .65, Severity.MEDIUM),
        attribute("attribute-map/VKORC1", .564, .559, .662, -.291, .011),
        attribute("attribute-map/" + HOSTILE, .781, .702, .655, .365, .265),
        inversion("mi-face", Access.GRADIENTS, 0, .27),
        inversion("mi-search", Access.SCORES, 96_000, .11),
        notRun());
  }

  private static Finding membership(String attack, double shift, Severity severity) {
    double auc = NORMAL.cumulativeProbability(shift / Math.sqrt(2));
    Map<String, Metric> metrics =
        metrics("auc", within(auc, .008, N), "tpr@0.001", tprWhereResolved(shift, .001));
    metrics.put("tpr@0.01", share(tpr(shift, .01), N));
    metrics.put("tpr@0.1", share(tpr(shift, .1), N));
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
            new Worst("members:1731", "record", share(.97, 40), "precision"),
            new Worst("members:88", "record", share(.95, 40), "precision"),
            new Worst(HOSTILE, "class", within(.71, .04, 200), "auc")),
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

  private static Finding inversion(String attack, Access access, long queries, double recognised) {
    Map<String, Metric> metrics =
        metrics("recognised", share(recognised, 60), "confidence", within(.93, .03, PEOPLE));
    metrics.put("identified", share(.99, PEOPLE));
    metrics.put("nearestMember", share(.52, 100));
    metrics.put(
        "frechet@evaluator", Metric.unresolved(PEOPLE, "2,048 pictures needed; there are 12"));
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

  private static List<Control> controls() {
    return List.of(
        new Control("random scores", "passed", "AUC 0.497, as chance gives."),
        new Control("retrained without the members", "passed", "Membership AUC 0.504: no leak."),
        new Control("overfitted on purpose", "passed", "Caught: AUC 0.81."),
        new Control("planted leak", "notRun", "The time allowed for controls was spent."));
  }

  private static List<Defended> defences() {
    return List.of(
        defended("round:2", .58, .912, .051),
        defended("top-k:1", .41, .914, .083),
        defended("label-only", .18, .914, .086));
  }

  private static Defended defended(String name, double shift, double accuracy, double calibration) {
    return new Defended(
        name,
        Map.of(),
        Decision.INSUFFICIENT_EVIDENCE,
        "The data cannot place this risk.",
        new Cost(
            metrics("accuracy", share(.914, N), "calibrationError", share(.047, N)),
            metrics("accuracy", share(accuracy, N), "calibrationError", share(calibration, N))),
        List.of(
            membership("membership-threshold/loss", shift, Severity.LOW),
            membership("membership-threshold/confidence", shift / 2, Severity.LOW),
            inversion("mi-search", Access.SCORES, 96_000, shift / 8)));
  }

  private static List<Coverage> coverage() {
    return List.of(
        new Coverage(
            "Membership inference",
            "run",
            "Four threshold signals; no reference models.",
            List.of("membership-threshold/loss", "membership-threshold/confidence")),
        new Coverage("Attribute inference", "run", "", List.of("attribute-map/VKORC1")),
        new Coverage("Model inversion", "run", "", List.of("mi-face", "mi-search")),
        new Coverage(
            "Inversion with a generator", "notRun", "No population data was given.", List.of()),
        new Coverage("Regurgitation", "notApplicable", "The model generates no data.", List.of()));
  }

  private static Verdict verdict() {
    List<GateResult> gates = gates();
    return new Verdict(
        Decision.DO_NOT_RELEASE,
        "api",
        Stream.of(0, 4, 2, 1, 3).map(gates::get).map(GateResult::sentence).toList(),
        List.of(),
        List.of(
            "No figure here establishes that the model is anonymous: attacks that were not run, and"
                + " attacks not yet invented, may learn more.",
            "Inversion with a generator was not run: no population data."),
        gates,
        "2027-05-22");
  }

  private static List<GateResult> gates() {
    return List.of(
        new GateResult(
            "membership-auc",
            "Membership AUC",
            .60,
            .65,
            .677,
            .669,
            .685,
            "membership-threshold/modified-entropy",
            Outcome.FAILED,
            "Membership AUC 0.677 (95% interval 0.669 to 0.685) is proven above the acceptable 0.60"
                + " (membership-threshold/modified-entropy).",
            "SACRO-ML for 0.65; 0.60 default, to be adopted by the controller"),
        new GateResult(
            "membership-tpr@0.01",
            "The share of members found at 1% false alarms",
            .03,
            .10,
            .0466,
            .0385,
            .056,
            "membership-threshold/modified-entropy",
            Outcome.CONDITION,
            "The share of members found at 1% false alarms 0.047 (95% interval 0.039 to 0.056) is"
                + " not shown to be within the acceptable 0.03 but is within the tolerable 0.10"
                + " (membership-threshold/modified-entropy).",
            OWNER),
        new GateResult(
            "membership-tpr@0.001",
            "The share of members found at 0.1% false alarms",
            .003,
            .01,
            null,
            null,
            null,
            "membership-threshold/modified-entropy",
            Outcome.INSUFFICIENT,
            "The share of members found at 0.1% false alarms could not be measured"
                + " (membership-threshold/modified-entropy): needs 10,000 non-members; there are"
                + " 2,400.",
            OWNER),
        new GateResult(
            "attribute-memorised",
            "The advantage in guessing attributes of members over those of non-members",
            .10,
            .20,
            .011,
            -.03,
            .054,
            "attribute-map/VKORC1",
            Outcome.PASSED,
            "The advantage in guessing attributes of members over those of non-members 0.011 (95%"
                + " interval -0.030 to 0.054) is shown to be within the acceptable 0.10"
                + " (attribute-map/VKORC1).",
            OWNER),
        new GateResult(
            "inversion-recognised",
            "The share of people recognised, above the best baseline,",
            .09,
            .20,
            .23,
            .12,
            .34,
            "mi-face",
            Outcome.FAILED,
            "The share of people recognised, above the best baseline, 0.23 (95% interval 0.12 to"
                + " 0.34) is proven above the acceptable 0.09 (mi-face).",
            "0.09 as EMA 0070 and Health Canada; 0.20 a cell of five"),
        new GateResult(
            "membership-references",
            "Reference models of the strongest membership attack",
            16,
            16,
            0.,
            0.,
            0.,
            "",
            Outcome.CONDITION,
            "Membership was attacked with 0 reference models, and the profile asks for 16; attacks"
                + " with fewer show leakage from below only.",
            OWNER),
        new GateResult(
            "near-copy",
            "The number of answers that nearly copy a training record",
            0,
            0,
            null,
            null,
            null,
            "",
            Outcome.NOT_APPLICABLE,
            "The number of answers that nearly copy a training record was not measured: the model"
                + " generates no data.",
            OWNER));
  }

  private static List<AttackInfo> attacks() {
    return List.of(
        new AttackInfo(
            "membership-threshold",
            "Tells members by how sure the model is of them",
            "Yeom et al., Privacy Risk in Machine Learning, CSF 2018",
            Family.MEMBERSHIP,
            Access.SCORES,
            "the record and its true class",
            false,
            "Someone learns that a person's record was among the training data."),
        new AttackInfo(
            "mi-face",
            "Draws the input that the model is surest about",
            "Fredrikson et al., Model Inversion Attacks, CCS 2015",
            Family.INVERSION,
            Access.GRADIENTS,
            "nothing but the model",
            true,
            "Someone sees a picture that others recognise as the person."));
  }

  private static Map<String, Rebuilt> rebuilt() {
    Map<String, Rebuilt> all = new LinkedHashMap<>();
    all.put("mi-face", new Rebuilt(rebuiltClasses(87), List.of()));
    all.put(
        "mi-search",
        new Rebuilt(
            rebuiltClasses(500),
            IntStream.rangeClosed(1, 24)
                .mapToObj(i -> new CurvePoint(i * 4000L, 1 - .92 * Math.exp(-i / 6.0)))
                .toList()));
    return all;
  }

  private static List<RebuiltClass> rebuiltClasses(int steps) {
    List<String> names = classes();
    return IntStream.range(0, PEOPLE)
        .mapToObj(i -> new RebuiltClass(names.get(i), .99 - .013 * i, steps + i))
        .toList();
  }

  private static Metric share(double value, int n) {
    return within(value, 1.96 * Math.sqrt(value * (1 - value) / n), n);
  }

  private static Metric within(double value, double spread, int n) {
    return Metric.of(value, Math.max(0, value - spread), Math.min(1, value + spread), n);
  }

  private static Map<String, Metric> metrics(String name, Metric metric) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(name, metric);
    return metrics;
  }

  private static Map<String, Metric> metrics(
      String first, Metric one, String second, Metric other) {
    Map<String, Metric> metrics = metrics(first, one);
    metrics.put(second, other);
    return metrics;
  }
}
