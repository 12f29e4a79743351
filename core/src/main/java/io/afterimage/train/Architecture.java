package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.data.Encoder;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.Arrays;

/**
 * What lies between a row of numbers and the answer. The same architecture over an encoder has the
 * same parameters as over the encoder's rows: train the one, then write the other with {@link
 * OnnxModel#withParameters}.
 */
@FunctionalInterface
public interface Architecture {
  /** The name of the input of a graph over one array. */
  String INPUT = "x";

  /** Lays the layers and the output. */
  void lay(Layers layers);

  /**
   * A graph with fresh weights, whose one input {@code x} takes arrays: FLOAT [N, ...row].
   *
   * @param run keys the initial weights
   */
  default OnnxModel over(Shape row, Run run) {
    GraphBuilder graph = new GraphBuilder("afterimage");
    graph.input(INPUT, ElementType.FLOAT, dimensions(row));
    lay(new Layers(graph, INPUT, row, run));
    return graph.build();
  }

  /** A graph with fresh weights that takes a table's own columns, one input each. */
  default OnnxModel over(Encoder encoder, Run run) {
    GraphBuilder graph = new GraphBuilder("afterimage");
    String encoded = EncoderGraph.add(graph, encoder);
    lay(new Layers(graph, encoded, new Shape(encoder.width()), run));
    return graph.build();
  }

  /** The dimensions of rows of this shape: {@code "N", …}. */
  static Object[] dimensions(Shape row) {
    Object[] dimensions = new Object[row.rank() + 1];
    Arrays.setAll(dimensions, axis -> axis == 0 ? "N" : row.extent(axis - 1));
    return dimensions;
  }
}
