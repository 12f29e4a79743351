package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.stream.LongStream;

/** Operators on maps. ZipMap, which makes some, stands with the classifiers in {@link Ml}. */
final class Dictionaries {
  private Dictionaries() {}

  static void register() {
    Operators.ml("DictVectorizer", c -> List.of(Value.of(vectorised(c))));
  }

  /** One row with a column for each key of the vocabulary: its value, or 0. */
  private static Tensor vectorised(Call c) {
    if (!(c.value(0) instanceof Value.Dictionary map)
        || !(map.values() instanceof Value.Numbers values)) {
      throw c.error("needs a map to numbers");
    }
    List<String> vocabulary =
        c.attributes()
            .texts("string_vocabulary")
            .orElseGet(
                () -> texts(c.attributes().integers("int64_vocabulary").orElse(new long[0])));
    List<String> keys =
        map.keys() instanceof Value.Strings strings
            ? strings.values()
            : texts(((Value.Numbers) map.keys()).tensor().toLongs());
    Tensor row = Tensors.zeros(values.tensor().dtype(), vocabulary.size());
    for (int i = 0; i < keys.size(); i++) {
      int column = vocabulary.indexOf(keys.get(i));
      if (column >= 0) {
        Tensor place = Tensors.arange(vocabulary.size()).eq(column);
        row = values.tensor().select(0, i).where(place, row);
      }
    }
    return row.unsqueeze(0);
  }

  private static List<String> texts(long[] numbers) {
    return LongStream.of(numbers).mapToObj(Long::toString).toList();
  }
}
