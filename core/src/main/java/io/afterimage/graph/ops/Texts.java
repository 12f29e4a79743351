package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/** What operators do with texts. */
final class Texts {
  private Texts() {}

  static Value parsed(Call c, Value.Strings strings, ElementType to) {
    if (to == ElementType.STRING) {
      return strings;
    }
    double[] numbers = new double[strings.values().size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(c, strings.values().get(i));
    }
    DType type =
        to.dtype().orElseThrow(() -> c.error("casts to " + to + ", which is not supported"));
    return Value.of(Tensors.of(numbers, strings.shape()).to(c.type(type)));
  }

  private static double number(Call c, String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    try {
      return switch (trimmed) {
        case "nan" -> Double.NaN;
        case "inf", "+inf", "infinity" -> Double.POSITIVE_INFINITY;
        case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
        default -> Double.parseDouble(trimmed);
      };
    } catch (NumberFormatException e) {
      throw c.error("cannot read the text \"" + text + "\" as a number");
    }
  }

  static Value printed(Tensor x) {
    List<String> texts = new ArrayList<>();
    if (x.dtype().isFloating()) {
      for (float value : x.toFloats()) {
        texts.add(
            value == Math.rint(value) && Math.abs(value) < 1e7
                ? Long.toString((long) value)
                : Float.toString(value));
      }
    } else {
      for (long value : x.toLongs()) {
        texts.add(Long.toString(value));
      }
    }
    return new Value.Strings(texts, x.shape());
  }

  static Value reshaped(Call c, Value.Strings strings, long[] shape) {
    long known = Arrays.stream(shape).filter(e -> e != -1).reduce(1, Math::multiplyExact);
    long[] whole =
        Arrays.stream(shape)
            .map(e -> e == -1 ? strings.values().size() / Math.max(1, known) : e)
            .toArray();
    if (Arrays.stream(whole).reduce(1, Math::multiplyExact) != strings.values().size()) {
      throw c.error(
          "cannot give %d texts the shape %s"
              .formatted(strings.values().size(), Arrays.toString(shape)));
    }
    return new Value.Strings(strings.values(), whole);
  }

  /** Joins texts along an axis. */
  static Value joined(Call c) {
    long[] shape = c.value(0).shape();
    int axis = c.axis(c.attributes().integer("axis", 1), shape.length);
    long outer = LongStream.of(shape).limit(axis).reduce(1, Math::multiplyExact);
    List<String> joined = new ArrayList<>();
    for (int i = 0; i < outer; i++) {
      for (int part = 0; part < c.inputs(); part++) {
        List<String> values = strings(c, part).values();
        int chunk = (int) (values.size() / outer);
        joined.addAll(values.subList(i * chunk, (i + 1) * chunk));
      }
    }
    long[] result = shape.clone();
    result[axis] = 0;
    for (int part = 0; part < c.inputs(); part++) {
      result[axis] += c.value(part).shape()[axis];
    }
    return new Value.Strings(joined, result);
  }

  /** Two inputs of texts, broadcast to one shape. */
  record Pairs(List<String> left, List<String> right, long[] shape) {
    static Pairs of(Call c) {
      long[] shape = broadcast(c, strings(c, 0).shape(), strings(c, 1).shape());
      return new Pairs(expanded(strings(c, 0), shape), expanded(strings(c, 1), shape), shape);
    }

    private static List<String> expanded(Value.Strings texts, long[] shape) {
      return Arrays.stream(places(texts.shape(), shape)).mapToObj(texts.values()::get).toList();
    }
  }

  static Value equal(Call c) {
    Pairs pairs = Pairs.of(c);
    boolean[] equal = new boolean[pairs.left().size()];
    for (int i = 0; i < equal.length; i++) {
      equal[i] = pairs.left().get(i).equals(pairs.right().get(i));
    }
    return Value.of(Tensors.of(equal, pairs.shape()));
  }

  private static long[] broadcast(Call c, long[] a, long[] b) {
    long[] shape = new long[Math.max(a.length, b.length)];
    for (int i = 1; i <= shape.length; i++) {
      long left = i <= a.length ? a[a.length - i] : 1;
      long right = i <= b.length ? b[b.length - i] : 1;
      if (left != right && left != 1 && right != 1) {
        throw c.error(
            "cannot pair texts of shapes %s and %s"
                .formatted(Arrays.toString(a), Arrays.toString(b)));
      }
      shape[shape.length - i] = left == 1 ? right : left;
    }
    return c.sized(shape);
  }

  /** Where each element of the broadcast shape stands in a value of this one. */
  private static int[] places(long[] own, long[] shape) {
    int[] places = new int[(int) LongStream.of(shape).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < places.length; i++) {
      int rest = i;
      int stride = 1;
      for (int k = 1; k <= own.length; k++) {
        int extent = (int) shape[shape.length - k];
        places[i] += own[own.length - k] == 1 ? 0 : (rest % extent) * stride;
        rest /= extent;
        stride *= (int) own[own.length - k];
      }
    }
    return places;
  }

  static Value.Strings strings(Call c, int input) {
    if (c.value(input) instanceof Value.Strings strings) {
      return strings;
    }
    throw c.error("needs texts as input " + input + ", but is given numbers");
  }
}
