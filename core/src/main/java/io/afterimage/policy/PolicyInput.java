package io.afterimage.policy;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a verdict is made from.
 *
 * @param findings of every attack on the target as it would be released, also of those that were
 *     skipped or failed
 * @param facts figures about the model itself, for the gates that no attack answers
 * @param notApplicable gates without their input, and why: no sensitive column was named
 * @param checks the preflight and the controls
 * @param claim of differential privacy, and what an audit says to it; empty where none is made
 * @param references most reference models that a membership attack ran with, 0 where none did
 * @param conditions what the audited access and defences bind release to, in plain words
 * @param exposure who can reach the model: public, customers or staff
 * @param date the day of the audit
 */
public record PolicyInput(
    List<Finding> findings,
    Map<Gate, Metric> facts,
    Map<Gate, String> notApplicable,
    List<Check> checks,
    Optional<ClaimTest> claim,
    int references,
    List<String> conditions,
    String exposure,
    LocalDate date) {
  public PolicyInput {
    findings = List.copyOf(findings);
    facts = Map.copyOf(facts);
    notApplicable = Map.copyOf(notApplicable);
    checks = List.copyOf(checks);
    conditions = List.copyOf(conditions);
  }
}
