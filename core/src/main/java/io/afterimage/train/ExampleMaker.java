package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import java.util.List;
import java.util.function.Function;

/** Makes the examples of a role. */
sealed interface ExampleMaker {
  Examples of(Dataset rows);

  /** Numbers of all rows, one after the other. */
  record Cells(float[] values, Shape row) {}

  /** For a graph over one array: what rows become, and what is asked of them. */
  record Arrays(Objective objective, Function<Dataset, Cells> cells) implements ExampleMaker {
    @Override
    public Examples of(Dataset rows) {
      Cells x = cells.apply(rows);
      if (objective == Objective.CROSS_ENTROPY) {
        return Examples.ofClasses(Architecture.INPUT, x.values(), x.row(), rows.classes());
      }
      return objective.rebuilds()
          ? Examples.ofThemselves(Architecture.INPUT, x.values(), x.row())
          : Examples.ofValues(Architecture.INPUT, x.values(), x.row(), ExampleMaker.values(rows));
    }
  }

  /** For a graph that takes the columns as they are. */
  record Columns(OnnxModel graph, Objective objective, Run run) implements ExampleMaker {
    @Override
    public Examples of(Dataset rows) {
      if (objective == Objective.RANKING) {
        List<ValueInfo> inputs = graph.inputs();
        if (inputs.size() != 2) {
          throw new BadInputException(
              "--loss ranking is for models of a user and an item, but %s takes %d inputs"
                  .formatted(graph.name(), inputs.size()));
        }
        return new PairExamples(
            texts(rows, inputs.get(0).name()), texts(rows, inputs.get(1).name()), run);
      }
      if (objective.rebuilds()) {
        Cells x = cells(rows);
        return Examples.ofThemselves(graph.inputs().get(0).name(), x.values(), x.row());
      }
      return objective == Objective.CROSS_ENTROPY
          ? Examples.ofClasses(graph, rows, rows.classes())
          : Examples.ofValues(graph, rows, ExampleMaker.values(rows));
    }
  }

  /** The one array of each row. */
  static Cells cells(Dataset rows) {
    if (rows.inputs().size() == 1 && rows.inputs().get(0) instanceof Column.Array array) {
      return new Cells(array.values(), array.shape());
    }
    throw new BadInputException(
        "%s has columns where one array a row is needed; give an array file"
            .formatted(rows.name()));
  }

  /** The labels as numbers. */
  static double[] values(Dataset rows) {
    if (rows.label().orElse(null) instanceof Column.Numeric label) {
      return label.values();
    }
    throw new BadInputException(
        "%s has no numbers as labels; name their column with --label".formatted(rows.name()));
  }

  /** A column of texts. */
  static Column.Categorical texts(Dataset rows, String column) {
    if (rows.column(column) instanceof Column.Categorical texts) {
      return texts;
    }
    throw new BadInputException(
        "column %s holds numbers where names are needed; read it as text with --categorical %s"
            .formatted(column, column));
  }
}
