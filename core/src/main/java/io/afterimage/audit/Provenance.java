package io.afterimage.audit;

import io.afterimage.base.Product;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Sources;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import io.afterimage.report.Report.Model;
import io.afterimage.report.Report.RoleData;
import io.afterimage.report.Report.Threat;
import io.afterimage.report.Report.Tool;
import io.afterimage.report.Report.Value;
import io.afterimage.target.OnnxTarget;
import io.afterimage.train.CanaryRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where a run's numbers come from, so that they can be had again. */
final class Provenance {
  private Provenance() {}

  static Tool tool() {
    return new Tool(
        "Afterimage",
        Product.version(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("os.arch"),
        Product.libraries());
  }

  static Model model(Subject subject, AuditSpec spec) {
    return subject
        .model()
        .map(model -> ofOnnx(model, subject))
        .orElseGet(() -> ofPredictions(subject, spec));
  }

  private static Model ofOnnx(OnnxModel model, Subject subject) {
    return new Model(
        model.name(),
        model.sha256(),
        "ONNX",
        model.parameterCount(),
        model.inputs().stream().map(info -> value(info, null)).toList(),
        model.outputs().stream().map(info -> value(info, meaning(info, subject))).toList(),
        subject.batch(),
        subject.info().classes());
  }

  /** Only the output that is read has a meaning. */
  private static @Nullable String meaning(ValueInfo output, Subject subject) {
    return subject.scorer() instanceof OnnxTarget read && output.name().equals(read.output())
        ? read.info().meaning().toString()
        : null;
  }

  private static Value value(ValueInfo info, @Nullable String meaning) {
    return new Value(info.name(), info.type(), info.shape(), meaning);
  }

  private static Model ofPredictions(Subject subject, AuditSpec spec) {
    return new Model(
        "predictions",
        sha256(spec.predictions().stream().map(Sources::sha256).toList()),
        "predictions",
        0,
        List.of(),
        List.of(),
        "free",
        subject.info().classes());
  }

  static Map<String, RoleData> data(Split split, AuditSpec spec) {
    Map<String, RoleData> data = new LinkedHashMap<>();
    Map<String, Dataset> rows = new LinkedHashMap<>();
    rows.put("members", split.members());
    rows.put("nonmembers", split.nonMembers());
    split.population().ifPresent(population -> rows.put("population", population));
    split.evaluation().ifPresent(evaluation -> rows.put("evaluation", evaluation));
    spec.tables()
        .forEach(
            (role, file) -> {
              Dataset of = java.util.Objects.requireNonNull(rows.get(role));
              int people = Arrays.stream(of.units()).max().orElse(-1) + 1;
              data.put(role, new RoleData(of.rows(), people, Sources.sha256(file)));
            });
    return data;
  }

  static Threat threat(Subject subject, AuditSpec spec) {
    @Nullable Long budget = spec.queryBudget().isPresent() ? spec.queryBudget().getAsLong() : null;
    return new Threat(subject.access().toString(), budget, spec.exposure());
  }

  /** What a saved run must agree in to be continued: everything that its evidence depends on. */
  static String fingerprint(AuditSpec spec, Run run) {
    List<String> parts = new java.util.ArrayList<>();
    spec.model().map(Sources::sha256).ifPresent(parts::add);
    spec.tables().forEach((role, file) -> parts.add(role + "=" + Sources.sha256(file)));
    spec.canaries().map(Provenance::canaries).ifPresent(parts::add);
    parts.add(spec.reading().toString());
    parts.add(spec.settings() + " " + spec.queryBudget() + " " + spec.outputs());
    parts.add(spec.classIsPerson() + " " + spec.access() + " " + spec.layout());
    parts.add("controls budget " + spec.controlsBudget()); // the permuted labels depend on it
    parts.add(run.seed() + " " + run.threads() + " " + Product.version());
    return sha256(parts);
  }

  private static String canaries(Path recordOrFolder) {
    return "canaries=" + Sources.sha256(CanaryRecord.file(recordOrFolder));
  }

  private static String sha256(List<String> parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
