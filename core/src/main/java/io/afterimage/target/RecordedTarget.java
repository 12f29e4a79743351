package io.afterimage.target;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Files of a model's answers in place of the model: knows its own rows, by id, and no others.
 *
 * <p>A classifier's table has a column {@code p_CLASS} for each class, with probabilities (which
 * may have been rounded or cut to the greatest, so that they add up to less than 1); a regressor's
 * has a column {@code value}.
 */
public final class RecordedTarget implements ScoreTarget {
  private static final String PREFIX = "p_";
  private static final String VALUE = "value";

  private final TargetInfo info;
  private final List<String> columns;
  private final Map<String, double[]> answers = new HashMap<>();

  private RecordedTarget(String name, List<String> columns) {
    boolean classifies = !columns.equals(List.of(VALUE));
    this.columns = columns;
    this.info =
        new TargetInfo(
            name,
            classifies ? Task.CLASSIFICATION : Task.REGRESSION,
            classifies
                ? columns.stream().map(c -> c.substring(PREFIX.length())).toList()
                : List.of(),
            classifies ? Meaning.PROBABILITIES : Meaning.VALUE,
            Access.SCORES,
            Optional.empty());
  }

  /**
   * The answers in these tables; a BadInputException where they are none or not those of one model.
   */
  public static RecordedTarget of(String name, List<Dataset> tables) {
    List<String> columns = answerColumns(tables.get(0));
    RecordedTarget target = new RecordedTarget(name, columns);
    for (Dataset table : tables) {
      Checks.check(
          answerColumns(table).equals(columns),
          "%s answers in the columns %s, but %s in %s; both must come from one model",
          tables.get(0).name(),
          columns,
          table.name(),
          answerColumns(table));
      target.add(table);
    }
    return target;
  }

  /** The columns of a table that hold a model's answers, which are no inputs of the model. */
  public static List<String> answerColumns(Dataset table) {
    List<String> names = table.columns().stream().map(Column::name).toList();
    List<String> classes = names.stream().filter(n -> n.startsWith(PREFIX)).toList();
    Checks.check(
        classes.size() > 1 || (classes.isEmpty() && names.contains(VALUE)),
        "%s holds no predictions: it needs a column p_CLASS for each of two or more classes, or a column value; it has %s",
        table.name(),
        names.stream().limit(20).toList());
    return classes.isEmpty() ? List.of(VALUE) : classes;
  }

  private void add(Dataset table) {
    List<Column.Numeric> numbers = columns.stream().map(c -> numeric(table, c)).toList();
    for (int row = 0; row < table.rows(); row++) {
      int at = row;
      double[] answer = numbers.stream().mapToDouble(c -> c.get(at)).toArray();
      check(answer, table, row);
      Checks.check(
          answers.put(table.id(row), answer) == null,
          "%s: record %s stands twice among the predictions",
          table.name(),
          table.id(row));
    }
  }

  private static Column.Numeric numeric(Dataset table, String column) {
    if (table.column(column) instanceof Column.Numeric numbers) {
      return numbers;
    }
    throw new BadInputException(
        "column %s of %s must hold numbers: the model's answers".formatted(column, table.name()));
  }

  private void check(double[] answer, Dataset table, int row) {
    double sum = 0;
    for (int i = 0; i < answer.length; i++) {
      boolean fits =
          info.task() == Task.REGRESSION
              ? Double.isFinite(answer[i])
              : answer[i] >= 0 && answer[i] <= 1;
      Checks.check(
          fits,
          "%s, record %s: %s must be %s, but is %s",
          table.name(),
          table.id(row),
          columns.get(i),
          info.task() == Task.REGRESSION ? "a number" : "a probability between 0 and 1",
          answer[i]);
      sum += answer[i];
    }
    // Rounding to one digit moves each probability by 0.05 at most.
    Checks.check(
        info.task() == Task.REGRESSION || (sum > 0 && sum <= 1.005 + 0.05 * answer.length),
        "%s, record %s: its probabilities add up to %s",
        table.name(),
        table.id(row),
        sum);
  }

  @Override
  public TargetInfo info() {
    return info;
  }

  @Override
  public Predictions scores(Dataset rows) {
    double[] values = new double[rows.rows() * columns.size()];
    for (int row = 0; row < rows.rows(); row++) {
      double[] answer = answers.get(rows.id(row));
      if (answer == null) {
        throw new BadInputException(
            "%s holds no answer about record %s; predictions answer for their own rows alone"
                .formatted(info.name(), rows.id(row)));
      }
      System.arraycopy(answer, 0, values, row * columns.size(), answer.length);
    }
    return new Predictions(values, columns.size(), info.meaning());
  }
}
