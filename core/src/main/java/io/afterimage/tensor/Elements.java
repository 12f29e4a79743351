package io.afterimage.tensor;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;

/** Copies elements between native memory and Java arrays. */
final class Elements {
  private Elements() {}

  static float[] floats(Tensor tensor) {
    float[] values = new float[length(tensor)];
    try (org.bytedeco.pytorch.Tensor dense = dense(tensor, DType.FLOAT);
        FloatPointer pointer = dense.data_ptr_float()) {
      if (values.length > 0) {
        pointer.get(values);
      }
    }
    return values;
  }

  static double[] doubles(Tensor tensor) {
    double[] values = new double[length(tensor)];
    try (org.bytedeco.pytorch.Tensor dense = dense(tensor, DType.DOUBLE);
        DoublePointer pointer = dense.data_ptr_double()) {
      if (values.length > 0) {
        pointer.get(values);
      }
    }
    return values;
  }

  static long[] longs(Tensor tensor) {
    long[] values = new long[length(tensor)];
    try (org.bytedeco.pytorch.Tensor dense = dense(tensor, DType.LONG);
        LongPointer pointer = dense.data_ptr_long()) {
      if (values.length > 0) {
        pointer.get(values);
      }
    }
    return values;
  }

  private static int length(Tensor tensor) {
    return Math.toIntExact(tensor.count());
  }

  private static org.bytedeco.pytorch.Tensor dense(Tensor tensor, DType type) {
    Tensor plain = tensor.dtype().isCoded() ? Codes.decoded(tensor) : tensor;
    try (org.bytedeco.pytorch.Tensor detached = plain.raw().detach();
        org.bytedeco.pytorch.Tensor cast = detached.to(type.scalarType())) {
      return cast.contiguous();
    }
  }
}
