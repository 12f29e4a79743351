package io.afterimage.graph;

import static java.util.Map.entry;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * For each operator, when it keeps rows apart, and where they lie afterwards. An operator without a
 * rule, or a use outside its rule, counts as mixing them.
 */
final class RowRules {
  /** The ways in which a node may be done for any number of rows; the likeliest first. */
  @FunctionalInterface
  interface Rule {
    List<RowStep> of(RowLook look);
  }

  static final List<String> ELEMENTWISE =
      List.of(
          "Abs Acos Acosh Add And Asin Asinh Atan Atanh BitShift BitwiseAnd BitwiseNot BitwiseOr",
          "BitwiseXor Cast CastLike Ceil Celu Clip Cos Cosh Div Dropout Elu Equal Erf Exp Floor",
          "Gelu Greater GreaterOrEqual HardSigmoid HardSwish Identity IsInf IsNaN LeakyRelu Less",
          "LessOrEqual Log Max Mean Min Mish Mod Mul Neg Not Or PRelu Pow Reciprocal Relu Round",
          "Selu Shrink Sigmoid Sign Sin Sinh Softplus Softsign Sqrt Sub Sum Swish Tan Tanh",
          "ThresholdedRelu Where Xor");

  private static final List<String> FIRST_AXIS =
      List.of(
          "Conv ConvTranspose MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool",
          "GlobalLpPool BatchNormalization InstanceNormalization GroupNormalization LRN",
          "DepthToSpace SpaceToDepth ConvInteger QLinearConv");

  private static final List<String> ML_FIRST_AXIS =
      List.of(
          "Scaler Normalizer Imputer LinearClassifier LinearRegressor SVMClassifier SVMRegressor",
          "TreeEnsembleClassifier TreeEnsembleRegressor TreeEnsemble OneHotEncoder ZipMap");

  private static final List<String> REDUCTIONS =
      List.of(
          "ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin",
          "ReduceProd ReduceSum ReduceSumSquare");

  private static final Map<String, Rule> RULES = new HashMap<>();
  private static final Map<String, Rule> ML_RULES = new HashMap<>();

  static {
    each(RULES, ELEMENTWISE, RowRules::elementwise);
    each(RULES, FIRST_AXIS, RowRules::firstAxis);
    each(RULES, REDUCTIONS, RowRules::reduction);
    each(RULES, List.of("Softmax LogSoftmax Hardmax"), RowRules::softmax);
    each(
        RULES,
        List.of("LayerNormalization RMSNormalization SimplifiedLayerNormalization"),
        RowRules::layerNormalization);
    each(RULES, List.of("LSTM GRU RNN"), RowRules::recurrent);
    each(RULES, List.of("MatMul MatMulInteger"), RowProducts::matMul);
    each(RULES, List.of("QuantizeLinear DequantizeLinear"), RowRules::quantisation);
    RULES.putAll(
        Map.ofEntries(
            entry("Gemm", RowProducts::gemm),
            entry("QLinearMatMul", RowFused::quantisedProduct),
            entry("Einsum", RowProducts::einsum),
            entry("ArgMax", RowRules::argument),
            entry("ArgMin", RowRules::argument),
            entry("TopK", look -> apartFrom(look, "axis", -1)),
            entry("LpNormalization", look -> apartFrom(look, "axis", -1)),
            entry("Split", look -> apartFrom(look, "axis", 0)),
            entry("CumSum", RowRules::cumulative),
            entry("Loop", RowLoops::loop),
            entry("Scan", RowRules::scan)));
    RULES.putAll(RowShapes.RULES);
    each(ML_RULES, ML_FIRST_AXIS, RowRules::firstAxis);
    each(ML_RULES, List.of("Binarizer LabelEncoder CategoryMapper"), RowRules::elementwise);
    ML_RULES.put("FeatureVectorizer", RowRules::allFirst);
    ML_RULES.put("ArrayFeatureExtractor", RowShapes::columns);
  }

  private RowRules() {}

  static void each(Map<String, Rule> rules, List<String> types, Rule rule) {
    types.stream()
        .flatMap(line -> List.of(line.split(" ")).stream())
        .forEach(t -> rules.put(t, rule));
  }

  /** What may stand in a node's place; a MixedException where its rows may mix. */
  static List<RowStep> of(RowLook look) {
    Map<String, Rule> rules =
        switch (look.node().domain()) {
          case "" -> RULES;
          case Node.ML -> ML_RULES;
          case Node.MICROSOFT -> RowFused.RULES;
          default -> Map.of();
        };
    return Optional.ofNullable(rules.get(look.node().type()))
        .orElseThrow(() -> look.mixed("may mix rows"))
        .of(look);
  }

  // ---- one number from those in the same place

  static List<RowStep> elementwise(RowLook look) {
    look.require(
        !look.node().is("Dropout") || !look.has(2) || look.integers(2)[0] == 0, "drops at random");
    int first = look.rowed().get(0);
    RowAxis rows = look.rowsOf(first);
    int fromEnd = look.rank(first) - rows.axis();
    for (int other : look.rowed()) {
      RowAxis there = look.rowsOf(other);
      look.require(
          look.rank(other) - there.axis() == fromEnd && there.like(rows),
          "combines one row with another");
    }
    for (int stored : look.stored()) {
      if (look.rank(stored) >= fromEnd) {
        look.oneForAll(stored, look.rank(stored) - fromEnd, rows);
      }
    }
    return look.step(rows.at(look.outputRank() - fromEnd));
  }

  // ---- operators that take rows on their first axis

  static List<RowStep> firstAxis(RowLook look) {
    RowAxis rows = look.only(0);
    boolean sequence = look.node().type().equals("ZipMap");
    look.require(
        rows.axis() == 0 && look.rank(0) > 1 && (!sequence || rows.alone()),
        "takes the rows' axis for another");
    look.require(!look.attributes().flag("training_mode", false), "takes statistics over its rows");
    boolean places = look.node().is("MaxPool") && look.node().outputs().size() > 1;
    look.require(!places, "tells places within the batch");
    return RowStep.unchanged(look, rows);
  }

  private static List<RowStep> allFirst(RowLook look) {
    RowAxis rows = look.rowsOf(0);
    look.require(
        look.stored().isEmpty() && look.rowed().stream().allMatch(i -> look.rowsOf(i).equals(rows)),
        "has its rows elsewhere");
    look.require(rows.axis() == 0, "takes the rows' axis for another");
    return RowStep.unchanged(look, rows);
  }

  // ---- along an axis

  private static List<RowStep> apartFrom(RowLook look, String attribute, long otherwise) {
    RowAxis rows = look.only(0);
    int axis = look.axis(attribute, otherwise, look.rank(0));
    look.require(axis != rows.axis(), "works across rows");
    return RowStep.unchanged(look, rows);
  }

  private static List<RowStep> cumulative(RowLook look) {
    RowAxis rows = look.only(0);
    int axis = look.axis(look.integers(1)[0], look.rank(0));
    look.require(axis != rows.axis(), "works across rows");
    return RowStep.unchanged(look, rows);
  }

  private static List<RowStep> softmax(RowLook look) {
    if (look.node().opset() >= 13) {
      return apartFrom(look, "axis", -1);
    }
    RowAxis rows = look.only(0);
    look.require(rows.axis() < look.axis("axis", 1, look.rank(0)), "works across rows");
    return RowStep.unchanged(look, rows);
  }

  static List<RowStep> layerNormalization(RowLook look) {
    RowAxis rows = look.only(0);
    look.require(rows.axis() < look.axis("axis", -1, look.rank(0)), "works across rows");
    return RowStep.unchanged(look, rows);
  }

  private static List<RowStep> argument(RowLook look) {
    RowAxis rows = look.only(0);
    int axis = look.axis("axis", 0, look.rank(0));
    return reduced(look, rows, new int[] {axis});
  }

  private static List<RowStep> reduction(RowLook look) {
    RowAxis rows = look.only(0);
    long[] axes =
        look.has(1)
            ? look.integers(1)
            : look.attributes().integers("axes").orElseGet(() -> new long[0]);
    if (axes.length == 0 && look.attributes().flag("noop_with_empty_axes", false)) {
      return RowStep.unchanged(look, rows);
    }
    look.require(axes.length > 0, "works across rows");
    return reduced(
        look,
        rows,
        IntStream.range(0, axes.length).map(i -> look.axis(axes[i], look.rank(0))).toArray());
  }

  private static List<RowStep> reduced(RowLook look, RowAxis rows, int[] axes) {
    look.require(IntStream.of(axes).noneMatch(a -> a == rows.axis()), "works across rows");
    boolean kept = look.attributes().flag("keepdims", true);
    long before = kept ? 0 : IntStream.of(axes).filter(a -> a < rows.axis()).count();
    return RowStep.unchanged(look, rows.at(rows.axis() - (int) before));
  }

  static List<RowStep> quantisation(RowLook look) {
    RowAxis rows = look.only(0);
    boolean whole = look.rank(1) == 0 || (look.rank(1) == 1 && look.shape(1)[0] == 1);
    look.require(
        whole || look.axis("axis", 1, look.rank(0)) != rows.axis(), "has a scale for each row");
    return RowStep.unchanged(look, rows);
  }

  // ---- over time

  private static List<RowStep> recurrent(RowLook look) {
    boolean rowsFirst = look.attributes().integer("layout", 0) == 1;
    RowAxis rows = look.rowsOf(0);
    look.require(rows.axis() == (rowsFirst ? 0 : 1) && rows.alone(), "takes rows for time steps");
    look.require(
        look.rowed().stream().allMatch(i -> i == 0 || i == 5 || i == 6) && !look.has(4),
        "has weights or lengths for each row");
    RowAxis state = rows.at(rowsFirst ? 0 : 1);
    for (int given = 5; given <= 6; given++) {
      if (look.rows(given).isPresent()) {
        look.require(look.rowsOf(given).equals(state), "has its rows elsewhere");
      } else if (look.has(given)) {
        look.spread(given, state.axis(), 0);
      }
    }
    return look.step(
        IntStream.range(0, look.node().outputs().size())
            .mapToObj(i -> Optional.of(i == 0 && !rowsFirst ? rows.at(2) : state))
            .toList());
  }

  /** Each row is a step of its own where no state goes from one to the next. */
  private static List<RowStep> scan(RowLook look) {
    int scanned = Math.toIntExact(look.attributes().integer("num_scan_inputs", 0));
    int states = look.node().inputs().size() - scanned;
    if (look.rowed().stream().noneMatch(i -> i >= states && look.rowsOf(i).axis() == 0)) {
      return RowLoops.scan(look);
    }
    look.require(
        look.node().opset() >= 9
            && look.rowed().stream().allMatch(i -> i >= states)
            && !RowBodies.reads(look.proto(), look.allRows().keySet()),
        "carries rows from step to step");
    look.require(
        look.stored().stream().allMatch(i -> i < states)
            && look.rowed().stream().allMatch(i -> look.rowsOf(i).equals(RowAxis.FIRST)),
        "steps through something else than rows");
    look.require(
        look.attributes().integers("scan_input_axes").isEmpty()
            && look.attributes().integers("scan_output_axes").isEmpty()
            && RowBodies.keepsStates(look.proto(), states),
        "carries a state from row to row");
    return look.step(
        IntStream.range(0, look.node().outputs().size())
            .mapToObj(i -> i < states ? Optional.<RowAxis>empty() : Optional.of(RowAxis.FIRST))
            .toList());
  }
}
