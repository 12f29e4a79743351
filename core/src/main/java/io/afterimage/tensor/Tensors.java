package io.afterimage.tensor;

import java.util.Arrays;
import java.util.function.Consumer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.global.torch;

/** Makes tensors. An empty shape makes a scalar; values stand in C order. */
public final class Tensors {
  private Tensors() {}

  public static Tensor of(float[] values, long... shape) {
    return filled(
        DType.FLOAT,
        values.length,
        shape,
        t -> {
          try (FloatPointer pointer = t.data_ptr_float()) {
            pointer.put(values);
          }
        });
  }

  public static Tensor of(double[] values, long... shape) {
    return filled(
        DType.DOUBLE,
        values.length,
        shape,
        t -> {
          try (DoublePointer pointer = t.data_ptr_double()) {
            pointer.put(values);
          }
        });
  }

  public static Tensor of(long[] values, long... shape) {
    return filled(
        DType.LONG,
        values.length,
        shape,
        t -> {
          try (LongPointer pointer = t.data_ptr_long()) {
            pointer.put(values);
          }
        });
  }

  public static Tensor of(int[] values, long... shape) {
    return filled(
        DType.INT,
        values.length,
        shape,
        t -> {
          try (IntPointer pointer = t.data_ptr_int()) {
            pointer.put(values);
          }
        });
  }

  public static Tensor of(boolean[] values, long... shape) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (values[i] ? 1 : 0);
    }
    return ofBytes(DType.BOOL, bytes, shape);
  }

  /** From the elements' own bytes, little-endian. */
  public static Tensor ofBytes(DType type, byte[] bytes, long... shape) {
    return filled(
        type,
        bytes.length / type.bytes(),
        shape,
        t -> {
          try (BytePointer pointer = new BytePointer(t.data_ptr())) {
            pointer.capacity(bytes.length).put(bytes);
          }
        });
  }

  public static Tensor scalar(float value) {
    return of(new float[] {value});
  }

  public static Tensor scalar(double value) {
    return of(new double[] {value});
  }

  public static Tensor scalar(long value) {
    return of(new long[] {value});
  }

  public static Tensor zeros(DType type, long... shape) {
    TensorScope.current();
    return Tensor.of(torch.zeros(shape, type.options()));
  }

  /** FLOAT zeros. */
  public static Tensor zeros(long... shape) {
    return zeros(DType.FLOAT, shape);
  }

  /** Zeros of the type and shape of another tensor. */
  public static Tensor zerosLike(Tensor other) {
    return zeros(other.dtype(), other.shape());
  }

  public static Tensor ones(DType type, long... shape) {
    TensorScope.current();
    return Tensor.of(torch.ones(shape, type.options()));
  }

  public static Tensor full(DType type, double value, long... shape) {
    TensorScope.current();
    return Tensor.of(torch.full(shape, Scalars.of(value), type.options()));
  }

  /** The whole numbers from 0 to count - 1: LONG. */
  public static Tensor arange(long count) {
    return arange(DType.LONG, 0, (double) count, 1);
  }

  /** start, start + step, … below end. */
  public static Tensor arange(DType type, double start, double end, double step) {
    TensorScope.current();
    return Tensor.of(
        torch.arange(Scalars.of(start), Scalars.of(end), Scalars.of(step), type.options()));
  }

  private static Tensor filled(
      DType type, int count, long[] shape, Consumer<org.bytedeco.pytorch.Tensor> fill) {
    TensorScope.current();
    if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != count) {
      throw new IllegalArgumentException(
          "%d values do not fill the shape %s".formatted(count, Arrays.toString(shape)));
    }
    org.bytedeco.pytorch.Tensor empty = torch.empty(shape, type.options(), Absent.FORMAT);
    if (count > 0) {
      fill.accept(empty);
    }
    return Tensor.of(empty);
  }
}
