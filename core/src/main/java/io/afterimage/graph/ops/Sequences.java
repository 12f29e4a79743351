package io.afterimage.graph.ops;

import io.afterimage.graph.Subgraph;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Operators on sequences and optional values. */
final class Sequences {
  /** Longest sequence: each step that changes one copies a reference to each of its values. */
  private static final int MAX_LENGTH = 1 << 13;

  private static final long ELEMENT_BYTES = 8;

  private Sequences() {}

  static void register() {
    Operators.many("SequenceEmpty", c -> one(c, List.of()));
    Operators.many(
        "SequenceConstruct",
        c -> one(c, IntStream.range(0, c.inputs()).mapToObj(c::value).toList()));
    Operators.many("SequenceInsert", Sequences::insert);
    Operators.many("SequenceErase", Sequences::erase);
    Operators.many("SequenceAt", c -> List.of(values(c, 0).get(position(c, 1, 0))));
    Operators.flat(
        "SequenceLength", "its output is a count", c -> Tensors.scalar((long) values(c, 0).size()));
    Operators.many("SplitToSequence", Sequences::split);
    Operators.one("ConcatFromSequence", Sequences::concat);
    Operators.many("SequenceMap", Sequences::map);
    Operators.many(
        "Optional",
        c -> List.of(new Value.Option(c.has(0) ? Optional.of(c.value(0)) : Optional.empty())));
    Operators.flat(
        "OptionalHasElement",
        "its output is true or false",
        c -> Tensors.of(new boolean[] {c.has(0) && isPresent(c.value(0))}));
    Operators.many("OptionalGetElement", c -> List.of(element(c)));
  }

  // ---- sequences

  private static List<Value> one(Call c, List<Value> values) {
    if (values.size() > MAX_LENGTH) {
      throw c.error(
          "makes a sequence of %d values; the most is %d".formatted(values.size(), MAX_LENGTH));
    }
    long[] bytes = {0};
    values.forEach(v -> v.forEach(tensor -> bytes[0] += ELEMENT_BYTES * tensor.count()));
    if (bytes[0] > Call.MAX_VALUE_BYTES) {
      throw c.error("makes a sequence of more than %d bytes".formatted(Call.MAX_VALUE_BYTES));
    }
    return List.of(new Value.Sequence(values));
  }

  private static List<Value> values(Call c, int input) {
    if (c.value(input) instanceof Value.Sequence sequence) {
      return sequence.values();
    }
    throw c.error("needs a sequence as input " + input);
  }

  /**
   * The place that an input names, counted from the front; so many beyond the last are allowed.
   * Without the input, the last that is.
   */
  private static int position(Call c, int input, int beyond) {
    int size = values(c, 0).size();
    long place = c.has(input) ? c.number(input) : size - 1L + beyond;
    if (place < -size || place >= size + beyond) {
      throw c.error("names place %d of a sequence of %d values".formatted(place, size));
    }
    return (int) (place < 0 ? place + size : place);
  }

  private static List<Value> insert(Call c) {
    List<Value> values = new ArrayList<>(values(c, 0));
    values.add(position(c, 2, 1), c.value(1));
    return one(c, values);
  }

  private static List<Value> erase(Call c) {
    List<Value> values = new ArrayList<>(values(c, 0));
    values.remove(position(c, 1, 0));
    return one(c, values);
  }

  /** Pieces of one size (the last may be smaller), of given sizes, or single slices. */
  private static List<Value> split(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", 0), x.rank());
    List<Tensor> pieces = Indexing.split(x, axis, extents(c, x.size(axis)));
    boolean squeezed = !c.has(1) && !c.attributes().flag("keepdims", true);
    return one(c, pieces.stream().map(p -> Value.of(squeezed ? p.squeeze(axis) : p)).toList());
  }

  private static long[] extents(Call c, long size) {
    if (c.has(1) && c.x(1).rank() > 0) {
      long[] extents = c.longs(1);
      if (LongStream.of(extents).anyMatch(e -> e < 0) || LongStream.of(extents).sum() != size) {
        throw c.error("splits %d into other sizes".formatted(size));
      }
      return extents;
    }
    long each = c.has(1) ? c.number(1) : 1;
    if (each < 1 || size / each >= MAX_LENGTH) {
      throw c.error(
          "splits %d into pieces of %d; the most pieces are %d".formatted(size, each, MAX_LENGTH));
    }
    return LongStream.range(0, (size + each - 1) / each)
        .map(i -> Math.min(each, size - i * each))
        .toArray();
  }

  private static Tensor concat(Call c) {
    List<Tensor> parts = new ArrayList<>();
    for (Value value : values(c, 0)) {
      if (!(value instanceof Value.Numbers numbers)) {
        throw c.error("joins a sequence of other things than numbers");
      }
      parts.add(numbers.tensor());
    }
    if (parts.isEmpty()) {
      throw c.error("joins an empty sequence");
    }
    boolean fresh = c.attributes().flag("new_axis", false);
    int rank = parts.get(0).rank() + (fresh ? 1 : 0);
    int axis = c.axis(c.attributes().integer("axis", 0), rank);
    return fresh ? Indexing.stack(parts, axis) : Indexing.cat(parts, axis);
  }

  /** The body, for each value of the first sequence; further sequences go along with it. */
  private static List<Value> map(Call c) {
    Subgraph body = c.subgraph("body");
    List<List<Value>> outputs = new ArrayList<>();
    body.outputs().forEach(o -> outputs.add(new ArrayList<>()));
    for (int i = 0; i < values(c, 0).size(); i++) {
      List<Value> given = new ArrayList<>();
      for (int input = 0; input < c.inputs(); input++) {
        given.add(element(c, input, i));
      }
      List<Value> results = c.run(body, given);
      for (int output = 0; output < results.size(); output++) {
        outputs.get(output).add(results.get(output));
      }
    }
    return outputs.stream().flatMap(values -> one(c, values).stream()).toList();
  }

  private static Value element(Call c, int input, int place) {
    if (!(c.value(input) instanceof Value.Sequence sequence)) {
      return c.value(input);
    }
    if (place >= sequence.values().size()) {
      throw c.error("is given sequences of different lengths");
    }
    return sequence.values().get(place);
  }

  // ---- optional values

  private static boolean isPresent(Value value) {
    return !(value instanceof Value.Option option) || option.value().isPresent();
  }

  private static Value element(Call c) {
    Value value = c.value(0);
    return value instanceof Value.Option option
        ? option.value().orElseThrow(() -> c.error("takes the element of an empty value"))
        : value;
  }
}
