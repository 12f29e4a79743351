package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Unique: every element, or slice of an axis, once; in order, or in that of its first place. */
final class Uniques {
  private Uniques() {}

  static void register() {
    Operators.many("Unique", Uniques::unique);
  }

  /**
   * What was found.
   *
   * @param firsts where each unique key stands first
   * @param inverse for every key its place among the unique ones
   * @param counts how often each occurs
   */
  private record Found(long[] firsts, long[] inverse, long[] counts) {}

  private static List<Value> unique(Call c) {
    boolean whole = !c.attributes().has("axis");
    if (c.value(0) instanceof Value.Strings texts) {
      if (!whole && texts.shape().length != 1) {
        throw c.error("looks for slices of texts, which is not supported");
      }
      Found found = found(c, texts.values(), Comparator.naturalOrder());
      List<String> once =
          Arrays.stream(found.firsts).mapToObj(i -> texts.values().get((int) i)).toList();
      return outputs(new Value.Strings(once, new long[] {once.size()}), found);
    }
    Tensor x = whole ? c.x(0).reshape(-1) : c.x(0);
    int axis = whole ? 0 : c.axis(c.attributes().integer("axis", 0), x.rank());
    Found found = x.dtype().isFloating() ? reals(c, x, axis) : integers(c, x, axis);
    Tensor places = Tensors.of(found.firsts, found.firsts.length);
    return outputs(Value.of(Indexing.indexSelect(x, axis, places)), found);
  }

  private static List<Value> outputs(Value once, Found found) {
    return List.of(
        once,
        Value.of(Tensors.of(found.firsts, found.firsts.length)),
        Value.of(Tensors.of(found.inverse, found.inverse.length)),
        Value.of(Tensors.of(found.counts, found.counts.length)));
  }

  private static Found reals(Call c, Tensor x, int axis) {
    // Both zeros are the same number.
    double[] values = x.transpose(0, axis).add(0).toDoubles();
    List<double[]> keys = slices(x, axis, (from, to) -> Arrays.copyOfRange(values, from, to));
    return found(c, keys, Arrays::compare);
  }

  private static Found integers(Call c, Tensor x, int axis) {
    long[] values = x.transpose(0, axis).toLongs();
    List<long[]> keys = slices(x, axis, (from, to) -> Arrays.copyOfRange(values, from, to));
    return found(c, keys, Arrays::compare);
  }

  /** Cuts a range of elements out. */
  private interface Cut<K> {
    K between(int from, int to);
  }

  private static <K> List<K> slices(Tensor x, int axis, Cut<K> cut) {
    int count = (int) x.size(axis);
    int each = count == 0 ? 0 : (int) (x.count() / count);
    IntFunction<K> slice = i -> cut.between(i * each, (i + 1) * each);
    return IntStream.range(0, count).mapToObj(slice).toList();
  }

  private static <K> Found found(Call c, List<K> keys, Comparator<K> order) {
    TreeMap<K, Integer> firsts = new TreeMap<>(order);
    for (int i = 0; i < keys.size(); i++) {
      firsts.putIfAbsent(keys.get(i), i);
    }
    List<Integer> places = new ArrayList<>(firsts.values());
    if (!c.attributes().flag("sorted", true)) {
      places.sort(Comparator.naturalOrder());
    }
    TreeMap<K, Integer> ranks = new TreeMap<>(order);
    for (int rank = 0; rank < places.size(); rank++) {
      ranks.put(keys.get(places.get(rank)), rank);
    }
    long[] inverse = keys.stream().mapToLong(ranks::get).toArray();
    long[] counts = new long[places.size()];
    for (long rank : inverse) {
      counts[(int) rank]++;
    }
    return new Found(places.stream().mapToLong(Integer::longValue).toArray(), inverse, counts);
  }
}
