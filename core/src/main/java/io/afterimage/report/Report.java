package io.afterimage.report;

import io.afterimage.assess.Exposure;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Fit;
import io.afterimage.assess.Leakage;
import io.afterimage.assess.Metric;
import io.afterimage.assess.SampleLimits;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.RunRecord;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Seen;
import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A run, as report.json holds it: schema {@code afterimage/report/1}. Everything that the page
 * shows stands here.
 *
 * @param data what each role's file was: {@code members}, {@code nonmembers}, {@code population},
 *     {@code evaluation}
 * @param attacks what the attacks of this run are, in plain words; each finding's attack begins
 *     with the id of one
 * @param rebuilt the figures of each set of reconstructions, by the finding's attack
 * @param membership what stands beside the findings of membership; null where a role has no rows
 * @param notes what a reader must know of how the run went: what was inferred, replaced or warned
 *     about
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
    Verdict verdict,
    List<AttackInfo> attacks,
    Map<String, Rebuilt> rebuilt,
    @Nullable Membership membership,
    List<String> notes) {

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

  /**
   * What the adversary is assumed to have.
   *
   * @param queryBudget rows that each attack may ask about; null for no bound
   */
  public record Threat(String access, @Nullable Long queryBudget, String exposure) {}

  /**
   * How well the model does its work: accuracy for classifiers, R² for regressors, each with
   * calibration if it has one.
   */
  public record Utility(Map<String, Metric> members, Map<String, Metric> nonmembers) {}

  /** A check of the audit itself: status passed, failed or notRun, with the reason. */
  public record Control(String name, String status, String reason) {}

  /**
   * The same attacks behind one defence, and what it costs.
   *
   * @param decision what the verdict would be if nobody reached the model but behind the defence
   * @param reason the first of its reasons
   */
  public record Defended(
      String defence,
      Map<String, String> settings,
      Decision decision,
      String reason,
      Cost utility,
      List<Finding> findings) {}

  /** Utility on non-members before and after a defence. */
  public record Cost(Map<String, Metric> before, Map<String, Metric> after) {}

  /**
   * One line of the coverage matrix: status run, notRun or notApplicable, and the findings that
   * cover it.
   */
  public record Coverage(String item, String status, String reason, List<String> findings) {}

  /**
   * The figures of reconstructions, without their pixels.
   *
   * @param classes one for each reconstruction, in the order of the evidence
   * @param seen what the values of the curve are
   * @param curve what the attack saw of its own progress against queries spent; empty for attacks
   *     that do not ask
   * @param leakage how many people were recognised against queries spent; null where nothing was
   *     asked or no evaluator could answer
   */
  public record Rebuilt(
      List<RebuiltClass> classes,
      Seen seen,
      List<Reconstructions.CurvePoint> curve,
      @Nullable Leakage leakage) {

    /** Those of this evidence. */
    public static Rebuilt of(Reconstructions evidence) {
      return new Rebuilt(
          IntStream.range(0, evidence.count())
              .mapToObj(
                  i ->
                      new RebuiltClass(
                          evidence.classNames().get(evidence.classes()[i]),
                          evidence.confidence()[i],
                          evidence.steps()[i]))
              .toList(),
          evidence.seen(),
          evidence.curve(),
          Leakage.of(evidence).orElse(null));
    }
  }

  /**
   * Who is exposed to whom, and what these people could have shown.
   *
   * @param prior the share of members among those whom an adversary suspects, for every {@code ppv}
   *     and {@code posterior}
   * @param exposures by finding: of each attack the signal of greatest AUC
   */
  public record Membership(
      double prior, SampleLimits sample, Fit fit, Map<String, Exposure> exposures) {}

  /** For which class a picture was rebuilt, how sure the target is of it, and in how many steps. */
  public record RebuiltClass(String name, double confidence, int steps) {}
}
