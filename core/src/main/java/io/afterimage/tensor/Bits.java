package io.afterimage.tensor;

/** Whole numbers as rows of bits. */
public final class Bits {
  private Bits() {}

  /** The same bits read as another type of the same width; shares memory. */
  public static Tensor reinterpreted(Tensor x, DType type) {
    return Tensor.of(x.raw().view(type.scalarType()));
  }

  public static Tensor and(Tensor x, Tensor y) {
    return Tensor.of(x.raw().bitwise_and(y.raw()));
  }

  public static Tensor or(Tensor x, Tensor y) {
    return Tensor.of(x.raw().bitwise_or(y.raw()));
  }

  public static Tensor xor(Tensor x, Tensor y) {
    return Tensor.of(x.raw().bitwise_xor(y.raw()));
  }

  public static Tensor not(Tensor x) {
    return Tensor.of(x.raw().bitwise_not());
  }

  /** Shifted towards the high bits; those shifted out are lost. */
  public static Tensor left(Tensor x, Tensor places) {
    return Tensor.of(x.raw().bitwise_left_shift(places.raw()));
  }

  /** Shifted towards the low bits; those shifted out are lost. */
  public static Tensor right(Tensor x, Tensor places) {
    return Tensor.of(x.raw().bitwise_right_shift(places.raw()));
  }
}
