package io.afterimage.graph;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The texts that a graph tells apart at one of its inputs: those that it encodes, looks up or
 * compares with, wherever the input's texts are passed on to.
 *
 * @param known in the file's order; empty where it tells none apart
 * @param takesOthers whether it answers texts that it does not know, too
 */
public record Categories(List<String> known, boolean takesOthers) {
  /** What no category is called. */
  private static final String OTHER = "(none of the categories)";

  private static final List<String> LISTS =
      List.of("cats_strings", "keys_strings", "classes_strings", "pool_strings");

  public Categories {
    known = List.copyOf(known);
  }

  /** Of an input of texts. */
  public static Categories of(OnnxModel model, String input) {
    Set<String> known = new LinkedHashSet<>();
    boolean takesOthers = true;
    Deque<String> values = new ArrayDeque<>(List.of(input));
    Set<String> seen = new HashSet<>(values);
    while (!values.isEmpty()) {
      for (Node node : model.consumers(values.remove())) {
        List<String> told = told(model, node);
        known.addAll(told);
        takesOthers &= node.attributes().flag("zeros", true);
        if (told.isEmpty() && !node.is("Cast")) {
          node.outputs().stream().filter(seen::add).forEach(values::add);
        }
      }
    }
    return new Categories(new ArrayList<>(known), takesOthers);
  }

  private static List<String> told(OnnxModel model, Node node) {
    Stream<String> lists =
        LISTS.stream()
            .map(node.attributes()::texts)
            .flatMap(Optional::stream)
            .flatMap(Collection::stream);
    Stream<String> keys =
        node.attributes().tensor("keys_tensor").map(TensorData::texts).stream()
            .flatMap(Collection::stream);
    Stream<String> compared =
        node.is("Equal")
            ? node.inputs().stream().flatMap(value -> model.constantTexts(value).stream())
            : Stream.of();
    return Stream.of(lists, keys, compared).flatMap(texts -> texts).toList();
  }

  /** One of them, or a text that is none where the graph takes others; all are as probable. */
  public String drawn(RandomGenerator random) {
    int choice = random.nextInt(known.size() + (takesOthers || known.isEmpty() ? 1 : 0));
    return choice < known.size() ? known.get(choice) : OTHER;
  }
}
