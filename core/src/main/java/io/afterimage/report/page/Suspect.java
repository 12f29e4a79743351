package io.afterimage.report.page;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Worst;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A record whose membership attacks give away.
 *
 * @param chance that it is a member's, by the first of the attacks
 * @param attacks those that name it, strongest first
 */
record Suspect(String id, Figure chance, List<String> attacks) {
  private static final int MOST = 20;
  private static final String CHANCE = "posterior";

  static boolean isOne(Worst worst) {
    return worst.metricName().equals(CHANCE);
  }

  /** Those of these findings, strongest first; those first whom most attacks name. */
  static List<Suspect> of(List<Finding> findings) {
    Map<String, Suspect> suspects = new LinkedHashMap<>();
    for (Finding finding : findings) {
      for (Worst worst : finding.worst()) {
        if (isOne(worst)) {
          suspects
              .computeIfAbsent(worst.id(), id -> first(id, Figure.of(CHANCE, worst.metric())))
              .attacks
              .add(finding.attack());
        }
      }
    }
    return suspects.values().stream()
        .sorted(Comparator.comparingInt(suspect -> -suspect.attacks.size()))
        .limit(MOST)
        .toList();
  }

  private static Suspect first(String id, Figure chance) {
    return new Suspect(id, chance, new ArrayList<>());
  }
}
