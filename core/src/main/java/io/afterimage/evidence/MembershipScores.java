package io.afterimage.evidence;

import java.util.Map;

/**
 * How strongly each record looks like a member; greater means more like one. One signal for each
 * way of looking.
 *
 * @param members the records that were trained on
 * @param nonMembers the records that were not
 * @param signals by name, in the order of the report: {@code loss}, {@code confidence}, …
 */
public record MembershipScores(People members, People nonMembers, Map<String, Signal> signals)
    implements Evidence {
  public MembershipScores {
    signals = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(signals));
  }

  /** One score a record, in the order of the people. */
  public record Signal(double[] members, double[] nonMembers) {}
}
