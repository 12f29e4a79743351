package io.afterimage.target;

import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import io.afterimage.base.BadInputException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What an output holds before its meaning is applied.
 *
 * @param values row after row
 * @param rows how many rows were answered
 */
record RawAnswers(double[] values, int rows) {
  int columns() {
    return rows == 0 ? 0 : values.length / rows;
  }

  /** The first row alone. */
  RawAnswers first() {
    return new RawAnswers(Arrays.copyOf(values, columns()), 1);
  }

  /** These rows and then those. */
  RawAnswers and(RawAnswers more) {
    double[] all = Arrays.copyOf(values, values.length + more.values.length);
    System.arraycopy(more.values, 0, all, values.length, more.values.length);
    return new RawAnswers(all, rows + more.rows);
  }

  /** Numbers of any type; the first extent is that of the rows, the others are one row. */
  static RawAnswers numbers(OnnxValue value) throws OrtException {
    OnnxTensor tensor = (OnnxTensor) value;
    return new RawAnswers(doubles(tensor), rows(tensor));
  }

  static double[] doubles(OnnxTensor tensor) throws OrtException {
    TensorInfo info = tensor.getInfo();
    double[] values = new double[Math.toIntExact(info.getNumElements())];
    switch (info.type) {
      case FLOAT, FLOAT16, BFLOAT16 -> {
        FloatBuffer floats = tensor.getFloatBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = floats.get(i);
        }
      }
      case DOUBLE -> {
        DoubleBuffer doubles = tensor.getDoubleBuffer();
        doubles.get(values);
      }
      case INT64, INT32, INT16, INT8, UINT8, BOOL -> whole(tensor.getByteBuffer(), info, values);
      default ->
          throw new BadInputException("an output of %s holds no numbers".formatted(info.type));
    }
    return values;
  }

  private static void whole(ByteBuffer bytes, TensorInfo info, double[] values) {
    ByteBuffer ordered = bytes.order(ByteOrder.nativeOrder());
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (info.type) {
            case INT64 -> ordered.getLong();
            case INT32 -> ordered.getInt();
            case INT16 -> ordered.getShort();
            case UINT8 -> ordered.get() & 0xff;
            default -> ordered.get();
          };
    }
  }

  /** A sequence of maps from class to score, one a row, as ZipMap gives them. */
  static RawAnswers maps(OnnxValue value, List<String> classes) throws OrtException {
    List<? extends OnnxValue> maps = ((OnnxSequence) value).getValue();
    double[] values = new double[maps.size() * classes.size()];
    int at = 0;
    for (OnnxValue one : maps) {
      try (OnnxMap map = (OnnxMap) one) {
        Map<String, Double> scores = new HashMap<>();
        map.getValue().forEach((k, v) -> scores.put(k.toString(), ((Number) v).doubleValue()));
        for (String name : classes) {
          values[at++] = scores.getOrDefault(name, 0.0);
        }
      }
    }
    return new RawAnswers(values, maps.size());
  }

  /** Labels, texts or whole numbers, as 1 in the label's column and 0 elsewhere. */
  static RawAnswers labels(OnnxValue value, List<String> classes) throws OrtException {
    OnnxTensor tensor = (OnnxTensor) value;
    int rows = rows(tensor);
    List<String> labels = texts(tensor.getValue());
    if (labels.size() != rows) {
      throw new BadInputException(
          "an output of %d labels for %d rows cannot be read".formatted(labels.size(), rows));
    }
    double[] values = new double[rows * classes.size()];
    for (int row = 0; row < rows; row++) {
      int label = classes.indexOf(labels.get(row));
      if (label < 0) {
        throw new BadInputException(
            "the model answers the label %s, which is not among its classes %s; see --classes"
                .formatted(labels.get(row), classes));
      }
      values[row * classes.size() + label] = 1;
    }
    return new RawAnswers(values, rows);
  }

  private static List<String> texts(Object nested) {
    if (!nested.getClass().isArray()) {
      return List.of(nested instanceof Float f ? whole(f) : nested.toString());
    }
    return IntStream.range(0, Array.getLength(nested))
        .boxed()
        .flatMap(i -> texts(Array.get(nested, i)).stream())
        .toList();
  }

  private static String whole(float value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Float.toString(value);
  }

  private static int rows(OnnxTensor tensor) {
    long[] shape = tensor.getInfo().getShape();
    return shape.length == 0 ? 1 : Math.toIntExact(shape[0]);
  }
}
