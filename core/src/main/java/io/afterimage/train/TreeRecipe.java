package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;

/**
 * How trees are grown; its text says all of it. The models take rows of numbers, FLOAT [N, columns]
 * as {@link Architecture#INPUT}, and answer {@link Layers#PROBABILITIES} or a value.
 */
public sealed interface TreeRecipe permits TreeRecipe.OfForest, BoostedTrees {
  /**
   * Grows a model, on one thread.
   *
   * @throws io.afterimage.base.BadInputException where the rows cannot be learned from
   */
  OnnxModel grow(LabelledTable rows, Run run);

  /** A forest of classification trees. */
  record OfForest(Forests.Settings settings) implements TreeRecipe {
    @Override
    public OnnxModel grow(LabelledTable rows, Run run) {
      int classes = rows.classes().size();
      Forest forest = Forests.grow(rows.table(), rows.labels(), classes, settings, run);
      return ForestGraph.write(forest, rows.classes());
    }
  }
}
