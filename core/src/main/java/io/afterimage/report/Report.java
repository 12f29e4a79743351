package io.afterimage.report;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.base.RunRecord;
import io.afterimage.policy.Verdict;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A run, as report.json holds it: schema {@code afterimage/report/1}. Everything that the page
 * shows stands here.
 */
public record Report(
    String schema,
    Tool tool,
    RunRecord run,
    Model model,
    Map<String, RoleData> data,
    Threat threat,
    Utility utility,
    List<Finding> findings,
    List<Control> controls,
    List<Defended> defences,
    List<Coverage> coverage,
    Verdict verdict) {

  /** The schema's name. */
  public static final String SCHEMA = "afterimage/report/1";

  /** What made the report, and on what: results are bit-identical only on the same. */
  public record Tool(
      String name,
      String version,
      String java,
      String os,
      String arch,
      Map<String, String> libraries) {}

  /** The model that was audited. */
  public record Model(
      String name,
      String sha256,
      String format,
      long parameters,
      List<Value> inputs,
      List<Value> outputs,
      String batch,
      List<String> classes) {}

  /** An input or output of the model; an output has a meaning. */
  public record Value(String name, String type, String shape, @Nullable String meaning) {}

  /** One role's file. */
  public record RoleData(int rows, int people, String sha256) {}

  /** What the adversary is assumed to have. */
  public record Threat(String access, long queryBudget, String exposure) {}

  /**
   * How well the model does its work: accuracy for classifiers, R² for regressors, each with
   * calibration if it has one.
   */
  public record Utility(Map<String, Metric> members, Map<String, Metric> nonmembers) {}

  /** A check of the audit itself: status passed, failed or notRun, with the reason. */
  public record Control(String name, String status, String reason) {}

  /** The same attacks behind one defence, and what it costs. */
  public record Defended(
      String defence, Map<String, String> settings, Cost utility, List<Finding> findings) {}

  /** Utility on non-members before and after a defence. */
  public record Cost(Map<String, Metric> before, Map<String, Metric> after) {}

  /**
   * One line of the coverage matrix: status run, notRun or notApplicable, and the findings that
   * cover it.
   */
  public record Coverage(String item, String status, String reason, List<String> findings) {}
}
