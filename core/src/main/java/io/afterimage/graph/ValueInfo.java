package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.TypeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An input or output of a graph.
 *
 * @param type in words: {@code float}, {@code string}, {@code sequence(map(int64,float))}
 * @param element the element type where it is a tensor
 * @param dimensions of a tensor; empty where the graph does not say, which {@code ranked} tells
 *     from a scalar
 * @param ranked whether the graph says how many dimensions it has
 */
public record ValueInfo(
    String name,
    String type,
    Optional<ElementType> element,
    List<Dimension> dimensions,
    boolean ranked) {
  public ValueInfo {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * One dimension.
   *
   * @param extent -1 where it is not fixed
   * @param name what the graph calls it; empty where it has no name
   */
  public record Dimension(long extent, String name) {
    public boolean isFixed() {
      return extent >= 0;
    }

    @Override
    public String toString() {
      return isFixed() ? Long.toString(extent) : name.isEmpty() ? "?" : name;
    }
  }

  /** {@code N x 3 x 28 x 28}; {@code ?} where the graph does not say. */
  public String shape() {
    return ranked ? String.join(" x ", dimensions.stream().map(Dimension::toString).toList()) : "?";
  }

  /** What the format says of a value, under this name. */
  static ValueInfo of(ValueInfoProto proto, String name) {
    TypeProto.Tensor tensor = proto.getType().getTensorType();
    List<Dimension> dimensions = new ArrayList<>();
    for (var d : tensor.getShape().getDimList()) {
      dimensions.add(new Dimension(d.hasDimValue() ? d.getDimValue() : -1, d.getDimParam()));
    }
    return new ValueInfo(
        name,
        type(proto.getType()),
        ElementType.of(tensor.getElemType()),
        dimensions,
        tensor.hasShape());
  }

  private static String type(TypeProto type) {
    return switch (type.getValueCase()) {
      case TENSOR_TYPE -> element(type.getTensorType().getElemType());
      case SPARSE_TENSOR_TYPE ->
          "sparse(" + element(type.getSparseTensorType().getElemType()) + ")";
      case SEQUENCE_TYPE -> "sequence(" + type(type.getSequenceType().getElemType()) + ")";
      case OPTIONAL_TYPE -> "optional(" + type(type.getOptionalType().getElemType()) + ")";
      case MAP_TYPE ->
          "map(%s,%s)"
              .formatted(
                  element(type.getMapType().getKeyType()), type(type.getMapType().getValueType()));
      default -> "unknown";
    };
  }

  private static String element(int code) {
    return ElementType.of(code).map(ElementType::toString).orElse("type" + code);
  }
}
