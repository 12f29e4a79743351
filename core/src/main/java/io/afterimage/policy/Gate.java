package io.afterimage.policy;

import static io.afterimage.base.Family.ATTRIBUTE;
import static io.afterimage.base.Family.INVERSION;
import static io.afterimage.base.Family.MEMBERSHIP;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.base.Family;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A question that a profile sets thresholds for. */
public enum Gate {
  MEMBERSHIP_AUC("membership-auc", "Membership AUC", MEMBERSHIP, "auc"),
  MEMBERSHIP_TPR_1_PERCENT(
      "membership-tpr@0.01",
      "The share of members found at 1% false alarms",
      MEMBERSHIP,
      "tpr@0.01"),
  MEMBERSHIP_TPR_1_PERMILLE(
      "membership-tpr@0.001",
      "The share of members found at 0.1% false alarms",
      MEMBERSHIP,
      "tpr@0.001"),
  ATTRIBUTE_MEMORISED(
      "attribute-memorised",
      "The advantage in guessing attributes of members over those of non-members",
      ATTRIBUTE,
      "membersOverNonmembers"),
  ATTRIBUTE_IMPUTED(
      "attribute-imputed",
      "The advantage in guessing anyone's attributes over imputing them without the model",
      ATTRIBUTE,
      "overBaseline"),
  INVERSION_RECOGNISED(
      "inversion-recognised",
      "The share of people recognised, above the best baseline,",
      INVERSION,
      "overBaseline"),
  NEAR_COPY("near-copy", "The number of answers that nearly copy a training record"),
  ROWS_STORED("rows-stored", "The share of training rows stored in the model"),
  RECORDS_PER_LEAF("records-per-leaf", "The least number of training records in a leaf"),
  RESIDUAL_DEGREES_OF_FREEDOM(
      "residual-degrees-of-freedom", "The number of residual degrees of freedom");

  private final String id;
  private final String title;
  private final @Nullable Family family;
  private final String figure;

  Gate(String id, String title, Family family, String figure) {
    this.id = id;
    this.title = title;
    this.family = family;
    this.figure = figure;
  }

  /** A gate on a fact about the model rather than on an attack. */
  Gate(String id, String title) {
    this.id = id;
    this.title = title;
    this.family = null;
    this.figure = id;
  }

  /** Its name in a profile. */
  public String id() {
    return id;
  }

  /** What is measured, as the subject of a sentence. */
  public String title() {
    return title;
  }

  /** The family of the attacks that answer it; empty for a fact about the model. */
  public Optional<Family> family() {
    return Optional.ofNullable(family);
  }

  /** Whether more is better. */
  boolean atLeast() {
    return this == RECORDS_PER_LEAF || this == RESIDUAL_DEGREES_OF_FREEDOM;
  }

  /** Whether it is a count rather than a share. */
  boolean counts() {
    return this == NEAR_COPY || atLeast();
  }

  /** The gate of this name. */
  public static Optional<Gate> of(String id) {
    return Arrays.stream(values()).filter(gate -> gate.id.equals(id)).findFirst();
  }

  /** What a finding of the gate's family says about it. */
  Metric of(Finding finding) {
    Metric none =
        Metric.unresolved(
            0, Optional.ofNullable(finding.reason()).orElse("the attack does not measure it"));
    return finding
        .advantage(figure)
        .map(Metric::of)
        .filter(Metric::resolved)
        .orElseGet(() -> finding.metric(figure).orElse(none));
  }
}
