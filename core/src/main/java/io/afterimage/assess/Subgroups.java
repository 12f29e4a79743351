package io.afterimage.assess;

import io.afterimage.assess.Exposure.Group;
import io.afterimage.assess.Exposure.TooFew;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** Holds each group of people against everybody outside it. */
final class Subgroups {
  private static final int LEAST = 10;
  private static final double LEVEL = Interval.MISS / 2;

  private final ScoredPeople everybody;
  private final List<Group> groups = new ArrayList<>();
  private final List<TooFew> tooFew = new ArrayList<>();

  Subgroups(ScoredPeople everybody) {
    this.everybody = everybody;
  }

  /** Some of the people, who share a group. */
  private record Part(int group, ScoredPeople people) {
    boolean isEmpty() {
      return people.members().length + people.nonMembers().length == 0;
    }

    boolean isEnough() {
      return people.fewest() >= LEAST;
    }
  }

  /** Compares the groups of one attribute; nothing where all people are in one. */
  void add(Grouping grouping) {
    List<Part> parts =
        IntStream.range(0, grouping.groups().size())
            .mapToObj(g -> new Part(g, select(grouping, g, true)))
            .filter(part -> !part.isEmpty())
            .toList();
    if (parts.size() < 2) {
      return;
    }
    parts.stream().filter(Part::isEnough).forEach(part -> groups.add(group(grouping, part)));
    List<ScoredPeople> few =
        parts.stream().filter(part -> !part.isEnough()).map(Part::people).toList();
    if (!few.isEmpty()) {
      tooFew.add(
          new TooFew(
              grouping.attribute(),
              few.size(),
              few.stream().mapToInt(people -> people.memberUnits().count()).sum(),
              few.stream().mapToInt(people -> people.nonMemberUnits().count()).sum()));
    }
  }

  private ScoredPeople select(Grouping grouping, int group, boolean inside) {
    return everybody.select(
        rows(grouping.members(), group, inside), rows(grouping.nonMembers(), group, inside));
  }

  private static int[] rows(int[] groups, int group, boolean inside) {
    return IntStream.range(0, groups.length)
        .filter(row -> (groups[row] == group) == inside)
        .toArray();
  }

  private Group group(Grouping grouping, Part part) {
    return new Group(
        grouping.attribute(),
        grouping.groups().get(part.group()),
        part.people().memberUnits().count(),
        part.people().nonMemberUnits().count(),
        metrics(part.people(), select(grouping, part.group(), false)),
        1,
        false);
  }

  private static Map<String, Metric> metrics(ScoredPeople inside, ScoredPeople outside) {
    Roc roc = inside.roc();
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("auc", roc.auc());
    metrics.put("tpr@0.01", roc.tprAt(0.01));
    metrics.put("tpr@0.1", roc.tprAt(0.1));
    metrics.put("aucOverOthers", difference(roc.auc(), outside));
    return metrics;
  }

  private static Metric difference(Metric auc, ScoredPeople outside) {
    if (outside.fewest() < LEAST) {
      return Metric.unresolved(
          auc.n(), "fewer than %d people in a role stand outside the group".formatted(LEAST));
    }
    Metric others = outside.roc().auc();
    double value = Objects.requireNonNull(auc.value());
    double other = Objects.requireNonNull(others.value());
    Interval ends = Interval.ofDifference(value, auc.interval(), other, others.interval());
    return Metric.of(value - other, ends.low(), ends.high(), auc.n() + others.n());
  }

  /** All groups with enough people, their p-values corrected for each other. */
  List<Group> compared() {
    double[] adjusted =
        Holm.adjust(
            groups.stream()
                .mapToDouble(
                    g -> Holm.atMost(0, Objects.requireNonNull(g.metrics().get("aucOverOthers"))))
                .toArray());
    return IntStream.range(0, adjusted.length)
        .mapToObj(i -> corrected(groups.get(i), adjusted[i]))
        .toList();
  }

  private static Group corrected(Group group, double adjusted) {
    return new Group(
        group.attribute(),
        group.group(),
        group.members(),
        group.nonMembers(),
        group.metrics(),
        adjusted,
        adjusted < LEVEL);
  }

  List<TooFew> tooFew() {
    return List.copyOf(tooFew);
  }
}
