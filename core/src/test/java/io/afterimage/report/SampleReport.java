package io.afterimage.report;

import static io.afterimage.report.SampleFindings.findings;
import static io.afterimage.report.SampleFindings.inversion;
import static io.afterimage.report.SampleFindings.membership;
import static io.afterimage.report.SampleMetrics.metrics;
import static io.afterimage.report.SampleMetrics.share;
import static io.afterimage.report.SampleVerdict.verdict;

import io.afterimage.assess.Leakage;
import io.afterimage.assess.Leakage.LeakagePoint;
import io.afterimage.assess.Severity;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.RunRecord;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Seen;
import io.afterimage.policy.Decision;
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

/** A report of every section with plausible, made-up figures, and hostile names among them. */
final class SampleReport {
  static final String HOSTILE = "<script>alert('x')</script>\"&";
  static final int PEOPLE = 12;
  static final int ROWS = 2400;

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
            metrics("accuracy", share(.981, ROWS), "calibrationError", share(.012, ROWS)),
            metrics("accuracy", share(.914, ROWS), "calibrationError", share(.047, ROWS))),
        findings(),
        controls(),
        defences(),
        coverage(),
        verdict(),
        attacks(),
        rebuilt(),
        SampleExposures.membership(),
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
        report.membership(),
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
    data.put("members", new RoleData(ROWS, ROWS, "1f".repeat(32)));
    data.put("nonmembers", new RoleData(ROWS, ROWS, "2e".repeat(32)));
    data.put("evaluation", new RoleData(600, 600, "3d".repeat(32)));
    return data;
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
            metrics("accuracy", share(.914, ROWS), "calibrationError", share(.047, ROWS)),
            metrics(
                "accuracy", share(accuracy, ROWS), "calibrationError", share(calibration, ROWS))),
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
    all.put("mi-face", new Rebuilt(rebuiltClasses(87), Seen.CONFIDENCE, List.of(), null));
    all.put(
        "mi-search",
        new Rebuilt(
            rebuiltClasses(500),
            Seen.CONFIDENCE,
            IntStream.rangeClosed(1, 24)
                .mapToObj(i -> new CurvePoint(i * 4000L, 1 - .92 * Math.exp(-i / 6.0)))
                .toList(),
            leakage()));
    return all;
  }

  /** Ever more people as queries double. */
  static Leakage leakage() {
    long[] queries = {0, 4000, 8000, 16_000, 32_000, 64_000, 96_000};
    return new Leakage(
        PEOPLE,
        IntStream.range(0, queries.length)
            .mapToObj(i -> new LeakagePoint(queries[i], share((1 + i) / 12.0, PEOPLE)))
            .toList());
  }

  private static List<RebuiltClass> rebuiltClasses(int steps) {
    List<String> names = classes();
    return IntStream.range(0, PEOPLE)
        .mapToObj(i -> new RebuiltClass(names.get(i), .99 - .013 * i, steps + i))
        .toList();
  }
}
