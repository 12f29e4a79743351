package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import io.afterimage.base.BadInputException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses values whose size the graph's own constants fix and that no machine should be asked for:
 * shapes given to ConstantOfShape, Expand, Reshape, Tile, Pad, Resize, random draws, and products
 * of constants.
 */
final class StaticSizes {
  private final String file;
  private final GraphProto graph;
  private final Map<String, TensorProto> constants;
  private final Map<String, long[]> shapes = new HashMap<>();

  StaticSizes(String file, GraphProto graph) {
    this.file = file;
    this.graph = graph;
    constants = constants(graph);
    constants.forEach((name, tensor) -> shapes.put(name, TensorData.shape(tensor)));
  }

  void check() {
    for (NodeProto node : graph.getNodeList()) {
      shape(node)
          .ifPresent(
              shape -> {
                long bytes = 4;
                for (long extent : shape) {
                  bytes = Checker.saturated(bytes, Math.max(0, extent));
                }
                if (bytes > Checker.MAX_VALUE_BYTES) {
                  throw new BadInputException(
                      "%s: node %s \"%s\" makes a value of shape %s, more than %d bytes"
                          .formatted(
                              file,
                              node.getOpType(),
                              node.getName(),
                              Arrays.toString(shape),
                              Checker.MAX_VALUE_BYTES));
                }
                node.getOutputList().stream().findFirst().ifPresent(o -> shapes.put(o, shape));
              });
    }
  }

  /** The tensors stored in a graph, those of its Constant nodes among them, by name. */
  static Map<String, TensorProto> constants(GraphProto graph) {
    Map<String, TensorProto> constants = new HashMap<>();
    graph.getInitializerList().forEach(t -> constants.put(t.getName(), t));
    for (NodeProto node : graph.getNodeList()) {
      if (node.getOpType().equals("Constant") && node.getOutputCount() == 1) {
        node.getAttributeList().stream()
            .filter(AttributeProto::hasT)
            .forEach(attribute -> constants.put(node.getOutput(0), attribute.getT()));
      }
    }
    return constants;
  }

  // What is not known here is checked when it is computed.
  private Optional<long[]> shape(NodeProto node) {
    return switch (node.getOpType()) {
      case "ConstantOfShape" -> longs(node, 0);
      case "Expand" -> longs(node, 1);
      case "Reshape" -> longs(node, 1).filter(s -> Arrays.stream(s).allMatch(e -> e > 0));
      case "Tile" -> longs(node, 1).map(times -> repeated(shapes.get(node.getInput(0)), times));
      case "Resize" -> longs(node, 3);
      case "RandomNormal", "RandomUniform" -> attribute(node, "shape");
      case "Add", "Sub", "Mul", "Div", "Pow", "Max", "Min" -> broadcast(node);
      case "MatMul" -> product(node);
      default -> Optional.empty();
    };
  }

  private static long[] repeated(long @Nullable [] shape, long[] times) {
    if (shape == null || times.length != shape.length) {
      return times;
    }
    long[] result = new long[shape.length];
    Arrays.setAll(result, i -> Checker.saturated(shape[i], Math.max(0, times[i])));
    return result;
  }

  private Optional<long[]> broadcast(NodeProto node) {
    long[] result = {};
    for (String input : node.getInputList()) {
      long[] shape = shapes.get(input);
      if (shape == null) {
        return Optional.empty();
      }
      result = broadcast(result, shape);
    }
    return Optional.of(result);
  }

  static long[] broadcast(long[] a, long[] b) {
    long[] result = new long[Math.max(a.length, b.length)];
    for (int i = 1; i <= result.length; i++) {
      long left = i <= a.length ? a[a.length - i] : 1;
      long right = i <= b.length ? b[b.length - i] : 1;
      result[result.length - i] = left == 1 ? right : left;
    }
    return result;
  }

  private Optional<long[]> product(NodeProto node) {
    if (node.getInputCount() != 2) {
      return Optional.empty();
    }
    long[] a = shapes.get(node.getInput(0));
    long[] b = shapes.get(node.getInput(1));
    if (a == null || b == null || a.length < 2 || b.length < 2) {
      return Optional.empty();
    }
    long[] result = broadcast(Arrays.copyOf(a, a.length - 2), Arrays.copyOf(b, b.length - 2));
    result = Arrays.copyOf(result, result.length + 2);
    result[result.length - 2] = a[a.length - 2];
    result[result.length - 1] = b[b.length - 1];
    return Optional.of(result);
  }

  private Optional<long[]> longs(NodeProto node, int input) {
    TensorProto tensor = input < node.getInputCount() ? constants.get(node.getInput(input)) : null;
    return Optional.ofNullable(tensor)
        .filter(t -> t.getDataType() == ElementType.INT64.code())
        .map(TensorData::longs);
  }

  private static Optional<long[]> attribute(NodeProto node, String name) {
    return new Attributes(node.getAttributeList(), Map.of()).integers(name);
  }
}
