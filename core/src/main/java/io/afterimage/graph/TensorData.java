package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.afterimage.base.BadInputException;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Reads and writes the tensors of the format. Those read here have passed the {@link Checker}. */
final class TensorData {
  private TensorData() {}

  /** So many numbers, of 32 or of 64 bits. */
  record Numbers(int count, IntToDoubleFunction values) {
    static Numbers of(float[] values) {
      return new Numbers(values.length, i -> values[i]);
    }

    static Numbers of(Tensor tensor) {
      if (tensor.dtype() != DType.DOUBLE) {
        return of(tensor.toFloats());
      }
      double[] values = tensor.toDoubles();
      return new Numbers(values.length, i -> values[i]);
    }

    double at(int index) {
      return values.applyAsDouble(index);
    }
  }

  static long[] shape(TensorProto proto) {
    return proto.getDimsList().stream().mapToLong(Long::longValue).toArray();
  }

  static long count(TensorProto proto) {
    long count = 1;
    for (long extent : proto.getDimsList()) {
      count = Math.multiplyExact(count, extent);
    }
    return count;
  }

  static ElementType type(TensorProto proto) {
    return ElementType.of(proto.getDataType())
        .orElseThrow(
            () ->
                new BadInputException(
                    "tensor %s has an element type (number %d) that is not supported"
                        .formatted(proto.getName(), proto.getDataType())));
  }

  static Value value(TensorProto proto) {
    if (type(proto) == ElementType.STRING) {
      List<String> texts =
          proto.getStringDataList().stream().map(ByteString::toStringUtf8).toList();
      return new Value.Strings(texts, shape(proto));
    }
    return Value.of(tensor(proto));
  }

  /** Its numbers. */
  static Tensor tensor(TensorProto proto) {
    return Tensors.ofBytes(dtype(proto), bytes(proto), shape(proto));
  }

  /** The numbers of an INT64 tensor, without libtorch. */
  static long[] longs(TensorProto proto) {
    return proto.hasRawData()
        ? longs(proto.getRawData())
        : proto.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
  }

  /** The numbers of a FLOAT or DOUBLE tensor, without libtorch. */
  static double[] reals(TensorProto proto) {
    ByteBuffer bytes = ByteBuffer.wrap(bytes(proto)).order(ByteOrder.LITTLE_ENDIAN);
    boolean single = type(proto) == ElementType.FLOAT;
    return IntStream.range(0, Math.toIntExact(count(proto)))
        .mapToDouble(i -> single ? bytes.getFloat(4 * i) : bytes.getDouble(8 * i))
        .toArray();
  }

  /** Its texts, or its whole numbers of 32 or 64 bits as texts; empty for other types. */
  static List<String> texts(TensorProto proto) {
    return switch (type(proto)) {
      case STRING -> proto.getStringDataList().stream().map(ByteString::toStringUtf8).toList();
      case INT64 -> LongStream.of(longs(proto)).mapToObj(Long::toString).toList();
      case INT32 -> IntStream.of(ints(proto)).mapToObj(Integer::toString).toList();
      default -> List.of();
    };
  }

  /** Its whole numbers of 32 or 64 bits; empty for other types. */
  static Optional<long[]> integers(TensorProto proto) {
    return switch (type(proto)) {
      case INT64 -> Optional.of(longs(proto));
      case INT32 -> Optional.of(IntStream.of(ints(proto)).asLongStream().toArray());
      default -> Optional.empty();
    };
  }

  /** Whether it holds the same along an axis, whatever the index; texts are taken to differ. */
  static boolean sameAlong(TensorProto proto, int axis) {
    return type(proto) != ElementType.STRING
        && BatchTrace.sameAlong(bytes(proto), shape(proto), axis);
  }

  private static int[] ints(TensorProto proto) {
    if (!proto.hasRawData()) {
      return proto.getInt32DataList().stream().mapToInt(Integer::intValue).toArray();
    }
    int[] values = new int[proto.getRawData().size() / Integer.BYTES];
    ordered(proto.getRawData()).asIntBuffer().get(values);
    return values;
  }

  static TensorProto proto(String name, float[] values, long... shape) {
    ByteBuffer bytes = buffer(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return raw(name, ElementType.FLOAT, bytes, shape);
  }

  static TensorProto proto(String name, double[] values, long... shape) {
    ByteBuffer bytes = buffer(8 * values.length);
    bytes.asDoubleBuffer().put(values);
    return raw(name, ElementType.DOUBLE, bytes, shape);
  }

  static TensorProto proto(String name, long[] values, long... shape) {
    ByteBuffer bytes = buffer(8 * values.length);
    bytes.asLongBuffer().put(values);
    return raw(name, ElementType.INT64, bytes, shape);
  }

  static TensorProto proto(String name, List<String> values, long... shape) {
    TensorProto.Builder builder =
        TensorProto.newBuilder().setName(name).setDataType(ElementType.STRING.code());
    for (long extent : shape) {
      builder.addDims(extent);
    }
    values.forEach(v -> builder.addStringData(ByteString.copyFromUtf8(v)));
    return builder.build();
  }

  /** The same tensor with other numbers, written in its own floating type. */
  static TensorProto withValues(TensorProto proto, Numbers values) {
    ElementType type = type(proto);
    ByteBuffer bytes = buffer(type.bytes() * values.count());
    for (int i = 0; i < values.count(); i++) {
      double value = values.at(i);
      switch (type) {
        case FLOAT -> bytes.putFloat((float) value);
        case DOUBLE -> bytes.putDouble(value);
        default ->
            throw new BadInputException(
                "parameter %s has type %s; only float and double ones can be written"
                    .formatted(proto.getName(), type));
      }
    }
    return raw(proto.getName(), type, bytes, shape(proto));
  }

  private static TensorProto raw(String name, ElementType type, ByteBuffer bytes, long... shape) {
    TensorProto.Builder builder = TensorProto.newBuilder().setName(name).setDataType(type.code());
    for (long extent : shape) {
      builder.addDims(extent);
    }
    return builder.setRawData(ByteString.copyFrom(bytes.rewind())).build();
  }

  private static DType dtype(TensorProto proto) {
    return type(proto)
        .dtype()
        .orElseThrow(
            () ->
                new BadInputException(
                    "tensor %s has element type %s, which is not supported"
                        .formatted(proto.getName(), type(proto))));
  }

  private static byte[] bytes(TensorProto proto) {
    ElementType type = type(proto);
    if (type.bits() < 8) {
      return unpacked(proto, type.bits());
    }
    if (proto.hasRawData()) {
      return proto.getRawData().toByteArray();
    }
    byte[] array = new byte[Math.toIntExact(count(proto) * type.bytes())];
    ByteBuffer bytes = ByteBuffer.wrap(array).order(ByteOrder.LITTLE_ENDIAN);
    switch (type) {
      case FLOAT -> proto.getFloatDataList().forEach(bytes::putFloat);
      case DOUBLE -> proto.getDoubleDataList().forEach(bytes::putDouble);
      case INT64 -> proto.getInt64DataList().forEach(bytes::putLong);
      case INT32 -> proto.getInt32DataList().forEach(bytes::putInt);
      case UINT32 -> proto.getUint64DataList().forEach(v -> bytes.putInt(v.intValue()));
      case UINT64 -> proto.getUint64DataList().forEach(bytes::putLong);
      default -> {
        for (int value : proto.getInt32DataList()) {
          putNarrow(bytes, type.bytes(), value);
        }
      }
    }
    return array;
  }

  private static void putNarrow(ByteBuffer bytes, int width, int value) {
    if (width == 1) {
      bytes.put((byte) value);
    } else {
      bytes.putShort((short) value);
    }
  }

  /** Elements of less than 8 bits share bytes in the file, the first in the lowest bits. */
  private static byte[] unpacked(TensorProto proto, int bits) {
    byte[] array = new byte[Math.toIntExact(count(proto))];
    boolean signed = type(proto) == ElementType.INT4 || type(proto) == ElementType.INT2;
    int each = 8 / bits;
    for (int i = 0; i < array.length; i++) {
      int packed =
          proto.hasRawData() ? proto.getRawData().byteAt(i / each) : proto.getInt32Data(i / each);
      int code = packed >> (i % each * bits) & ((1 << bits) - 1);
      array[i] = (byte) (signed ? code << (32 - bits) >> (32 - bits) : code);
    }
    return array;
  }

  private static long[] longs(ByteString raw) {
    long[] values = new long[raw.size() / 8];
    ordered(raw).asLongBuffer().get(values);
    return values;
  }

  private static ByteBuffer ordered(ByteString raw) {
    return raw.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
