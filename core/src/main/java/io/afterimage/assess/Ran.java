package io.afterimage.assess;

import io.afterimage.base.AttackInfo;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How an attack ran, for its findings.
 *
 * @param attack what it is
 * @param queries rows that it asked the target about
 * @param seconds how long it took
 * @param note what to know of how it ran; null where there is nothing to say
 */
public record Ran(AttackInfo attack, long queries, double seconds, @Nullable String note) {

  /** The finding of an attack that brought no evidence, with the reason. */
  public static Finding not(AttackInfo attack, Status status, String reason) {
    return new Finding(
        attack.id(),
        attack.family(),
        attack.access(),
        status,
        reason,
        0,
        0,
        Map.of(),
        Map.of(),
        Map.of(),
        Severity.NONE,
        List.of(),
        List.of());
  }

  /** The name of a finding: the attack, and behind a slash what it looked at. */
  String named(String part) {
    return attack.id() + "/" + part;
  }

  /** The run's note and what else is to be said; null where that is nothing. */
  @Nullable String noteAnd(List<String> more) {
    String joined = String.join("; ", more);
    if (note == null) {
      return joined.isEmpty() ? null : joined;
    }
    return joined.isEmpty() ? note : note + "; " + joined;
  }
}
