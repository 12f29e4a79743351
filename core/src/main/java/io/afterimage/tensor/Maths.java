package io.afterimage.tensor;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/** Functions element by element, and reductions beyond sum and mean. */
public final class Maths {
  private Maths() {}

  public static Tensor acos(Tensor x) {
    return Tensor.of(x.raw().acos());
  }

  public static Tensor acosh(Tensor x) {
    return Tensor.of(x.raw().acosh());
  }

  public static Tensor asin(Tensor x) {
    return Tensor.of(x.raw().asin());
  }

  public static Tensor asinh(Tensor x) {
    return Tensor.of(x.raw().asinh());
  }

  public static Tensor atan(Tensor x) {
    return Tensor.of(x.raw().atan());
  }

  public static Tensor atanh(Tensor x) {
    return Tensor.of(x.raw().atanh());
  }

  public static Tensor ceil(Tensor x) {
    return Tensor.of(x.raw().ceil());
  }

  public static Tensor cos(Tensor x) {
    return Tensor.of(x.raw().cos());
  }

  public static Tensor cosh(Tensor x) {
    return Tensor.of(x.raw().cosh());
  }

  public static Tensor erf(Tensor x) {
    return Tensor.of(x.raw().erf());
  }

  public static Tensor expm1(Tensor x) {
    return Tensor.of(x.raw().expm1());
  }

  public static Tensor floor(Tensor x) {
    return Tensor.of(x.raw().floor());
  }

  /** The inverse of each matrix in the last two axes. */
  public static Tensor inverse(Tensor x) {
    return Tensor.of(torch.linalg_inv(x.raw()));
  }

  public static Tensor isinf(Tensor x) {
    return Tensor.of(x.raw().isinf());
  }

  public static Tensor isnan(Tensor x) {
    return Tensor.of(x.raw().isnan());
  }

  public static Tensor log1p(Tensor x) {
    return Tensor.of(x.raw().log1p());
  }

  public static Tensor reciprocal(Tensor x) {
    return Tensor.of(x.raw().reciprocal());
  }

  /** The nearest whole number, of halves the even one. */
  public static Tensor round(Tensor x) {
    return Tensor.of(x.raw().round());
  }

  public static Tensor rsqrt(Tensor x) {
    return Tensor.of(x.raw().rsqrt());
  }

  public static Tensor sin(Tensor x) {
    return Tensor.of(x.raw().sin());
  }

  public static Tensor sinh(Tensor x) {
    return Tensor.of(x.raw().sinh());
  }

  public static Tensor tan(Tensor x) {
    return Tensor.of(x.raw().tan());
  }

  public static Tensor not(Tensor x) {
    return Tensor.of(x.raw().logical_not());
  }

  /** Each element into [low, high]; either may be infinite. */
  public static Tensor clamp(Tensor x, double low, double high) {
    return Tensor.of(x.raw().clamp(Scalars.optional(low), Scalars.optional(high)));
  }

  /** Each element into [low, high], which are broadcast. */
  public static Tensor clamp(Tensor x, Tensor low, Tensor high) {
    return Tensor.of(x.raw().clamp(low.optional(), high.optional()));
  }

  public static Tensor maximum(Tensor x, Tensor y) {
    return Tensor.of(torch.maximum(x.raw(), y.raw()));
  }

  public static Tensor minimum(Tensor x, Tensor y) {
    return Tensor.of(torch.minimum(x.raw(), y.raw()));
  }

  public static Tensor pow(Tensor x, Tensor exponent) {
    return Tensor.of(x.raw().pow(exponent.raw()));
  }

  /** The remainder with the divisor's sign, as in Python. */
  public static Tensor remainder(Tensor x, Tensor divisor) {
    return Tensor.of(x.raw().remainder(positive(divisor).raw()));
  }

  /** The remainder with the dividend's sign, as in C. */
  public static Tensor fmod(Tensor x, Tensor divisor) {
    return Tensor.of(x.raw().fmod(positive(divisor).raw()));
  }

  /** The quotient rounded towards zero, as in C; of whole numbers it wraps around. */
  public static Tensor truncatedQuotient(Tensor x, Tensor divisor) {
    if (isSigned(divisor.dtype())) {
      Tensor quotient = truncated(x, positive(divisor));
      return quotient.where(not(divisor.eq(-1)), quotient.neg());
    }
    return truncated(x, divisor);
  }

  private static Tensor truncated(Tensor x, Tensor divisor) {
    // The view does not own the text: the pointer must outlive the call.
    try (BytePointer text = new BytePointer("trunc");
        StringViewOptional mode = new StringViewOptional(text)) {
      return Tensor.of(x.raw().div(divisor.raw(), mode));
    }
  }

  // The least whole number divided by -1 exceeds its type, for which the processor ends the
  // process: whole divisors of -1 become 1, which leaves the same remainder.
  private static Tensor positive(Tensor divisor) {
    return isSigned(divisor.dtype()) ? divisor.where(not(divisor.eq(-1)), divisor.neg()) : divisor;
  }

  private static boolean isSigned(DType type) {
    return type == DType.LONG || type == DType.INT || type == DType.SHORT || type == DType.BYTE;
  }

  public static Tensor and(Tensor x, Tensor y) {
    return Tensor.of(x.raw().logical_and(y.raw()));
  }

  public static Tensor or(Tensor x, Tensor y) {
    return Tensor.of(x.raw().logical_or(y.raw()));
  }

  public static Tensor xor(Tensor x, Tensor y) {
    return Tensor.of(x.raw().logical_xor(y.raw()));
  }

  /** log(sum(exp(x))) over the axes. */
  public static Tensor logSumExp(Tensor x, boolean keepAxes, long... axes) {
    return Tensor.of(x.raw().logsumexp(axes, keepAxes));
  }

  /** The product over one axis. */
  public static Tensor product(Tensor x, int axis, boolean keepAxis) {
    return Tensor.of(x.raw().prod(axis, keepAxis, Absent.TYPE));
  }

  /** The Euclidean norm over the axes. */
  public static Tensor norm(Tensor x, boolean keepAxes, long... axes) {
    return norm(x, 2, keepAxes, axes);
  }

  /** The norm of this order (1, 2, infinity, …) over the axes. */
  public static Tensor norm(Tensor x, double order, boolean keepAxes, long... axes) {
    return Tensor.of(
        torch.linalg_vector_norm(x.raw(), Scalars.of(order), axes, keepAxes, Absent.TYPE));
  }

  /** The variance over the axes, divided by n. */
  public static Tensor variance(Tensor x, boolean keepAxes, long... axes) {
    return Tensor.of(x.raw().var(axes, false, keepAxes));
  }

  /**
   * The root of this order; its slope at 0 counts as 0, as that of a norm does, not as infinite.
   */
  public static Tensor root(Tensor x, double order) {
    Tensor zero = x.eq(0);
    Tensor safe = Tensors.ones(x.dtype(), x.shape()).where(zero, x);
    return Tensors.zerosLike(x).where(zero, safe.pow(1 / order));
  }

  /** Running sums along an axis. */
  public static Tensor cumulativeSum(Tensor x, int axis) {
    return Tensor.of(x.raw().cumsum(axis));
  }

  /** Running products along an axis. */
  public static Tensor cumulativeProduct(Tensor x, int axis) {
    return Tensor.of(x.raw().cumprod(axis));
  }

  /** The determinants of the matrices in the last two axes. */
  public static Tensor determinant(Tensor x) {
    return Tensor.of(torch.linalg_det(x.raw()));
  }

  /** The eigenvalues, ascending, of the symmetric matrices in the last two axes. */
  public static Tensor symmetricEigenvalues(Tensor x) {
    return Tensor.of(torch.linalg_eigvalsh(x.raw()));
  }

  /**
   * The symmetric square roots of the symmetric positive semi-definite matrices in the last two
   * axes; an eigenvalue that rounding made negative counts as 0.
   */
  public static Tensor squareRoot(Tensor x) {
    try (T_TensorTensor_T pair = torch.linalg_eigh(x.raw())) {
      Tensor roots = Tensor.copyOf(pair.get0()).relu().sqrt();
      Tensor vectors = Tensor.copyOf(pair.get1());
      return vectors.mul(roots.unsqueeze(-2)).matmul(vectors.transpose(-1, -2));
    }
  }
}
