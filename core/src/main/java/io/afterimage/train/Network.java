package io.afterimage.train;

import java.nio.file.Path;
import java.util.List;

/** What is trained. */
public sealed interface Network {
  /**
   * The graph of a model file.
   *
   * @param fromWeights whether training goes on from the file's weights; else they are drawn anew
   * @param train patterns of parameters that are trained besides the usual ones
   * @param freeze patterns of parameters that are not
   */
  record OfModel(Path file, boolean fromWeights, List<String> train, List<String> freeze)
      implements Network {
    public OfModel {
      train = List.copyOf(train);
      freeze = List.copyOf(freeze);
    }
  }

  /**
   * A built-in architecture over the rows.
   *
   * @param columns who and what, for {@link Blueprint#MATRIX_FACTORISATION}; else none
   */
  record OfBlueprint(Blueprint blueprint, Blueprint.Sizes sizes, List<String> columns)
      implements Network {
    public OfBlueprint {
      columns = List.copyOf(columns);
    }
  }
}
