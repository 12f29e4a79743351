package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;

/** Numbers stored as small whole ones with a scale. */
final class Quantisation {
  private Quantisation() {}

  static void register() {
    Operators.one("DequantizeLinear", Quantisation::dequantize);
    Operators.flat("QuantizeLinear", "its output is a whole number", Quantisation::quantize);
  }

  /** One scale for all, or one for each slice of the axis. */
  private static Tensor aligned(Call c, Tensor scale) {
    if (c.attributes().has("block_size") && c.attributes().integer("block_size", 0) != 0) {
      throw c.error("has scales for blocks, which is not supported");
    }
    int rank = c.x(0).rank();
    if (scale.count() == 1) {
      return scale.reshape();
    }
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[c.axis(c.attributes().integer("axis", 1), rank)] = scale.count();
    return scale.reshape(shape);
  }

  private static Tensor dequantize(Call c) {
    Tensor scale = aligned(c, c.x(1));
    Tensor x = c.x(0).to(scale.dtype());
    return c.has(2) ? x.sub(aligned(c, c.x(2)).to(scale.dtype())).mul(scale) : x.mul(scale);
  }

  private static Tensor quantize(Call c) {
    DType type = c.has(2) ? c.x(2).dtype() : DType.UBYTE;
    double low =
        switch (type) {
          case UBYTE -> 0;
          case BYTE -> -128;
          default -> throw c.error("quantises to " + type + ", which is not supported");
        };
    Tensor rounded = Maths.round(c.x(0).div(aligned(c, c.x(1))));
    Tensor shifted = c.has(2) ? rounded.add(aligned(c, c.x(2)).to(rounded.dtype())) : rounded;
    return Maths.clamp(shifted, low, low + 255).to(type);
  }
}
