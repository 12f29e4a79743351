package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Tensors whose types, shapes and elements a {@link Script} chooses, the troublesome ones among
 * them.
 */
final class HostileTensors {
  private static final int MOST_ELEMENTS = 4096;
  private static final List<Long> EXTENTS = List.of(1L, 2L, 3L, 0L, 4L, 5L, 7L, 16L);
  private static final List<String> TEXTS =
      List.of("a", "", "1", "nan", "\u00e4", "a b", "[", "(a*)*");
  private static final List<Double> REALS =
      List.of(
          0.0,
          1.0,
          -1.0,
          0.5,
          -2.7,
          3e38,
          -3e38,
          1e-40,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          2147483648.0);

  /** Whole numbers at which sizes, indices and divisions break. */
  static final List<Long> WHOLE =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          3L,
          -2L,
          4L,
          5L,
          -3L,
          8L,
          127L,
          -128L,
          255L,
          65_536L,
          (long) Integer.MAX_VALUE,
          (long) Integer.MIN_VALUE,
          1L << 32,
          1L << 62,
          Long.MAX_VALUE,
          Long.MIN_VALUE);

  private final Script script;

  HostileTensors(Script script) {
    this.script = script;
  }

  /** A small whole number mostly, a troublesome one else. */
  long whole() {
    return script.once(3) ? script.one(WHOLE) : script.nextInt(4);
  }

  double real() {
    return script.one(REALS);
  }

  long extent() {
    return script.one(EXTENTS);
  }

  String text() {
    return script.one(TEXTS);
  }

  /** Fills a tensor of this type and shape; one that is too large for a test holds nothing. */
  TensorProto.Builder filled(TensorProto.Builder tensor) {
    ElementType type = ElementType.of(tensor.getDataType()).orElse(ElementType.FLOAT);
    int count = Math.max(0, count(tensor));
    tensor.clearFloatData().clearInt32Data().clearInt64Data().clearDoubleData().clearUint64Data();
    tensor.clearStringData().clearRawData();
    if (type == ElementType.STRING) {
      for (int i = 0; i < count; i++) {
        tensor.addStringData(ByteString.copyFromUtf8(text()));
      }
      return tensor;
    }
    ByteBuffer bytes = ByteBuffer.allocate((count * type.bits() + 7) / 8 + 8);
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      bytes.putLong(i * type.bits() / 8, bits(type));
    }
    return tensor.setRawData(ByteString.copyFrom(bytes.array(), 0, bytes.capacity() - 8));
  }

  /** Changes one element in place where the tensor holds raw bytes. */
  void poked(TensorProto.Builder tensor) {
    ElementType type = ElementType.of(tensor.getDataType()).orElse(ElementType.FLOAT);
    int width = Math.max(1, type.bytes());
    int count = tensor.getRawData().size() / width;
    if (count > 0) {
      byte[] bytes = tensor.getRawData().toByteArray();
      byte[] element =
          ByteBuffer.allocate(2 * Long.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN)
              .putLong(bits(type))
              .array();
      System.arraycopy(element, 0, bytes, script.nextInt(count) * width, width);
      tensor.setRawData(ByteString.copyFrom(bytes));
    }
  }

  /** Whether its shape can be filled. */
  static boolean isSmall(TensorProto.Builder tensor) {
    return count(tensor) >= 0;
  }

  // -1 for shapes that cannot be or are too large for a test.
  private static int count(TensorProto.Builder tensor) {
    long count = 1;
    for (long extent : tensor.getDimsList()) {
      count = extent < 0 || count < 0 ? -1 : Checker.saturated(count, extent);
    }
    return count > MOST_ELEMENTS ? -1 : (int) count;
  }

  private long bits(ElementType type) {
    return switch (type) {
      case FLOAT -> Float.floatToRawIntBits((float) real());
      case DOUBLE -> Double.doubleToRawLongBits(real());
      case BOOL -> script.nextInt(2);
      case FLOAT16, BFLOAT16 -> script.nextInt(1 << 16);
      default -> whole();
    };
  }
}
