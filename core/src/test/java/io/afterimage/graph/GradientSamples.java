package io.afterimage.graph;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Small models of the operators that the ONNX backend suite differentiates nowhere. */
final class GradientSamples {
  /** A model and what to give to it, and the operators whose gradients it shows. */
  record Sample(Set<String> operators, OnnxModel model, Map<String, Value> inputs) {}

  private static final String MICROSOFT = Node.MICROSOFT + ":";
  private static final String ML = Node.ML + ":";

  private final Draws draws;
  private final List<Sample> samples = new ArrayList<>();

  private GradientSamples(Draws draws) {
    this.draws = draws;
  }

  /** All of them; their tensors belong to the innermost scope. */
  static List<Sample> all() {
    try (Draws draws = new Draws(5)) {
      GradientSamples all = new GradientSamples(draws);
      all.standard();
      all.products();
      all.biases();
      all.normalisations();
      all.attention();
      all.quantised();
      all.classical();
      all.supportVectors();
      all.pooling();
      all.constants();
      all.sequences();
      all.branches();
      return all.samples;
    }
  }

  // ---- making them

  private Tensor drawn(long... shape) {
    return draws.normal(DType.DOUBLE, 0, 1, shape);
  }

  private float[] numbers(int count) {
    return draws.normal(count).toFloats();
  }

  private static Tensor whole(long... values) {
    return Tensors.of(values, values.length);
  }

  private void add(String operator, @Nullable Tensor... inputs) {
    add(operator, node -> node, 1, inputs);
  }

  private void add(String operator, UnaryOperator<OneNode> settings, @Nullable Tensor... inputs) {
    add(operator, settings, 1, inputs);
  }

  private void add(
      String operator, UnaryOperator<OneNode> settings, int outputs, @Nullable Tensor... inputs) {
    List<@Nullable Value> values = new ArrayList<>();
    for (Tensor input : inputs) {
      values.add(input == null ? null : Value.of(input));
    }
    addValues(operator, settings, outputs, values);
  }

  private void addValues(
      String operator, UnaryOperator<OneNode> settings, int outputs, List<@Nullable Value> inputs) {
    int colon = operator.indexOf(':');
    String domain = operator.substring(0, colon);
    long opset = domain.isEmpty() ? 26 : domain.equals(Node.ML) ? 3 : 1;
    OneNode node = settings.apply(OneNode.of(domain, operator.substring(colon + 1), opset));
    OnnxModel model = node.model(outputs, inputs);
    samples.add(new Sample(Set.of(operator), model, OneNode.given(inputs)));
  }

  private void add(Set<String> operators, GraphBuilder graph, Tensor... inputs) {
    OnnxModel model = graph.build();
    Map<String, Value> given = new LinkedHashMap<>();
    List<ValueInfo> infos = model.inputs();
    for (int i = 0; i < inputs.length; i++) {
      given.put(infos.get(i).name(), Value.of(inputs[i]));
    }
    samples.add(new Sample(operators, model, given));
  }

  // ---- standard

  private void standard() {
    add(":Cast", node -> node.with("to", ElementType.DOUBLE.code()), drawn(2, 3));
    add(":CastLike", drawn(2, 3), drawn(1));
    add(":GlobalLpPool", node -> node.with("p", 3), drawn(2, 3, 4, 4));
    add(":Trilu", node -> node.with("upper", 0), drawn(2, 3, 4));
    Tensor pads = whole(1, 0, 0, 2);
    add(":Pad", drawn(2, 3), pads, drawn());
  }

  // ---- com.microsoft

  private void products() {
    UnaryOperator<OneNode> scaled = node -> node.with("alpha", 0.5);
    add(
        MICROSOFT + "FusedMatMul",
        node -> scaled.apply(node.with("transB", 1)),
        drawn(2, 3),
        drawn(4, 3));
    add(
        MICROSOFT + "TransposeMatMul",
        node -> scaled.apply(node.with("transA", 1)),
        drawn(3, 2),
        drawn(3, 4));
    add(
        MICROSOFT + "FusedGemm",
        node -> node.with("activation", "Tanh"),
        drawn(2, 3),
        drawn(3, 4),
        drawn(4));
    add(
        MICROSOFT + "FusedConv",
        node -> node.with("activation", "Sigmoid"),
        drawn(1, 2, 5, 5),
        drawn(3, 2, 3, 3),
        drawn(3),
        drawn(1, 3, 3, 3));
    add(MICROSOFT + "Inverse", drawn(2, 3, 3));
  }

  private void biases() {
    add(MICROSOFT + "Gelu", drawn(2, 3));
    add(MICROSOFT + "QuickGelu", drawn(2, 3));
    add(MICROSOFT + "BiasGelu", drawn(2, 3), drawn(3));
    add(MICROSOFT + "FastGelu", drawn(2, 3), drawn(3));
    add(MICROSOFT + "BiasDropout", drawn(2, 3), drawn(3), drawn(2, 3));
    add(
        MICROSOFT + "BiasSoftmax",
        node -> node.with("axis", 2).with("is_inner_broadcast", 1),
        drawn(2, 3, 4),
        drawn(1, 3, 4));
  }

  private void normalisations() {
    add(":SimplifiedLayerNormalization", node -> node, 2, drawn(2, 4), drawn(4));
    add(
        MICROSOFT + "SkipLayerNormalization",
        node -> node,
        4,
        drawn(2, 3, 4),
        drawn(2, 3, 4),
        drawn(4),
        drawn(4),
        drawn(4));
    add(
        MICROSOFT + "SkipSimplifiedLayerNormalization",
        node -> node,
        4,
        drawn(2, 3, 4),
        drawn(2, 3, 4),
        drawn(4),
        drawn(4));
    add(
        MICROSOFT + "EmbedLayerNormalization",
        node -> node,
        3,
        whole(0, 4, 2, 1).reshape(2, 2),
        whole(0, 1, 1, 0).reshape(2, 2),
        drawn(5, 4),
        drawn(3, 4),
        drawn(2, 4),
        drawn(4),
        drawn(4));
  }

  private void attention() {
    UnaryOperator<OneNode> heads = node -> node.with("num_heads", 2);
    add(
        MICROSOFT + "Attention",
        node -> heads.apply(node).with("unidirectional", 1),
        2,
        drawn(2, 4, 5),
        drawn(5, 18),
        drawn(18),
        whole(4, 3),
        drawn(2, 2, 2, 3, 3),
        drawn(1, 2, 4, 7));
    add(
        MICROSOFT + "MultiHeadAttention",
        heads,
        4,
        drawn(2, 4, 6),
        drawn(2, 5, 6),
        drawn(2, 5, 8),
        drawn(20),
        null,
        drawn(2, 1, 4, 5));
    add(
        MICROSOFT + "QAttention",
        heads,
        2,
        drawn(2, 4, 5),
        drawn(5, 18),
        drawn(18),
        drawn(),
        drawn(18),
        whole(4, 2),
        drawn(),
        drawn(18));
    add(
        MICROSOFT + "GroupQueryAttention",
        node ->
            heads
                .apply(node)
                .with("kv_num_heads", 1)
                .with("softcap", 2.0)
                .with("local_window_size", 2)
                .with("do_rotary", 1),
        3,
        drawn(1, 3, 8),
        drawn(1, 3, 4),
        drawn(1, 3, 4),
        drawn(1, 1, 2, 4),
        drawn(1, 1, 2, 4),
        whole(4),
        whole(5),
        drawn(6, 2),
        drawn(6, 2),
        null,
        drawn(1, 2, 3, 5),
        drawn(2));
    add(
        MICROSOFT + "RotaryEmbedding",
        node -> node,
        drawn(2, 4, 16),
        whole(2),
        drawn(9, 4),
        drawn(9, 4));
    add(MICROSOFT + "Trilu", drawn(2, 3, 4));
  }

  /** Where whole numbers carry gradients, they are real numbers; see {@code Quantised}. */
  private void quantised() {
    add(":MatMulInteger", drawn(2, 3), drawn(3, 4), drawn(2), drawn(4));
    add(":ConvInteger", drawn(1, 2, 4, 4), drawn(3, 2, 2, 2), drawn(), drawn(3));
    add(MICROSOFT + "DequantizeLinear", drawn(2, 3), drawn(), drawn());
    add(
        MICROSOFT + "MatMulIntegerToFloat",
        drawn(2, 3),
        drawn(3, 4),
        drawn(),
        drawn(4),
        drawn(),
        drawn(4),
        drawn(4));
    Tensor codes = Tensors.arange(DType.DOUBLE, 3, 27, 1).to(DType.UBYTE).reshape(3, 1, 8);
    add(
        MICROSOFT + "MatMulNBits",
        node -> node.with("bits", 4).with("N", 3).with("K", 16).with("block_size", 16),
        drawn(2, 16),
        codes,
        drawn(3),
        drawn(3),
        null,
        drawn(3));
  }

  private void pooling() {
    add(
        MICROSOFT + "NhwcMaxPool",
        node -> node.with("kernel_shape", new long[] {2, 2}),
        drawn(1, 4, 4, 2));
    Tensor regions = Tensors.of(new double[] {0, 0, 0, 3, 4, 0, 1, 2, 5, 5}, 2, 5);
    add(
        ":MaxRoiPool",
        node -> node.with("pooled_shape", new long[] {2, 2}),
        drawn(1, 2, 6, 6),
        regions);
  }

  // ---- ai.onnx.ml

  private void classical() {
    add(
        ML + "LinearRegressor",
        node ->
            node.with("targets", 2).with("coefficients", numbers(6)).with("intercepts", numbers(2)),
        drawn(4, 3));
    add(
        ML + "LinearClassifier",
        node ->
            node.with("classlabels_ints", new long[] {1, 2, 3})
                .with("coefficients", numbers(9))
                .with("intercepts", numbers(3))
                .with("post_transform", "SOFTMAX"),
        2,
        drawn(4, 3));
    add(
        ML + "Scaler",
        node -> node.with("offset", numbers(3)).with("scale", numbers(3)),
        drawn(4, 3));
    for (String norm : List.of("MAX", "L1", "L2")) {
      add(ML + "Normalizer", node -> node.with("norm", norm), drawn(4, 3));
    }
    Tensor gaps = Tensors.of(new double[] {1, Double.NaN, 3, -4, 5, Double.NaN}, 2, 3);
    add(
        ML + "Imputer",
        node ->
            node.with("imputed_value_floats", numbers(3)).with("replaced_value_float", Double.NaN),
        gaps);
    add(ML + "ArrayFeatureExtractor", drawn(2, 4), whole(3, 0));
    add(
        ML + "FeatureVectorizer",
        node -> node.with("inputdimensions", new long[] {3, 2}),
        drawn(2, 3),
        drawn(2, 2));
    add(
        ML + "ZipMap",
        node -> node.with("classlabels_strings", List.of("a", "b", "c")),
        drawn(2, 3));
    for (String form : List.of("DENSE", "SPARSE")) {
      addValues(
          ML + "CastMap",
          node -> node.with("map_form", form).with("max_map", 4),
          1,
          Arrays.asList(new Value.Dictionary(Value.of(whole(3, 0)), Value.of(drawn(2)))));
    }
    addValues(
        ML + "DictVectorizer",
        node -> node.with("string_vocabulary", List.of("a", "b", "c", "d")),
        1,
        Arrays.asList(
            new Value.Dictionary(
                new Value.Strings(List.of("c", "a"), new long[] {2}), Value.of(drawn(2)))));
  }

  private void supportVectors() {
    for (String kernel : List.of("LINEAR", "POLY", "RBF", "SIGMOID")) {
      add(
          ML + "SVMRegressor",
          node ->
              node.with("n_supports", 4)
                  .with("kernel_type", kernel)
                  .with("kernel_params", new float[] {0.4f, 0.3f, 2})
                  .with("support_vectors", numbers(4 * 3))
                  .with("coefficients", numbers(4))
                  .with("rho", numbers(1)),
          drawn(5, 3));
    }
    for (String end : List.of("NONE", "LOGISTIC", "SOFTMAX")) {
      add(
          ML + "SVMClassifier",
          node -> classifier(node, 3).with("post_transform", end),
          2,
          drawn(5, 3));
    }
    for (int classes : new int[] {2, 3}) {
      int pairs = classes * (classes - 1) / 2;
      add(
          ML + "SVMClassifier",
          node ->
              classifier(node, classes)
                  .with("prob_a", numbers(pairs))
                  .with("prob_b", numbers(pairs)),
          2,
          drawn(5, 3));
    }
  }

  private OneNode classifier(OneNode node, int classes) {
    long[] labels = new long[classes];
    Arrays.setAll(labels, i -> i);
    long[] counts = new long[classes];
    Arrays.fill(counts, 2);
    return node.with("classlabels_ints", labels)
        .with("vectors_per_class", counts)
        .with("kernel_type", "RBF")
        .with("kernel_params", new float[] {0.4f, 0.3f, 3})
        .with("support_vectors", numbers(2 * classes * 3))
        .with("coefficients", numbers((classes - 1) * 2 * classes))
        .with("rho", numbers(classes * (classes - 1) / 2));
  }

  // ---- graphs of several nodes

  private void constants() {
    GraphBuilder g = new GraphBuilder("constant");
    g.input("x", ElementType.FLOAT, 2, 3);
    g.node("Constant").with("value", TensorData.proto("w", numbers(12), 3, 4)).to("w");
    g.output(g.node("MatMul", "x", "w").to("y"), ElementType.FLOAT, 2, 4);
    add(Set.of(":Constant"), g, drawn(2, 3));
  }

  private void sequences() {
    GraphBuilder g = new GraphBuilder("sequences");
    g.input("a", ElementType.FLOAT, 2, 3);
    g.input("b", ElementType.FLOAT, 2, 2);
    g.initializer("first", new long[] {0});
    g.initializer("last", new long[] {-1});
    g.node("SequenceConstruct", "a", "b").to("two");
    g.node("SequenceInsert", "two", "a", "first").to("three");
    g.node("SequenceErase", "three", "first").to("again");
    g.node("SequenceAt", "again", "last").to("at");
    g.node("SequenceEmpty").to("none");
    g.node("SequenceInsert", "none", "at").to("one");
    g.node("ConcatFromSequence", "again").with("axis", 1).to("joined");
    g.node("ConcatFromSequence", "one").with("axis", 1).to("alone");
    g.node("SplitToSequence", "joined").with("axis", 1).to("columns");
    g.node("Optional", "columns").to("maybe");
    g.node("OptionalGetElement", "maybe").to("got");
    g.node("ConcatFromSequence", "got").with("axis", 0).to("stacked");
    g.output("alone", ElementType.FLOAT, 2, 2);
    g.output("stacked", ElementType.FLOAT, 10, 1);
    add(
        Set.of(
            ":SequenceConstruct",
            ":SequenceInsert",
            ":SequenceErase",
            ":SequenceAt",
            ":SequenceEmpty",
            ":ConcatFromSequence",
            ":SplitToSequence",
            ":Optional",
            ":OptionalGetElement"),
        g,
        drawn(2, 3),
        drawn(2, 2));
  }

  private void branches() {
    GraphBuilder then = new GraphBuilder("then");
    then.output(then.node("Tanh", "x").to("t"), ElementType.FLOAT, 3);
    GraphBuilder otherwise = new GraphBuilder("else");
    otherwise.output(otherwise.node("Neg", "x").to("e"), ElementType.FLOAT, 3);
    GraphBuilder g = new GraphBuilder("branches");
    g.input("x", ElementType.FLOAT, 3);
    g.input("chosen", ElementType.BOOL);
    g.node("If", "chosen").with("then_branch", then).with("else_branch", otherwise).to("y");
    g.output("y", ElementType.FLOAT, 3);
    add(Set.of(":If"), g, drawn(3), Tensors.ones(DType.BOOL));
  }
}
