package io.afterimage.assess;

import io.afterimage.base.Access;
import io.afterimage.base.Family;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one attack showed, as {@code findings[]} of report.json.
 *
 * @param attack its id, with the signal or attribute behind a slash: {@code
 *     membership-threshold/loss}
 * @param reason why it did not run, or what to know of how it ran; null where there is nothing to
 *     say
 * @param queries rows that it asked the target about
 * @param metrics by the names that DESIGN.md fixes for the family
 * @param baselines what is reached without the target, by name, in the unit of the family's main
 *     metric
 * @param advantages {@code overBaseline} and {@code membersOverNonmembers}, where the family has
 *     them
 * @param worst the most exposed records or classes, worst first
 * @param roc for membership, points of the ROC with their bands; else empty
 */
public record Finding(
    String attack,
    Family family,
    Access access,
    Status status,
    @Nullable String reason,
    long queries,
    double seconds,
    Map<String, Metric> metrics,
    Map<String, Metric> baselines,
    Map<String, Advantage> advantages,
    Severity severity,
    List<Worst> worst,
    List<RocPoint> roc) {

  /** Whether the attack of this id found it, whichever the signal or attribute. */
  public boolean isOf(String id) {
    return attack.equals(id) || attack.startsWith(id + "/");
  }

  /** Whether it is about the recipe, by the attack of this id on models trained like the target. */
  public boolean isOfRecipe(String id) {
    return RecipeAssessor.isOne(attack) && attack.startsWith(id + "@");
  }

  /** The metric of this name, resolved or not; empty where the family has none of this name. */
  public Optional<Metric> metric(String name) {
    return Optional.ofNullable(metrics.get(name));
  }

  /** The advantage of this name; empty where it is undefined or was not measured. */
  public Optional<Advantage> advantage(String name) {
    return Optional.ofNullable(advantages.get(name));
  }

  /** The same finding under another name. */
  public Finding named(String other) {
    return new Finding(
        other,
        family,
        access,
        status,
        reason,
        queries,
        seconds,
        metrics,
        baselines,
        advantages,
        severity,
        worst,
        roc);
  }

  /**
   * A gain in success, (success - baseline) / (1 - baseline), and the baseline it is measured from.
   */
  public record Advantage(
      @Nullable Double value,
      @Nullable Double low,
      @Nullable Double high,
      int n,
      String baseline) {}

  /** An exposed record or class, by id, never by value. */
  public record Worst(String id, String kind, Metric metric, String metricName) {}

  /** A point of the ROC with the exact 95% band of its true positive rate. */
  public record RocPoint(double fpr, double tpr, double low, double high) {}
}
