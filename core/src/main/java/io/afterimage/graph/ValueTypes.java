package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The types of a graph's values, as far as reading its nodes in their order tells: what is stored,
 * given, declared or cast has its type, and most operators hand on that of their first input.
 */
final class ValueTypes {
  private static final Set<String> COUNTING =
      Set.of("Shape", "Size", "ArgMax", "ArgMin", "NonZero");

  /** Operators whose first output has the type of the first input. */
  private static final Set<String> HANDING_ON =
      Set.of(
          """
          Abs Add AveragePool BatchNormalization Ceil Clip Compress Concat Conv ConvTranspose Cos \
          CumSum DepthToSpace Div Dropout Einsum Elu Erf Exp Expand Flatten Floor Gather \
          GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalMaxPool GroupNormalization \
          HardSigmoid HardSwish Identity InstanceNormalization LRN LSTM GRU RNN LayerNormalization \
          LeakyRelu Log LogSoftmax LpNormalization MatMul Max MaxPool Mean Min Mish Mod Mul Neg \
          PRelu Pad Pow RMSNormalization Range Reciprocal ReduceL1 ReduceL2 ReduceLogSum \
          ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu \
          Reshape Resize ReverseSequence Round Scatter ScatterElements ScatterND Selu Sigmoid Sign \
          Sin Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Swish Tan \
          Tanh Tile TopK Transpose Trilu Unique Unsqueeze Upsample"""
              .split(" "));

  /**
   * Operators of classical machine learning that give floats; classifiers do so after the label.
   */
  private static final Set<String> FLOATS =
      Set.of(
          """
          FeatureVectorizer LinearClassifier LinearRegressor Normalizer OneHotEncoder \
          SVMClassifier SVMRegressor Scaler TreeEnsembleClassifier TreeEnsembleRegressor"""
              .split(" "));

  private final Map<String, ElementType> types;

  private ValueTypes(Map<String, ElementType> types) {
    this.types = types;
  }

  /** Of a function's nodes, whose inputs may be of any type. */
  static ValueTypes of(List<NodeProto> nodes) {
    ValueTypes types = new ValueTypes(new HashMap<>());
    nodes.forEach(types::read);
    return types;
  }

  /**
   * Of a graph.
   *
   * @param outer of the graph around it, whose values it sees
   */
  static ValueTypes of(GraphProto graph, Optional<ValueTypes> outer) {
    Map<String, ElementType> known = outer.map(o -> new HashMap<>(o.types)).orElseGet(HashMap::new);
    ValueTypes types = new ValueTypes(known);
    graph.getInputList().forEach(types::declare);
    graph.getValueInfoList().forEach(types::declare);
    for (TensorProto stored : graph.getInitializerList()) {
      types.put(stored.getName(), stored.getDataType());
    }
    graph.getNodeList().forEach(types::read);
    return types;
  }

  /** Empty where it is not known. */
  Optional<ElementType> of(String value) {
    return Optional.ofNullable(types.get(value));
  }

  private void declare(ValueInfoProto value) {
    put(value.getName(), value.getType().getTensorType().getElemType());
  }

  private void put(String value, int code) {
    ElementType.of(code).ifPresent(type -> types.put(value, type));
  }

  private void read(NodeProto node) {
    if (node.getOutputCount() > 0) {
      switch (Node.domain(node)) {
        case "" -> readStandard(node);
        case Node.ML -> readClassical(node);
        default -> {} // of another domain nothing is known
      }
    }
  }

  private void readStandard(NodeProto node) {
    String type = node.getOpType();
    String first = node.getOutput(0);
    if (HANDING_ON.contains(type)) {
      int outputs = type.equals("Split") ? node.getOutputCount() : 1;
      node.getOutputList().stream().limit(outputs).forEach(output -> handOn(node, 0, output));
    } else if (type.equals("Where")) {
      handOn(node, 1, first);
    } else if (type.equals("Cast")) {
      Attributes attributes = new Attributes(node.getAttributeList(), Map.of());
      put(first, (int) attributes.integer("to", 0));
    } else if (type.equals("Constant")) {
      node.getAttributeList().stream()
          .filter(AttributeProto::hasT)
          .forEach(attribute -> put(first, attribute.getT().getDataType()));
    } else if (COUNTING.contains(type)) {
      types.put(first, ElementType.INT64);
    }
  }

  private void readClassical(NodeProto node) {
    String type = node.getOpType();
    int scores = type.endsWith("Classifier") ? 1 : 0;
    if (FLOATS.contains(type) && scores < node.getOutputCount()) {
      types.put(node.getOutput(scores), ElementType.FLOAT);
    }
  }

  private void handOn(NodeProto node, int input, String output) {
    if (input < node.getInputCount()) {
      of(node.getInput(input)).ifPresent(known -> types.put(output, known));
    }
  }
}
