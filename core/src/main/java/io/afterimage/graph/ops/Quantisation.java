package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Real numbers to quantised ones and back: x / scale + zero point, with one scale for all, one for
 * each slice of an axis, or one for each block of an axis. See {@link Quantised}.
 */
final class Quantisation {
  private static final int BYTE_STEPS = 255;

  private Quantisation() {}

  static void register() {
    Operators.one("DequantizeLinear", Quantisation::dequantize);
    Operators.surrogate(
        "", "QuantizeLinear", Quantised.SURROGATE, Operators.single(Quantisation::quantize));
    Operators.surrogate(
        "",
        "DynamicQuantizeLinear",
        Quantised.SURROGATE,
        c -> dynamic(c, c.x(0)).stream().map(Value::of).toList());
    Operators.surrogate(
        Node.MICROSOFT,
        "QuantizeLinear",
        Quantised.SURROGATE,
        Operators.single(Quantisation::quantize));
    Operators.in(Node.MICROSOFT, "DequantizeLinear", Operators.single(Quantisation::dequantize));
  }

  /** Scales or zero points, broadcast to the first input. */
  private static Tensor aligned(Call c, Tensor scale) {
    long[] shape = c.x(0).shape();
    long block = c.attributes().integer("block_size", 0);
    if (block > 0) {
      return blocks(c, scale, block);
    }
    if (scale.count() == 1) {
      return scale.reshape();
    }
    int axis = c.axis(c.attributes().integer("axis", 1), shape.length);
    if (scale.count() != shape[axis]) {
      throw c.error(
          "has %d scales or zero points for axis %d of shape %s"
              .formatted(scale.count(), axis, Arrays.toString(shape)));
    }
    long[] broadcast = new long[shape.length];
    Arrays.fill(broadcast, 1);
    broadcast[axis] = scale.count();
    return scale.reshape(broadcast);
  }

  private static Tensor blocks(Call c, Tensor scale, long block) {
    long[] shape = c.x(0).shape();
    int axis = c.axis(c.attributes().integer("axis", 1), shape.length);
    long[] expected = shape.clone();
    expected[axis] = (shape[axis] + block - 1) / block;
    if (!Arrays.equals(expected, scale.shape())) {
      throw c.error(
          "has scales or zero points %s for blocks of %d of axis %d of shape %s"
              .formatted(Arrays.toString(scale.shape()), block, axis, Arrays.toString(shape)));
    }
    long each = Math.min(block, Math.max(1, shape[axis]));
    return Indexing.repeatEach(scale, axis, each).narrow(axis, 0, shape[axis]);
  }

  /** The zero points as numbers of the scale's type; 0 where there are none. */
  private static Tensor zeroPoint(Call c, DType type) {
    return c.optional(2)
        .map(zero -> aligned(c, zero.to(type)))
        .orElseGet(() -> Tensors.zeros(type));
  }

  private static Tensor dequantize(Call c) {
    DType type = c.x(1).dtype();
    Tensor values = c.x(0).to(type).sub(zeroPoint(c, type)).mul(aligned(c, c.x(1)));
    return given(c, "output_dtype").map(values::to).orElse(values);
  }

  private static Tensor quantize(Call c) {
    DType precision =
        given(c, "precision").orElse(c.x(0).dtype().isFloating() ? c.x(0).dtype() : c.x(1).dtype());
    DType type =
        c.optional(2).map(Tensor::dtype).or(() -> given(c, "output_dtype")).orElse(DType.UBYTE);
    Tensor scaled = c.x(0).to(precision).div(aligned(c, c.x(1).to(precision)));
    boolean saturate = c.attributes().flag("saturate", true);
    return Quantised.rounded(c, scaled, zeroPoint(c, precision), type, saturate);
  }

  private static Optional<DType> given(Call c, String attribute) {
    return ElementType.of((int) c.attributes().integer(attribute, 0))
        .flatMap(ElementType::dtype)
        .map(c::type);
  }

  /** Quantised by its own range, and back. */
  static Tensor throughBytes(Call c, Tensor x) {
    List<Tensor> codes = dynamic(c, x);
    Tensor values = codes.get(0).to(x.dtype());
    return values.sub(codes.get(2).to(x.dtype())).mul(codes.get(1));
  }

  /**
   * Quantised to UBYTE by the input's own range, widened so that it holds 0; then the scale and the
   * zero point, which count as constants for the gradients.
   */
  static List<Tensor> dynamic(Call c, Tensor x) {
    Tensor zero = Tensors.zeros(x.dtype());
    Tensor low = Maths.minimum(x.detach().min(false), zero);
    Tensor high = Maths.maximum(x.detach().max(false), zero);
    Tensor range = high.sub(low);
    Tensor scale = range.div(BYTE_STEPS).where(range.gt(0), zero.add(1));
    Tensor zeroPoint = Maths.round(Maths.clamp(low.neg().div(scale), 0, BYTE_STEPS));
    Tensor scaled = x.div(scale);
    Tensor codes = Quantised.rounded(c, scaled.detach(), zeroPoint, DType.UBYTE, true);
    // The range holds every number: the clamp cuts off what rounding adds, not gradients.
    Tensor passed = x.requiresGrad() ? Quantised.through(scaled, codes.to(x.dtype())) : codes;
    return List.of(passed, scale, zeroPoint.to(DType.UBYTE));
  }
}
