package io.afterimage.graph.ops;

import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;

/** Products of matrices. */
final class LinearAlgebra {
  private LinearAlgebra() {}

  static void register() {
    Operators.one("MatMul", c -> product(c, c.x(0), c.x(1)));
    Operators.one("Gemm", LinearAlgebra::gemm);
    Operators.one("Det", c -> Maths.determinant(c.x(0)));
  }

  /** The product of matrices, the axes before them broadcast; vectors as in NumPy. */
  static Tensor product(Call c, Tensor x, Tensor y) {
    if (x.rank() == 0 || y.rank() == 0) {
      throw c.error("multiplies a scalar as a matrix");
    }
    if (x.size(-1) != y.size(y.rank() == 1 ? 0 : -2)) {
      throw c.error(
          "cannot multiply shapes %s and %s"
              .formatted(Arrays.toString(x.shape()), Arrays.toString(y.shape())));
    }
    long[] many = Arithmetic.broadcast(c, outer(x), outer(y));
    long[] shape = Arrays.copyOf(many, many.length + 2);
    shape[many.length] = x.rank() == 1 ? 1 : x.size(-2);
    shape[many.length + 1] = y.rank() == 1 ? 1 : y.size(-1);
    c.sized(shape);
    return x.matmul(y);
  }

  private static long[] outer(Tensor x) {
    return Arrays.copyOf(x.shape(), Math.max(0, x.rank() - 2));
  }

  private static Tensor gemm(Call c) {
    double alpha = c.attributes().number("alpha", 1);
    double beta = c.attributes().number("beta", 1);
    boolean transposed = c.attributes().flag("transB", false);
    Tensor a = c.attributes().flag("transA", false) ? c.x(0).t() : c.x(0);
    Tensor b = c.x(1);
    if (a.rank() != 2 || b.rank() != 2 || a.size(1) != b.size(transposed ? 1 : 0)) {
      throw c.error(
          "cannot multiply shapes %s and %s, %s"
              .formatted(
                  Arrays.toString(a.shape()),
                  Arrays.toString(b.shape()),
                  transposed ? "the second transposed" : "as they are"));
    }
    c.sized(a.size(0), b.size(transposed ? 0 : 1));
    if (alpha == 1 && beta == 1 && c.has(2) && a.dtype().isFloating()) {
      boolean layer = transposed && c.x(2).rank() == 1;
      return layer ? Nn.linear(a, b, c.x(2)) : c.x(2).addmm(a, transposed ? b.t() : b);
    }
    Tensor product = a.matmul(transposed ? b.t() : b);
    Tensor scaled = alpha == 1 ? product : product.mul(alpha).to(a.dtype());
    if (!c.has(2) || beta == 0) {
      return scaled;
    }
    return scaled.add(beta == 1 ? c.x(2) : c.x(2).mul(beta).to(a.dtype()));
  }
}
