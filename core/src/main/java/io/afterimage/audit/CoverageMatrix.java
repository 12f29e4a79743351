package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Status;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.WithReferences;
import io.afterimage.base.Family;
import io.afterimage.report.Report.Coverage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What an audit looked at, line by line, so that what it did not look at is as plain. */
final class CoverageMatrix {
  private static final Map<Family, String> ITEMS =
      Map.of(
          Family.MEMBERSHIP, "Membership inference",
          Family.ATTRIBUTE, "Attribute inference",
          Family.INVERSION, "Model inversion",
          Family.EXTRACTION, "Model extraction",
          Family.GRADIENT, "Gradient leakage");

  private CoverageMatrix() {}

  /**
   * The lines.
   *
   * @param findings of the attacks on the target
   * @param structural what the file itself was found to hold
   * @param oneRun what canaries said of epsilon
   */
  static List<Coverage> of(List<Finding> findings, Finding structural, List<Finding> oneRun) {
    List<Coverage> lines = new ArrayList<>();
    for (Family family : Family.values()) {
      List<Finding> of = findings.stream().filter(f -> f.family() == family).toList();
      lines.add(line(Optional.ofNullable(ITEMS.get(family)).orElseThrow(), of));
    }
    lines.add(
        line(
            "Membership inference with reference models",
            findings.stream().filter(CoverageMatrix::comparesWithModels).toList()));
    lines.add(line("Epsilon bounded from below by canaries", oneRun));
    lines.add(line("Training rows stored in the model", List.of(structural)));
    lines.add(notRun("Regurgitation of near-copies of records"));
    return lines;
  }

  private static boolean comparesWithModels(Finding finding) {
    return Attacks.all().stream()
        .filter(attack -> attack.defaults() instanceof WithReferences)
        .map(attack -> attack.info().id())
        .anyMatch(finding::isOf);
  }

  private static Coverage line(String item, List<Finding> findings) {
    if (findings.isEmpty()) {
      return notRun(item);
    }
    List<String> ran = named(findings, Status.RUN);
    if (!ran.isEmpty()) {
      return new Coverage(item, "run", "", ran);
    }
    boolean applicable = findings.stream().anyMatch(f -> f.status() != Status.NOT_APPLICABLE);
    String reasons =
        String.join("; ", findings.stream().map(f -> f.attack() + ": " + f.reason()).toList());
    return new Coverage(item, applicable ? "notRun" : "notApplicable", reasons, List.of());
  }

  private static Coverage notRun(String item) {
    return new Coverage(item, "notRun", "this version has no such attack", List.of());
  }

  private static List<String> named(List<Finding> findings, Status status) {
    return findings.stream().filter(f -> f.status() == status).map(Finding::attack).toList();
  }
}
