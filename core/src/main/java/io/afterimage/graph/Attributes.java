package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The attributes of a node, by name; each getter names its default. */
public final class Attributes {
  private final Map<String, AttributeProto> byName = new HashMap<>();
  // Decoded once: nodes ask at every run.
  private final Map<String, long[]> integers = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final Map<String, Subgraph> subgraphs;

  Attributes(List<AttributeProto> attributes, Map<String, Subgraph> subgraphs) {
    for (AttributeProto attribute : attributes) {
      byName.put(attribute.getName(), attribute);
      integers.put(
          attribute.getName(),
          attribute.getIntsList().stream().mapToLong(Long::longValue).toArray());
      texts.put(attribute.getName(), attribute.getS().toStringUtf8());
    }
    this.subgraphs = subgraphs;
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  public long integer(String name, long otherwise) {
    AttributeProto found = byName.get(name);
    return found == null ? otherwise : found.getI();
  }

  /** Whether the number is not 0. */
  public boolean flag(String name, boolean otherwise) {
    return integer(name, otherwise ? 1 : 0) != 0;
  }

  public double number(String name, double otherwise) {
    AttributeProto found = byName.get(name);
    return found == null ? otherwise : found.getF();
  }

  public String text(String name, String otherwise) {
    return texts.getOrDefault(name, otherwise);
  }

  public Optional<long[]> integers(String name) {
    return Optional.ofNullable(integers.get(name)).map(long[]::clone);
  }

  public Optional<float[]> numbers(String name) {
    return Optional.ofNullable(byName.get(name)).map(Attributes::floats);
  }

  public Optional<List<String>> texts(String name) {
    return Optional.ofNullable(byName.get(name))
        .map(a -> a.getStringsList().stream().map(ByteString::toStringUtf8).toList());
  }

  Optional<TensorProto> tensor(String name) {
    return Optional.ofNullable(byName.get(name)).map(AttributeProto::getT);
  }

  /** A branch or body. */
  public Optional<Subgraph> subgraph(String name) {
    return Optional.ofNullable(subgraphs.get(name));
  }

  Collection<Subgraph> subgraphs() {
    return subgraphs.values();
  }

  /** An attribute that holds one whole number. */
  static AttributeProto integerProto(String name, long value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.INT)
        .setI(value)
        .build();
  }

  /** An attribute that holds one real number. */
  static AttributeProto numberProto(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static float[] floats(AttributeProto attribute) {
    float[] values = new float[attribute.getFloatsCount()];
    for (int i = 0; i < values.length; i++) {
      values[i] = attribute.getFloats(i);
    }
    return values;
  }
}
