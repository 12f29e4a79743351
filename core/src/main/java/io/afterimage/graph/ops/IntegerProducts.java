package io.afterimage.graph.ops;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Products and convolutions of quantised numbers. Sums are exact: they are computed in DOUBLE,
 * which holds every whole number that an accumulator of 32 bits does.
 */
final class IntegerProducts {
  private IntegerProducts() {}

  static void register() {
    Operators.one(
        "MatMulInteger",
        c -> accumulator(LinearAlgebra.product(c, values(c, 0, 2), values(c, 1, 3))));
    Operators.one(
        "ConvInteger",
        c -> accumulator(Convolutions.conv(c, values(c, 0, 2), weights(c, 1, 3), null)));
    surrogate("QLinearMatMul", IntegerProducts::linearProduct);
    surrogate("QLinearConv", c -> linearConv(c, c.x(0)));
  }

  private static void surrogate(String type, Function<Call, Tensor> function) {
    Operators.surrogate("", type, Quantised.SURROGATE, Operators.single(function));
  }

  private static Tensor accumulator(Tensor sums) {
    return Quantised.stored(sums, DType.INT);
  }

  /** An input less its zero point, which is one number, or one for each row or column. */
  static Tensor values(Call c, int input, int zero) {
    Tensor x = c.x(input).to(DType.DOUBLE);
    return c.optional(zero).map(z -> x.sub(along(input, z.to(DType.DOUBLE)))).orElse(x);
  }

  // Of the left operand a vector holds one number a row, of the right one a column.
  static Tensor along(int input, Tensor numbers) {
    boolean rows = input == 0 && numbers.rank() == 1 && numbers.count() > 1;
    return rows ? numbers.unsqueeze(-1) : numbers;
  }

  /** Weights of a convolution less their zero point, which is one number, or one a channel. */
  private static Tensor weights(Call c, int input, int zero) {
    Tensor w = c.x(input).to(DType.DOUBLE);
    return c.optional(zero).map(z -> w.sub(channels(z.to(DType.DOUBLE), w.rank(), 0))).orElse(w);
  }

  private static Tensor channels(Tensor numbers, int rank, int axis) {
    if (numbers.count() == 1) {
      return numbers.reshape();
    }
    long[] shape = new long[rank];
    Arrays.fill(shape, 1);
    shape[axis] = numbers.count();
    return numbers.reshape(shape);
  }

  private static Tensor linearProduct(Call c) {
    Tensor a = c.x(0).to(DType.DOUBLE).sub(along(0, c.x(2).to(DType.DOUBLE)));
    Tensor b = c.x(3).to(DType.DOUBLE).sub(c.x(5).to(DType.DOUBLE));
    Tensor factor = along(0, real(c.x(1))).mul(real(c.x(4))).div(real(c.x(6)));
    return requantised(c, LinearAlgebra.product(c, a, b), factor, 7);
  }

  /** The convolution of a picture, which stands as the first input in another order perhaps. */
  static Tensor linearConv(Call c, Tensor picture) {
    Tensor x = picture.to(DType.DOUBLE).sub(c.x(2).to(DType.DOUBLE));
    Tensor w = weights(c, 3, 5);
    Tensor bias = c.optional(8).map(b -> b.to(DType.DOUBLE)).orElse(null);
    Tensor factor = real(c.x(1)).mul(real(c.x(4))).div(real(c.x(6)));
    Tensor sums = Convolutions.conv(c, x, w, bias);
    return requantised(c, sums, channels(factor, sums.rank(), 1), 7);
  }

  private static Tensor real(Tensor scale) {
    return scale.dtype() == DType.DOUBLE ? scale : scale.to(DType.FLOAT);
  }

  /** Exact sums times a factor, as quantised numbers of the type of a zero point. */
  static Tensor requantised(Call c, Tensor sums, Tensor factor, int zero) {
    Tensor zeroPoint = c.has(zero) ? c.x(zero) : Tensors.zeros(DType.UBYTE);
    Tensor scaled = sums.to(factor.dtype()).mul(factor);
    Tensor shift = zeroPoint.to(factor.dtype());
    return Quantised.rounded(c, scaled, shift, zeroPoint.dtype(), true);
  }
}
