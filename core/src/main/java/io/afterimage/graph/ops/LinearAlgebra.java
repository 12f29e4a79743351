package io.afterimage.graph.ops;

import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;

/** Products of matrices. */
final class LinearAlgebra {
  private LinearAlgebra() {}

  static void register() {
    Operators.one("MatMul", LinearAlgebra::product);
    Operators.one("Gemm", LinearAlgebra::gemm);
    Operators.one("Det", c -> Maths.determinant(c.x(0)));
    Operators.one("Einsum", c -> Nn.einsum(c.attributes().text("equation", ""), c.all()));
  }

  private static Tensor product(Call c) {
    Tensor x = c.x(0);
    Tensor y = c.x(1);
    if (x.rank() == 0 || y.rank() == 0) {
      throw c.error("multiplies a scalar as a matrix");
    }
    long inner = y.size(y.rank() == 1 ? 0 : -2);
    if (x.size(-1) != inner) {
      throw c.error(
          "cannot multiply shapes %s and %s"
              .formatted(Arrays.toString(x.shape()), Arrays.toString(y.shape())));
    }
    return x.matmul(y);
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
