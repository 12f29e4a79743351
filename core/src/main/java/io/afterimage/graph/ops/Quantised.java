package io.afterimage.graph.ops;

import io.afterimage.tensor.Codes;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;

/**
 * Numbers in a type of few values, and how gradients pass them.
 *
 * <p>A quantised tensor has its own type, unless gradients pass it: then it is a tensor of real
 * numbers that holds the very same values, since libtorch records no gradients of whole numbers.
 * Rounding has the gradient of the identity (straight-through, Bengio et al. 2013), saturation that
 * of the clamp. Operators therefore take their input's values, never its type, and learn the type
 * from a zero point or an attribute.
 */
final class Quantised {
  /** What the gradients belong to, for messages. */
  static final String SURROGATE = "clamp(x / scale + zero point), without the rounding";

  private Quantised() {}

  /**
   * The nearest value of the type, of halves the even one, shifted by the zero point and saturated.
   *
   * @param scaled x / scale
   * @param zeroPoint as real numbers, broadcast to x
   */
  static Tensor rounded(Call c, Tensor scaled, Tensor zeroPoint, DType type, boolean saturate) {
    if (type.isCoded() && !isWhole(type)) {
      return shortened(scaled.add(zeroPoint), type, saturate);
    }
    Tensor low = zeroPoint.neg().add(low(c, type));
    Tensor high = zeroPoint.neg().add(high(c, type));
    Tensor inside = Maths.clamp(scaled, low.to(scaled.dtype()), high.to(scaled.dtype()));
    return stored(through(inside, Maths.round(inside)).add(zeroPoint), type);
  }

  /** A float8 or float4, whose rounding depends on the magnitude. */
  private static Tensor shortened(Tensor x, DType type, boolean saturate) {
    Tensor codes = Codes.encoded(x, type, saturate, Codes.Rounding.UP);
    return x.requiresGrad() ? through(x, codes.to(x.dtype())) : codes;
  }

  /** The value of one tensor with the gradient of the other. */
  static Tensor through(Tensor gradient, Tensor value) {
    // The difference is exactly 0.
    return gradient.requiresGrad() ? value.detach().add(gradient.sub(gradient.detach())) : value;
  }

  /** Whole numbers in their own type, unless gradients pass them. */
  static Tensor stored(Tensor values, DType type) {
    return values.requiresGrad() ? values : values.to(type);
  }

  private static boolean isWhole(DType type) {
    return switch (type) {
      case INT4, UINT4, INT2, UINT2 -> true;
      default -> !type.isCoded();
    };
  }

  private static double low(Call c, DType type) {
    return switch (type) {
      case UBYTE, UINT16, UINT4, UINT2 -> 0;
      case BYTE -> -0x1p7;
      case SHORT -> -0x1p15;
      case INT4 -> -8;
      case INT2 -> -2;
      default -> throw c.error("quantises to " + type + ", which is not supported");
    };
  }

  private static double high(Call c, DType type) {
    return switch (type) {
      case UBYTE -> 0x1p8 - 1;
      case UINT16 -> 0x1p16 - 1;
      case UINT4 -> 15;
      case UINT2 -> 3;
      default -> -low(c, type) - 1;
    };
  }
}
