package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.stream.LongStream;

/** Operators that make maps and read them. */
final class Dictionaries {
  private Dictionaries() {}

  static void register() {
    Operators.ml("ZipMap", c -> List.of(zipped(c)));
    Operators.ml("DictVectorizer", c -> List.of(Value.of(vectorised(c))));
    Operators.ml("CastMap", c -> List.of(Value.of(cast(c).unsqueeze(0))));
  }

  /** For each row a map from the classes' labels to its columns. */
  private static Value zipped(Call c) {
    Labels labels = Labels.of(c);
    Tensor rows = Ml.rows(c.x(0));
    if (rows.rank() != 2 || rows.size(1) != labels.count()) {
      throw c.error("has %d labels for %s".formatted(labels.count(), rows));
    }
    Value keys = labels.pick(Tensors.arange(labels.count()));
    return new Value.Sequence(
        Indexing.unbind(rows, 0).stream()
            .<Value>map(row -> new Value.Dictionary(keys, Value.of(row)))
            .toList());
  }

  /** The values by ascending key; or, sparse, each in the column of its key, between zeros. */
  private static Tensor cast(Call c) {
    if (!(c.value(0) instanceof Value.Dictionary map)
        || !(map.values() instanceof Value.Numbers values)
        || !(map.keys() instanceof Value.Numbers keys)) {
      throw c.error("needs a map from whole numbers to numbers");
    }
    DType type =
        switch (c.attributes().text("cast_to", "TO_FLOAT")) {
          case "TO_FLOAT" -> c.real();
          case "TO_INT64" -> DType.LONG;
          default -> throw c.error("casts to other than numbers, which is not supported");
        };
    Indexing.Ordered ordered = Indexing.sort(keys.tensor(), 0, false);
    Tensor row = Indexing.indexSelect(values.tensor().to(type), 0, ordered.indices());
    return switch (c.attributes().text("map_form", "DENSE")) {
      case "DENSE" -> row;
      case "SPARSE" -> sparse(c, ordered.values(), row);
      default -> throw c.error("has a map_form other than DENSE and SPARSE");
    };
  }

  private static Tensor sparse(Call c, Tensor keys, Tensor values) {
    long width = c.attributes().integer("max_map", 1);
    if (keys.count() > 0 && keys.min(false).item() < 0) {
      throw c.error("has a negative key, which no column stands for");
    }
    Tensor row = Tensors.zeros(values.dtype(), c.sized(width));
    Tensor inside = Indexing.nonZero(keys.lt((double) width)).reshape(-1);
    Tensor columns = Indexing.indexSelect(keys, 0, inside);
    return Indexing.scatter(row, 0, columns, Indexing.indexSelect(values, 0, inside));
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
