package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Encoder;
import io.afterimage.data.Encoder.Field;
import io.afterimage.data.Encoder.Flat;
import io.afterimage.data.Encoder.OneHot;
import io.afterimage.data.Encoder.Scaled;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes an encoder into a graph, one input for each of its columns: numbers as DOUBLE [N, 1] (NaN
 * where they are missing), texts as STRING [N, 1], arrays as FLOAT [N, ...]. The graph computes bit
 * by bit what {@link Encoder#encode} does: scaling in double precision, then as float.
 */
final class EncoderGraph {
  private final GraphBuilder graph;

  private EncoderGraph(GraphBuilder graph) {
    this.graph = graph;
  }

  /** Adds the inputs and returns the name of the encoded rows, FLOAT [N, width]. */
  static String add(GraphBuilder graph, Encoder encoder) {
    check(encoder.width() > 0, "no column holds anything to learn from");
    EncoderGraph writer = new EncoderGraph(graph);
    List<String> parts = new ArrayList<>();
    for (Field field : encoder.fields()) {
      if (field.width() > 0) {
        parts.add(writer.write(field, "encoder/" + parts.size()));
      }
    }
    return parts.size() == 1
        ? parts.get(0)
        : graph.node("Concat", parts.toArray(String[]::new)).with("axis", 1).to("encoder/rows");
  }

  private String write(Field field, String name) {
    if (field instanceof Scaled scaled) {
      return scaled(scaled, name);
    }
    if (field instanceof OneHot oneHot) {
      return oneHot(oneHot, name);
    }
    return flat((Flat) field, name);
  }

  private String scaled(Scaled field, String name) {
    String x = graph.input(field.column(), ElementType.DOUBLE, "N", 1);
    String mean = graph.initializer(name + "/mean", new double[] {field.mean()}, 1);
    String deviation = graph.initializer(name + "/deviation", new double[] {field.deviation()}, 1);
    String missing = graph.node("IsNaN", x).to(name + "/missing");
    String filled = graph.node("Where", missing, mean, x).to(name + "/filled");
    String centred = graph.node("Sub", filled, mean).to(name + "/centred");
    String scaled = graph.node("Div", centred, deviation).to(name + "/scaled");
    return graph.node("Cast", scaled).with("to", ElementType.FLOAT.code()).to(name + "/row");
  }

  private String oneHot(OneHot field, String name) {
    String x = graph.input(field.column(), ElementType.STRING, "N", 1);
    String indicators =
        graph
            .ml("OneHotEncoder", x)
            .with("cats_strings", field.categories())
            .with("zeros", 1)
            .to(name + "/indicators");
    return graph.node("Flatten", indicators).with("axis", 1).to(name + "/row");
  }

  private String flat(Flat field, String name) {
    Object[] dimensions = new Object[field.shape().rank() + 1];
    dimensions[0] = "N";
    for (int axis = 0; axis < field.shape().rank(); axis++) {
      dimensions[axis + 1] = field.shape().extent(axis);
    }
    String x = graph.input(field.column(), ElementType.FLOAT, dimensions);
    return graph.node("Flatten", x).with("axis", 1).to(name + "/row");
  }
}
