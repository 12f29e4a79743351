package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.random.RandomGenerator;

/**
 * Lays layer after layer into a graph. Weights start uniform, from a generator keyed by the layer's
 * name; biases start at 0.
 */
public final class Layers {
  /** The answers of a classifier. */
  public static final String PROBABILITIES = "probabilities";

  /** The answers of a regressor. */
  public static final String VALUE = "value";

  /** What follows a layer, by which its weights' spread is chosen. */
  public enum Next {
    /** He et al. 2015: variance 2 / inputs. */
    RELU,
    /** Glorot &amp; Bengio 2010: variance 2 / (inputs + outputs). */
    NONE
  }

  private final GraphBuilder graph;
  private final Run run;
  private String value;
  private Shape shape;
  private int laid;

  Layers(GraphBuilder graph, String value, Shape shape, Run run) {
    this.graph = graph;
    this.value = value;
    this.shape = shape;
    this.run = run;
  }

  /** The shorter of a picture's two sides here. */
  public int smallestSide() {
    return Math.min(shape.extent(1), shape.extent(2));
  }

  public Layers flatten() {
    if (shape.rank() != 1) {
      value = graph.node("Flatten", value).with("axis", 1).to(name("flatten"));
      shape = new Shape(shape.size());
    }
    return this;
  }

  /** All inputs times weights, plus a bias. */
  public Layers dense(int outputs, Next next) {
    int inputs = shape.size();
    String name = name("dense");
    String weights = weights(name, next, inputs, outputs, outputs, inputs);
    value = graph.node("Gemm", value, weights, bias(name, outputs)).with("transB", 1).to(name);
    shape = new Shape(outputs);
    return this;
  }

  /** A square convolution of stride 1, before a ReLU. */
  public Layers conv(int filters, int kernel, int padding) {
    check(shape.rank() == 3, "a picture must be channels x height x width, but is %s", shape);
    int height = shape.extent(1) + 2 * padding - kernel + 1;
    int width = shape.extent(2) + 2 * padding - kernel + 1;
    check(
        Math.min(height, width) >= 2,
        "a picture of %s is too small for a convolution of %d and pooling",
        shape,
        kernel);
    int inputs = shape.extent(0) * kernel * kernel;
    String name = name("conv");
    String weights = weights(name, Next.RELU, inputs, 0, filters, shape.extent(0), kernel, kernel);
    value =
        graph
            .node("Conv", value, weights, bias(name, filters))
            .with("pads", new long[] {padding, padding, padding, padding})
            .to(name);
    shape = new Shape(filters, height, width);
    return this;
  }

  public Layers relu() {
    value = graph.node("Relu", value).to(name("relu"));
    return this;
  }

  /** The greatest of each 2 x 2 square. */
  public Layers maxPool() {
    value =
        graph
            .node("MaxPool", value)
            .with("kernel_shape", new long[] {2, 2})
            .with("strides", new long[] {2, 2})
            .to(name("pool"));
    shape = new Shape(shape.extent(0), shape.extent(1) / 2, shape.extent(2) / 2);
    return this;
  }

  /** Ends the graph with probabilities. */
  public void softmax() {
    graph.node("Softmax", value).with("axis", 1).to(PROBABILITIES);
    graph.output(PROBABILITIES, ElementType.FLOAT, "N", shape.size());
  }

  /** Ends the graph with the value as it stands. */
  public void value() {
    graph.node("Identity", value).to(VALUE);
    graph.output(VALUE, ElementType.FLOAT, "N", shape.size());
  }

  private String name(String kind) {
    return kind + laid++;
  }

  private String weights(String layer, Next next, int inputs, int outputs, long... extents) {
    double bound =
        next == Next.RELU ? Math.sqrt(6.0 / inputs) : Math.sqrt(6.0 / (inputs + outputs));
    int count = 1;
    for (long extent : extents) {
      count = Math.multiplyExact(count, Math.toIntExact(extent));
    }
    RandomGenerator random = run.random("weights/" + layer);
    float[] drawn = new float[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return graph.initializer(layer + ".weight", drawn, extents);
  }

  private String bias(String layer, int outputs) {
    return graph.initializer(layer + ".bias", new float[outputs], outputs);
  }
}
