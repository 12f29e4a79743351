package io.afterimage.graph;

import static java.util.Map.entry;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Where the rows lie after the operators of com.microsoft: as after those that they were fused
 * from. What takes the scale of its whole input, as DynamicQuantizeMatMul does, has no rule.
 */
final class RowFused {
  private static final List<String> ELEMENTWISE =
      List.of(
          "BiasGelu FastGelu Gelu QuickGelu QLinearAdd QLinearMul QLinearSigmoid QLinearLeakyRelu");

  private static final List<String> FIRST_AXIS =
      List.of("NhwcMaxPool QLinearConv QLinearAveragePool QLinearGlobalAveragePool");

  static final Map<String, RowRules.Rule> RULES = new HashMap<>();

  static {
    RowRules.each(RULES, ELEMENTWISE, RowRules::elementwise);
    RowRules.each(RULES, FIRST_AXIS, RowRules::firstAxis);
    RowRules.each(RULES, List.of("QuantizeLinear DequantizeLinear"), RowRules::quantisation);
    RowRules.each(RULES, List.of("FusedMatMul TransposeMatMul"), RowProducts::matMul);
    RowRules.each(
        RULES,
        List.of("SkipLayerNormalization SkipSimplifiedLayerNormalization"),
        RowFused::skipped);
    RULES.putAll(
        Map.ofEntries(
            entry("FusedGemm", RowProducts::gemm),
            entry("QGemm", RowFused::quantisedGemm),
            entry("MatMulNBits", RowFused::packedProduct),
            entry("MatMulIntegerToFloat", RowFused::productToReal),
            entry("QLinearConcat", RowFused::quantisedConcat),
            entry("FusedConv", RowFused::conv),
            entry("BiasDropout", RowFused::dropout),
            entry("BiasSoftmax", RowFused::softmaxOfSum),
            entry("QLinearSoftmax", RowRules::layerNormalization),
            entry("EmbedLayerNormalization", look -> batched(look, first(0, 1, 7, 8), 0, 0, 0)),
            entry("Attention", look -> batched(look, with(first(0, 3, 5), 4), 0, 1)),
            entry("QAttention", look -> batched(look, with(first(0, 5), 8), 0, 1)),
            entry(
                "MultiHeadAttention",
                look -> batched(look, first(0, 1, 2, 4, 5, 6, 7), 0, 0, 0, 0)),
            entry(
                "GroupQueryAttention",
                look -> batched(look, first(0, 1, 2, 3, 4, 5, 9, 10), 0, 0, 0)),
            entry("RotaryEmbedding", RowFused::turned)));
  }

  private RowFused() {}

  // ---- products and convolutions

  private static List<RowStep> quantisedGemm(RowLook look) {
    RowAxis rows = look.only(0);
    look.require(
        rows.axis() == (look.attributes().flag("transA", false) ? 1 : 0), "sums over rows");
    if (look.has(6) && look.rank(6) == 2) {
      look.oneForAll(6, 0, rows);
    }
    return look.step(rows.at(0));
  }

  /** A standard operator, which stands here beside its like. */
  static List<RowStep> quantisedProduct(RowLook look) {
    for (int parameter : List.of(1, 2, 6, 7)) {
      look.require(isOne(look, parameter), "has a scale for each row");
    }
    look.require(look.rank(3) == 2, "multiplies more than one matrix");
    return packedProduct(look);
  }

  /** The scales and zero points of the left side are one for all rows. */
  private static List<RowStep> productToReal(RowLook look) {
    for (int parameter : List.of(2, 4)) {
      look.require(!look.has(parameter) || isOne(look, parameter), "has a scale for each row");
    }
    look.require(look.rank(1) == 2, "multiplies more than one matrix");
    return packedProduct(look);
  }

  /** After the result's scale and zero point, a value, its scale and its zero point each. */
  private static List<RowStep> quantisedConcat(RowLook look) {
    int first = look.rowed().get(0);
    RowAxis rows = look.rowsOf(first);
    look.require(look.axis("axis", 0, look.rank(first)) != rows.axis(), "joins rows to others");
    for (int input = 0; input < look.node().inputs().size(); input++) {
      if (input % 3 != 2) {
        look.require(isOne(look, input), "has a scale for each row");
      } else if (look.rows(input).isPresent()) {
        look.require(look.rowsOf(input).equals(rows), "has its rows elsewhere");
      } else {
        look.spread(input, rows.axis(), first);
      }
    }
    return look.step(rows);
  }

  private static boolean isOne(RowLook look, int input) {
    return look.rows(input).isEmpty()
        && Arrays.stream(look.shape(input)).allMatch(extent -> extent == 1);
  }

  private static List<RowStep> packedProduct(RowLook look) {
    RowAxis rows = look.only(0);
    look.require(rows.axis() < look.rank(0) - 1, "sums over rows");
    return RowStep.unchanged(look, rows);
  }

  /** The value that is added has the shape of the result. */
  private static List<RowStep> conv(RowLook look) {
    int added = 3;
    RowAxis rows = look.rowsOf(0);
    look.require(rows.axis() == 0, "takes the rows' axis for another");
    look.require(List.of(0, added).containsAll(look.rowed()), "has weights for each row");
    if (look.rows(added).isPresent()) {
      look.require(look.rowsOf(added).equals(rows), "has its rows elsewhere");
    } else if (look.has(added)) {
      look.spread(added, 0, 0);
    }
    return look.step(rows);
  }

  // ---- sums

  private static List<RowStep> dropout(RowLook look) {
    look.require(!look.has(4) || look.integers(4)[0] == 0, "drops at random");
    return RowRules.elementwise(look);
  }

  private static List<RowStep> skipped(RowLook look) {
    look.require(look.rowsOf(0).axis() < look.rank(0) - 1, "works across rows");
    return RowRules.elementwise(look);
  }

  /** A stored bias is repeated along the first axes, or, within, along others that it must have. */
  private static List<RowStep> softmaxOfSum(RowLook look) {
    int axis = look.axis("axis", 1, look.rank(0));
    look.require(look.rowsOf(0).axis() < axis, "works across rows");
    look.require(
        look.rows(1).isPresent() || !look.attributes().flag("is_inner_broadcast", false),
        "repeats a bias along its rows");
    return RowRules.elementwise(look);
  }

  // ---- attention

  /** Positions are one offset, or given for every word. */
  private static List<RowStep> turned(RowLook look) {
    return batched(look, look.rank(1) == 2 ? first(0, 1) : first(0), 0);
  }

  private static SortedMap<Integer, Integer> first(int... inputs) {
    SortedMap<Integer, Integer> axes = new TreeMap<>();
    Arrays.stream(inputs).forEach(input -> axes.put(input, 0));
    return axes;
  }

  /** And the keys and values of the past, one behind the other. */
  private static SortedMap<Integer, Integer> with(SortedMap<Integer, Integer> axes, int past) {
    axes.put(past, 1);
    return axes;
  }

  /**
   * Each row by itself.
   *
   * @param inputs that have something for each row, with the axis on which they have it
   * @param outputs the axes of the outputs
   */
  private static List<RowStep> batched(
      RowLook look, SortedMap<Integer, Integer> inputs, int... outputs) {
    look.require(look.rowsOf(0).equals(RowAxis.FIRST), "takes the rows' axis for another");
    look.require(inputs.keySet().containsAll(look.rowed()), "has weights for each row");
    inputs.forEach((input, axis) -> place(look, input, axis));
    return look.step(
        IntStream.range(0, look.node().outputs().size())
            .mapToObj(i -> Optional.of(RowAxis.FIRST.at(outputs[i])))
            .toList());
  }

  private static void place(RowLook look, int input, int axis) {
    if (look.rows(input).isPresent()) {
      look.require(look.rowsOf(input).equals(RowAxis.FIRST.at(axis)), "has its rows elsewhere");
    } else if (look.has(input)) {
      look.spread(input, axis, 0);
    }
  }
}
