package io.afterimage.evidence;

import java.util.List;
import java.util.Map;

/**
 * How strongly each record looks like a member; greater means more like one. One signal for each
 * way of looking.
 *
 * @param members the records that were trained on
 * @param nonMembers the records that were not
 * @param signals by name, in the order of the report: {@code loss}, {@code confidence}, …
 * @param notes how they came about, where a reader of the report should know it
 */
public record MembershipScores(
    People members, People nonMembers, Map<String, Signal> signals, List<String> notes)
    implements Evidence {
  public MembershipScores {
    signals = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(signals));
    notes = List.copyOf(notes);
  }

  /** Scores of which nothing else is to be known. */
  public MembershipScores(People members, People nonMembers, Map<String, Signal> signals) {
    this(members, nonMembers, signals, List.of());
  }

  /** One score a record, in the order of the people. */
  public record Signal(double[] members, double[] nonMembers) {}
}
