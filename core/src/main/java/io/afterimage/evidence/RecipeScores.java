package io.afterimage.evidence;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How strongly each record looks like a member of models that were trained as the target was, each
 * of which took the target's place; greater means more like one.
 *
 * @param people everybody, each once
 * @param learned by model and record: whether the model learned from it, as coins decided
 * @param signals by name, then by model and record
 * @param notes how they came about
 */
public record RecipeScores(
    People people, boolean[][] learned, Map<String, double[][]> signals, List<String> notes) {
  public RecipeScores {
    signals = Collections.unmodifiableMap(new LinkedHashMap<>(signals));
    notes = List.copyOf(notes);
  }
}
