package io.afterimage.attack.attribute;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.common.Asker;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an adversary after one sensitive attribute is given of a split. The only place where the
 * attribute's true values are touched: they reach no attack.
 */
final class Victims {
  private Victims() {}

  /** The one sensitive column; a BadInputException where there are more or none. */
  static String sensitive(Dataset rows) {
    List<String> names = rows.schema().names(Role.SENSITIVE);
    check(
        names.size() == 1,
        "an attribute attack is after one sensitive column at a time, but --sensitive names %d: %s",
        names.size(),
        names);
    return names.get(0);
  }

  /**
   * The split with the members' and the non-members' sensitive values left out. The population
   * keeps its own. Without a population there stands in its place how often each value occurs among
   * the members: their sensitive column alone, sorted, so that nothing tells whose a value is.
   */
  static Split blinded(Split split) {
    String sensitive = sensitive(split.members());
    return new Split(
        blank(split.members(), sensitive),
        blank(split.nonMembers(), sensitive),
        Optional.of(split.population().orElseGet(() -> sorted(split.members(), sensitive))),
        Optional.empty());
  }

  /** The split with the model's answer about each true record in place of the true response. */
  static Split answered(Asker asker, Split split) {
    return new Split(
        answered(asker, split.members()),
        answered(asker, split.nonMembers()),
        split.population().map(rows -> answered(asker, rows)),
        Optional.empty());
  }

  private static Dataset answered(Asker asker, Dataset rows) {
    String label =
        rows.label()
            .orElseThrow(
                () -> new BadInputException(rows.name() + " has no label; name it with --label"))
            .name();
    Predictions answers = asker.ask(rows);
    TargetInfo target = asker.target().info();
    int[] classes = new int[rows.rows()];
    Arrays.setAll(classes, answers::label);
    return rows.with(
        target.task() == Task.REGRESSION
            ? new Column.Numeric(label, answers.values())
            : new Column.Categorical(label, classes, target.classes()));
  }

  private static Dataset blank(Dataset rows, String sensitive) {
    Column column = rows.column(sensitive);
    if (column instanceof Column.Categorical categorical) {
      int[] missing = new int[rows.rows()];
      Arrays.fill(missing, -1);
      return rows.with(new Column.Categorical(sensitive, missing, categorical.dictionary()));
    }
    double[] missing = new double[rows.rows()];
    Arrays.fill(missing, Double.NaN);
    return rows.with(new Column.Numeric(sensitive, missing));
  }

  private static Dataset sorted(Dataset rows, String sensitive) {
    Column column = rows.column(sensitive);
    Column values;
    if (column instanceof Column.Categorical categorical) {
      int[] codes = categorical.codes().clone();
      Arrays.sort(codes);
      values = new Column.Categorical(sensitive, codes, categorical.dictionary());
    } else if (column instanceof Column.Numeric numeric) {
      double[] numbers = numeric.values().clone();
      Arrays.sort(numbers);
      values = new Column.Numeric(sensitive, numbers);
    } else {
      throw new BadInputException(
          "--sensitive %s: an array has no values to guess; name a column".formatted(sensitive));
    }
    return Dataset.of(rows.name(), new Schema(Map.of(sensitive, Role.SENSITIVE)), List.of(values));
  }
}
