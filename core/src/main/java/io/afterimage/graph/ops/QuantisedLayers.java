package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.tensor.Bits;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Operators of com.microsoft between quantised numbers, and products with quantised weights.
 *
 * <p>Layers without weights take real numbers out of their input, compute as the standard operator
 * of the same name, and quantise the result. ONNX Runtime takes some of them from tables of its
 * own, whose numbers may lie one step apart.
 */
final class QuantisedLayers {
  private QuantisedLayers() {}

  static void register() {
    layer("QLinearSigmoid", (c, x) -> c.standard("Sigmoid", List.of(x)));
    layer("QLinearLeakyRelu", (c, x) -> c.standard("LeakyRelu", List.of(x)));
    layer("QLinearSoftmax", QuantisedLayers::softmax);
    layer("QLinearAveragePool", (c, x) -> pooled(c, "AveragePool", x));
    layer("QLinearGlobalAveragePool", (c, x) -> pooled(c, "GlobalAveragePool", x));
    surrogate("QLinearAdd", c -> combined(c, Tensor::add));
    surrogate("QLinearMul", c -> combined(c, Tensor::mul));
    surrogate("QLinearConcat", QuantisedLayers::concat);
    surrogate("QLinearConv", QuantisedLayers::conv);
    surrogate("QGemm", QuantisedLayers::gemm);
    surrogate("DynamicQuantizeMatMul", QuantisedLayers::dynamicProduct);
    one("MatMulIntegerToFloat", QuantisedLayers::productToReal);
    one("MatMulNBits", QuantisedLayers::packedProduct);
    one("NhwcMaxPool", c -> c.standard("MaxPool", List.of(channelsFirst(c.x(0)))).permute(back(c)));
  }

  /** What a layer computes in real numbers. */
  @FunctionalInterface
  private interface Layer {
    Tensor of(Call c, Tensor x);
  }

  private static void layer(String type, Layer layer) {
    surrogate(type, c -> quantised(c, layer.of(c, real(c, 0)), 3));
  }

  private static void surrogate(String type, Function<Call, Tensor> function) {
    Operators.surrogate(Node.MICROSOFT, type, Quantised.SURROGATE, Operators.single(function));
  }

  private static void one(String type, Function<Call, Tensor> function) {
    Operators.in(Node.MICROSOFT, type, Operators.single(function));
  }

  /** An input, followed by its scale and its zero point, as real numbers. */
  private static Tensor real(Call c, int input) {
    Tensor scale = c.x(input + 1);
    Tensor x = c.x(input).to(scale.dtype());
    Optional<Tensor> zero = c.optional(input + 2).map(z -> z.to(scale.dtype()));
    return zero.map(x::sub).orElse(x).mul(scale);
  }

  /** Real numbers quantised by the scale at this input and the zero point after it. */
  private static Tensor quantised(Call c, Tensor y, int scale) {
    Tensor zero = c.optional(scale + 1).orElseGet(() -> Tensors.zeros(DType.UBYTE));
    Tensor scaled = y.div(c.x(scale));
    return Quantised.rounded(c, scaled, zero.to(scaled.dtype()), zero.dtype(), true);
  }

  // ---- layers without weights

  private static Tensor combined(Call c, BinaryOperator<Tensor> function) {
    return quantised(c, function.apply(real(c, 0), real(c, 3)), 6);
  }

  /** The attribute {@code opset} tells which version of Softmax is meant. */
  private static Tensor softmax(Call c, Tensor x) {
    if (c.attributes().integer("opset", 13) >= 13) {
      return x.softmax(c.axis(c.attributes().integer("axis", -1), x.rank()));
    }
    int axis = c.axis(c.attributes().integer("axis", 1), x.rank());
    return x.flatten(axis).softmax(axis).reshape(x.shape());
  }

  private static Tensor pooled(Call c, String type, Tensor x) {
    return c.attributes().flag("channels_last", false)
        ? c.standard(type, List.of(channelsFirst(x))).permute(back(c))
        : c.standard(type, List.of(x));
  }

  private static Tensor concat(Call c) {
    List<Tensor> parts = new ArrayList<>();
    for (int input = 2; input < c.inputs(); input += 3) {
      parts.add(real(c, input));
    }
    return quantised(c, c.standard("Concat", parts), 0);
  }

  /** [n, …, channels] as [n, channels, …]. */
  static Tensor channelsFirst(Tensor x) {
    int rank = x.rank();
    return x.permute(
        LongStream.range(0, rank).map(i -> i == 1 ? rank - 1 : i < 1 ? i : i - 1).toArray());
  }

  /** The axes of [n, channels, …] in the order [n, …, channels]. */
  static long[] back(Call c) {
    int rank = c.x(0).rank();
    return LongStream.range(0, rank).map(i -> i == 0 ? 0 : i == rank - 1 ? 1 : i + 1).toArray();
  }

  // ---- products

  private static Tensor conv(Call c) {
    return c.attributes().flag("channels_last", false)
        ? IntegerProducts.linearConv(c, channelsFirst(c.x(0))).permute(back(c))
        : IntegerProducts.linearConv(c, c.x(0));
  }

  /** alpha · A · B, plus C as an accumulator; quantised where a scale for it is given. */
  private static Tensor gemm(Call c) {
    Tensor a = IntegerProducts.values(c, 0, 2);
    Tensor left = c.attributes().flag("transA", false) ? a.t() : a;
    Tensor b = c.x(3).to(DType.DOUBLE);
    Tensor columns = c.attributes().flag("transB", false) ? b.t() : b;
    // Zero points and scales belong to the columns of B as it is multiplied.
    Tensor right = c.optional(5).map(z -> columns.sub(z.to(DType.DOUBLE))).orElse(columns);
    Tensor product = LinearAlgebra.product(c, left, right);
    Tensor sums = c.optional(6).map(bias -> product.add(bias.to(DType.DOUBLE))).orElse(product);
    Tensor factor = c.x(1).mul(c.x(4)).mul(c.attributes().number("alpha", 1));
    return c.has(7)
        ? IntegerProducts.requantised(c, sums, factor.div(c.x(7)), 8)
        : sums.to(factor.dtype()).mul(factor);
  }

  /** A is quantised by its own range; B is quantised already. */
  private static Tensor dynamicProduct(Call c) {
    List<Tensor> left = Quantisation.dynamic(c, c.x(0));
    Tensor a = left.get(0).to(DType.DOUBLE).sub(left.get(2).to(DType.DOUBLE));
    Tensor b = IntegerProducts.values(c, 1, 3);
    Tensor factor = left.get(1).mul(c.x(2));
    return biased(c, LinearAlgebra.product(c, a, b).to(factor.dtype()).mul(factor), 4);
  }

  private static Tensor productToReal(Call c) {
    Tensor sums =
        LinearAlgebra.product(c, IntegerProducts.values(c, 0, 4), IntegerProducts.values(c, 1, 5));
    Tensor factor = IntegerProducts.along(0, c.x(2)).mul(c.x(3));
    return biased(c, sums.to(factor.dtype()).mul(factor), 6);
  }

  private static Tensor biased(Call c, Tensor y, int bias) {
    return c.optional(bias).map(y::add).orElse(y);
  }

  // ---- weights of few bits, packed into bytes

  /** Weights [N, K] in blocks along K, each with a scale and a zero point. */
  private static Tensor packedProduct(Call c) {
    if (c.has(4)) {
      throw c.error("has groups in an order of their own (g_idx), which is not supported");
    }
    Tensor x = c.x(0);
    long bits = c.attributes().integer("bits", 4);
    long rows = c.attributes().integer("N", 0);
    long columns = c.attributes().integer("K", 0);
    long block = c.attributes().integer("block_size", 0);
    boolean known = bits == 2 || bits == 4 || bits == 8;
    if (!known || rows < 1 || columns < 1 || block < 16) {
      throw c.error(
          "has weights [%d, %d] of %d bits in blocks of %d, which is not supported"
              .formatted(rows, columns, bits, block));
    }
    long blocks = (columns + block - 1) / block;
    requireCount(c, "packed weights", c.x(1), rows * blocks * block * bits / 8);
    requireCount(c, "scales", c.x(2), rows * blocks);
    Tensor codes = unpacked(c.x(1), bits).reshape(rows, blocks, block).to(x.dtype());
    Tensor scales = c.x(2).reshape(rows, blocks, 1).to(x.dtype());
    Tensor zeros = zeroPoints(c, bits, rows, blocks, x.dtype());
    Tensor weights = codes.sub(zeros).mul(scales).reshape(rows, blocks * block);
    Tensor product = LinearAlgebra.product(c, x, weights.narrow(1, 0, columns).t());
    return biased(c, product, 5);
  }

  private static void requireCount(Call c, String what, Tensor x, long count) {
    if (x.count() != count) {
      throw c.error("has %d %s, not %d".formatted(x.count(), what, count));
    }
  }

  private static Tensor zeroPoints(Call c, long bits, long rows, long blocks, DType type) {
    if (!c.has(3)) {
      return Tensors.full(type, Math.scalb(1.0, (int) bits - 1));
    }
    Tensor given = c.x(3);
    if (given.dtype().isFloating()) {
      requireCount(c, "zero points", given, rows * blocks);
      return given.reshape(rows, blocks, 1).to(type);
    }
    long bytes = (blocks * bits + 7) / 8;
    requireCount(c, "bytes of zero points", given, rows * bytes);
    Tensor codes = unpacked(given.reshape(rows, bytes), bits).reshape(rows, -1);
    return codes.narrow(1, 0, blocks).unsqueeze(-1).to(type);
  }

  /** The codes in each byte, the first in its lowest bits, along a new last axis. */
  private static Tensor unpacked(Tensor bytes, long bits) {
    Tensor whole = bytes.to(DType.INT);
    Tensor mask = Tensors.scalar((1L << bits) - 1).to(DType.INT);
    List<Tensor> codes = new ArrayList<>();
    for (long shift = 0; shift < 8; shift += bits) {
      codes.add(Bits.and(Bits.right(whole, Tensors.scalar(shift).to(DType.INT)), mask));
    }
    return Indexing.stack(codes, -1);
  }
}
