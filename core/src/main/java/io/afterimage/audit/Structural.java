package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Ran;
import io.afterimage.assess.Status;
import io.afterimage.assess.StructuralAssessor;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.evidence.StructuralLeaks;
import io.afterimage.policy.Gate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What the holder of a model's file reads in it of the members, by record id. It asks the model
 * nothing, so that no meter, no budget and no output defence touches it; its figures reach the
 * verdict as the facts of {@link Structure} and not a second time as a finding.
 */
final class Structural {
  static final AttackInfo INFO =
      new AttackInfo(
          "membership-structural",
          "reads in the model's file whose records it holds and who stands nearly alone in it",
          "the structural attack of SACRO-ML 2.0, 2026",
          Family.MEMBERSHIP,
          Access.GRADIENTS,
          "the model's file and each person's record",
          false,
          "someone who holds the model's file finds a person's record in it, or a part that was"
              + " trained on few people or on that person alone");

  private static final Map<Gate, String> FIGURES = new LinkedHashMap<>();

  static {
    FIGURES.put(Gate.ROWS_STORED, "rowsStored");
    FIGURES.put(Gate.RECORDS_PER_LEAF, "recordsPerLeaf");
    FIGURES.put(Gate.RESIDUAL_DEGREES_OF_FREEDOM, StructuralAssessor.FREEDOM);
  }

  private Structural() {}

  /**
   * The finding; its evidence is saved, which names everybody where the finding names the first.
   *
   * @param seconds that reading the file took
   */
  static Finding of(Session session, Structure structure, double seconds) {
    AuditSpec spec = session.spec();
    if (!spec.attacks().isEmpty() && !spec.attacks().contains(INFO.id())) {
      return Ran.not(INFO, Status.SKIPPED, "not among --attacks");
    }
    Optional<Access> less = spec.access().filter(access -> !access.covers(INFO.access()));
    if (less.isPresent()) {
      String why = "needs the model's file; the adversary has " + less.get();
      return Ran.not(INFO, Status.NOT_APPLICABLE, why);
    }
    return structure
        .leaks()
        .map(leaks -> found(session, structure, leaks, seconds))
        .orElseGet(() -> Ran.not(INFO, Status.NOT_APPLICABLE, absent(structure)));
  }

  private static String absent(Structure structure) {
    return structure.notApplicable().getOrDefault(Gate.ROWS_STORED, "there is no model file");
  }

  private static Finding found(
      Session session, Structure structure, StructuralLeaks leaks, double seconds) {
    session
        .steps()
        .evidence(INFO.id(), () -> new Steps.Saved(leaks, 0, seconds), UnaryOperator.identity());
    Map<String, Metric> facts = new LinkedHashMap<>();
    FIGURES.forEach(
        (gate, name) ->
            Optional.ofNullable(structure.facts().get(gate))
                .ifPresent(fact -> facts.put(name, fact)));
    structure
        .embeddingsUnread()
        .ifPresent(
            why ->
                facts.put(
                    StructuralAssessor.OWN_EMBEDDING,
                    Metric.unresolved(leaks.members().units(), why)));
    Access others = session.subject().access();
    String note =
        others.covers(INFO.access())
            ? null
            : "read by whoever holds the file; the other attacks had " + others;
    Ran ran = new Ran(INFO, 0, seconds, note);
    return StructuralAssessor.assess(ran, leaks, facts);
  }
}
