package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Encoders of ai.onnx.ml: labels, categories, one-hot. */
final class Encoders {
  private static final String CLASS = "its input is a category";

  private Encoders() {}

  static void register() {
    Operators.flatMl("OneHotEncoder", CLASS, Encoders::oneHot);
    Operators.flatMl("LabelEncoder", CLASS, Encoders::label);
    Operators.flatMl("CategoryMapper", CLASS, Encoders::category);
  }

  /** The elements of a value as keys: texts, whole numbers, or the numbers' own bits. */
  private static List<Object> keys(Value value) {
    if (value instanceof Value.Strings strings) {
      return List.copyOf(strings.values());
    }
    Tensor x = ((Value.Numbers) value).tensor();
    return x.dtype().isFloating()
        ? IntStream.range(0, (int) x.count()).<Object>mapToObj(floats(x)::get).toList()
        : Arrays.stream(x.toLongs()).<Object>mapToObj(Long::valueOf).toList();
  }

  private static List<Float> floats(Tensor x) {
    List<Float> values = new ArrayList<>();
    for (float value : x.toFloats()) {
      values.add(value);
    }
    return values;
  }

  private static List<Value> oneHot(Call c) {
    List<?> categories =
        c.attributes().has("cats_strings")
            ? c.attributes().texts("cats_strings").orElseThrow()
            : Arrays.stream(c.attributes().integers("cats_int64s").orElse(new long[0]))
                .boxed()
                .toList();
    Map<Object, Integer> columns = new HashMap<>();
    categories.forEach(category -> columns.put(category, columns.size()));
    List<Object> keys = whole(keys(c.value(0)));
    long[] shape =
        LongStream.concat(Arrays.stream(c.value(0).shape()), LongStream.of(columns.size()))
            .toArray();
    c.sized(shape);
    float[] ones = new float[keys.size() * columns.size()];
    for (int i = 0; i < keys.size(); i++) {
      Integer column = columns.get(keys.get(i));
      if (column != null) {
        ones[i * columns.size() + column] = 1;
      } else if (!c.attributes().flag("zeros", true)) {
        throw c.error("is given " + keys.get(i) + ", which is not among its categories");
      }
    }
    return Ml.one(Tensors.of(ones, shape).to(c.real()));
  }

  /** Whole numbers may come as floats. */
  private static List<Object> whole(List<Object> keys) {
    return keys.stream()
        .<Object>map(key -> key instanceof Float number ? Long.valueOf((long) (float) number) : key)
        .toList();
  }

  private static List<Value> label(Call c) {
    if (c.opset() < 2) {
      return fromClasses(c);
    }
    List<Object> from = list(c, "keys");
    List<Object> to = list(c, "values");
    if (from.size() != to.size()) {
      throw c.error("has %d keys and %d values".formatted(from.size(), to.size()));
    }
    Map<Object, Object> map = new HashMap<>();
    for (int i = 0; i < from.size(); i++) {
      map.put(from.get(i), to.get(i));
    }
    Object otherwise = otherwise(c, to);
    List<Object> mapped =
        keys(c.value(0)).stream().map(k -> map.getOrDefault(k, otherwise)).toList();
    return List.of(value(c, mapped, otherwise, c.value(0).shape()));
  }

  private static List<Object> list(Call c, String prefix) {
    if (c.attributes().has(prefix + "_tensor")) {
      return keys(c.constant(prefix + "_tensor"));
    }
    if (c.attributes().has(prefix + "_strings")) {
      return List.copyOf(c.attributes().texts(prefix + "_strings").orElseThrow());
    }
    if (c.attributes().has(prefix + "_int64s")) {
      return Arrays.stream(c.attributes().integers(prefix + "_int64s").orElseThrow())
          .<Object>mapToObj(Long::valueOf)
          .toList();
    }
    List<Object> values = new ArrayList<>();
    for (float value : c.attributes().numbers(prefix + "_floats").orElse(new float[0])) {
      values.add(value);
    }
    return values;
  }

  private static Object otherwise(Call c, List<Object> values) {
    if (c.attributes().has("default_tensor")) {
      return keys(c.constant("default_tensor")).get(0);
    }
    Object sample = values.isEmpty() ? "" : values.get(0);
    if (sample instanceof String) {
      return c.attributes().text("default_string", "_Unused");
    }
    return sample instanceof Long
        ? (Object) c.attributes().integer("default_int64", -1)
        : (Object) (float) c.attributes().number("default_float", -0.0);
  }

  private static Value value(Call c, List<Object> mapped, Object sample, long[] shape) {
    if (sample instanceof String) {
      return new Value.Strings(mapped.stream().map(Object::toString).toList(), shape);
    }
    if (sample instanceof Long) {
      return Value.of(Tensors.of(mapped.stream().mapToLong(m -> (Long) m).toArray(), shape));
    }
    float[] numbers = new float[mapped.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = (Float) mapped.get(i);
    }
    return Value.of(Tensors.of(numbers, shape).to(c.real()));
  }

  private static List<Value> fromClasses(Call c) {
    List<String> classes = c.attributes().texts("classes_strings").orElse(List.of());
    if (c.value(0) instanceof Value.Strings strings) {
      long otherwise = c.attributes().integer("default_int64", -1);
      long[] codes =
          strings.values().stream()
              .mapToLong(s -> classes.contains(s) ? classes.indexOf(s) : otherwise)
              .toArray();
      return Ml.one(Tensors.of(codes, strings.shape()));
    }
    String otherwise = c.attributes().text("default_string", "_Unused");
    List<String> texts =
        Arrays.stream(c.longs(0))
            .mapToObj(i -> i >= 0 && i < classes.size() ? classes.get((int) i) : otherwise)
            .toList();
    return List.of(new Value.Strings(texts, c.value(0).shape()));
  }

  private static List<Value> category(Call c) {
    List<String> texts = c.attributes().texts("cats_strings").orElse(List.of());
    long[] codes = c.attributes().integers("cats_int64s").orElse(new long[0]);
    if (c.value(0) instanceof Value.Strings strings) {
      long otherwise = c.attributes().integer("default_int64", -1);
      long[] mapped =
          strings.values().stream()
              .mapToLong(s -> texts.contains(s) ? codes[texts.indexOf(s)] : otherwise)
              .toArray();
      return Ml.one(Tensors.of(mapped, strings.shape()));
    }
    Map<Long, String> names = new HashMap<>();
    IntStream.range(0, codes.length).forEach(i -> names.put(codes[i], texts.get(i)));
    String otherwise = c.attributes().text("default_string", "_Unused");
    List<String> mapped =
        Arrays.stream(c.longs(0)).mapToObj(i -> names.getOrDefault(i, otherwise)).toList();
    return List.of(new Value.Strings(mapped, c.value(0).shape()));
  }
}
