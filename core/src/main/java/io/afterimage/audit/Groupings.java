package io.afterimage.audit;

import io.afterimage.assess.Grouping;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The groups of people that are compared: those of the label and of each sensitive column, and of
 * the other columns of few categories where these are not too many to read.
 */
final class Groupings {
  private static final int MOST_VALUES = 20;
  private static final int MOST_OTHERS = 12;

  private Groupings() {}

  /** Those of the people with these scores, who are all of the split or a selection. */
  static List<Grouping> of(Split split, MembershipScores scores) {
    int[] members = Bench.places(scores.members(), split.members());
    int[] nonMembers = Bench.places(scores.nonMembers(), split.nonMembers());
    return columns(split.members())
        .map(name -> grouping(split, name, members, nonMembers))
        .toList();
  }

  private static Stream<String> columns(Dataset rows) {
    Schema schema = rows.schema();
    List<String> others =
        schema.names(Role.FEATURE).stream().filter(name -> hasFewValues(rows, name)).toList();
    return Stream.of(
            schema.names(Role.LABEL),
            schema.names(Role.SENSITIVE),
            others.size() > MOST_OTHERS ? List.<String>of() : others)
        .flatMap(List::stream)
        .filter(name -> rows.column(name) instanceof Column.Categorical);
  }

  private static boolean hasFewValues(Dataset rows, String name) {
    return rows.column(name) instanceof Column.Categorical column
        && column.dictionary().size() <= MOST_VALUES;
  }

  private static Grouping grouping(Split split, String name, int[] members, int[] nonMembers) {
    Column.Categorical ofMembers = (Column.Categorical) split.members().column(name);
    Column.Categorical others = (Column.Categorical) split.nonMembers().column(name);
    return new Grouping(
        name,
        ofMembers.dictionary(),
        IntStream.of(members).map(ofMembers::code).toArray(),
        IntStream.of(nonMembers).map(others::code).toArray());
  }
}
