package io.afterimage.train;

import io.afterimage.graph.Value;
import java.util.Map;

/** How examples differ each time they are shown; what is to be answered stays. */
interface Variation {
  /**
   * The inputs as they are shown this time, in the innermost scope.
   *
   * @param inputs of these rows, as they are
   */
  Map<String, Value> of(Map<String, Value> inputs, int[] rows, int epoch);

  /** Everything that was chosen, in words: two variations that say the same do the same. */
  String description();
}
