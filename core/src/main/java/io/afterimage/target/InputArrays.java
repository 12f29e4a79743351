package io.afterimage.target;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.data.NpyArray;
import io.afterimage.data.Npz;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A model's inputs from an .npz archive whose arrays are named after them. Real numbers of any
 * width fill an input of real numbers; whole numbers, truth values and texts fill their own kind.
 */
public final class InputArrays {
  private final OnnxModel model;
  private final Path file;
  private final Map<String, Long> extents = new HashMap<>();

  private InputArrays(OnnxModel model, Path file) {
    this.model = model;
    this.file = file;
  }

  /**
   * Reads one value for each input, in the current scope. A BadInputException where an array is
   * missing, is nobody's, has another type or shape, no rows, or numbers that are not finite.
   */
  public static Map<String, Value> read(OnnxModel model, Path file) {
    return new InputArrays(model, file).values(Npz.read(file));
  }

  private Map<String, Value> values(Map<String, NpyArray> arrays) {
    List<String> names = model.inputs().stream().map(ValueInfo::name).toList();
    for (String name : arrays.keySet()) {
      check(
          names.contains(name),
          "%s: array %s is no input of %s, which takes %s; leave it out",
          file,
          name,
          model.name(),
          names);
    }
    Map<String, Value> values = new LinkedHashMap<>();
    for (ValueInfo input : model.inputs()) {
      NpyArray array = arrays.get(input.name());
      if (array == null) {
        throw new BadInputException(
            "%s: no array %s, which %s takes; it holds %s"
                .formatted(file, input.name(), model.name(), arrays.keySet()));
      }
      values.put(input.name(), value(input, array));
    }
    return values;
  }

  private Value value(ValueInfo input, NpyArray array) {
    long[] shape = Arrays.stream(array.extents()).asLongStream().toArray();
    requireShape(input, shape);
    ElementType type = input.element().orElseThrow();
    requireKind(input, type, array);
    if (type == ElementType.STRING) {
      return new Value.Strings(
          IntStream.range(0, array.size()).mapToObj(array::text).toList(), shape);
    }
    return Value.of(type.isFloating() ? reals(array, type, shape) : wholes(array, type, shape));
  }

  private void requireShape(ValueInfo input, long[] shape) {
    boolean fits = !input.ranked() || shape.length == input.dimensions().size();
    for (int axis = 0; fits && input.ranked() && axis < shape.length; axis++) {
      fits = fits(input.dimensions().get(axis), shape[axis]);
    }
    check(
        fits,
        "%s: array %s has the shape %s, but %s takes %s there",
        file,
        input.name(),
        Arrays.toString(shape),
        model.name(),
        input.shape());
    check(
        Arrays.stream(shape).allMatch(extent -> extent > 0),
        "%s: array %s of shape %s is empty; give at least one row",
        file,
        input.name(),
        Arrays.toString(shape));
  }

  // A dimension with a name has one extent throughout.
  private boolean fits(ValueInfo.Dimension dimension, long extent) {
    if (dimension.isFixed() || dimension.name().isEmpty()) {
      return !dimension.isFixed() || dimension.extent() == extent;
    }
    Long seen = extents.putIfAbsent(dimension.name(), extent);
    return seen == null || seen == extent;
  }

  private void requireKind(ValueInfo input, ElementType type, NpyArray array) {
    String kinds =
        switch (type) {
          case STRING -> "US";
          case BOOL -> "b";
          default -> type.isFloating() ? "f" : "iu";
        };
    check(
        kinds.indexOf(array.kind()) >= 0,
        "%s: array %s holds %s, but %s takes %s there; convert it",
        file,
        input.name(),
        words(array),
        model.name(),
        type);
  }

  private static String words(NpyArray array) {
    return switch (array.kind()) {
      case 'f' -> "float" + 8 * array.itemSize();
      case 'i' -> "int" + 8 * array.itemSize();
      case 'u' -> "uint" + 8 * array.itemSize();
      case 'b' -> "truth values";
      default -> "texts";
    };
  }

  private Tensor reals(NpyArray array, ElementType type, long[] shape) {
    double[] numbers = new double[array.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.number(i);
      boolean fits = type == ElementType.DOUBLE || Float.isFinite((float) numbers[i]);
      check(
          Double.isFinite(numbers[i]) && fits,
          "%s: array %s holds %s at element %d; give finite numbers",
          file,
          array.name(),
          numbers[i],
          i);
    }
    return Tensors.of(numbers, shape).to(dtype(type));
  }

  private Tensor wholes(NpyArray array, ElementType type, long[] shape) {
    long[] numbers = new long[array.size()];
    int bits = 8 * type.bytes() - 1;
    long most = type == ElementType.UINT8 ? 255 : Long.MAX_VALUE >> (63 - bits);
    long least = type == ElementType.UINT8 || type == ElementType.BOOL ? 0 : -most - 1;
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = array.integer(i);
      boolean wrapped = array.kind() == 'u' && numbers[i] < 0;
      check(
          !wrapped && numbers[i] >= least && numbers[i] <= most,
          "%s: array %s holds %s at element %d, but %s takes %s there",
          file,
          array.name(),
          array.text(i),
          i,
          model.name(),
          type);
    }
    return Tensors.of(numbers, shape).to(dtype(type));
  }

  private DType dtype(ElementType type) {
    return type.dtype()
        .orElseThrow(
            () -> new BadInputException(model.name() + ": no tensor holds elements of " + type));
  }
}
