package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Lays layer after layer into a graph. Weights start uniform, from a generator keyed by the layer's
 * name; biases start at 0. Layers of sequences stand in {@link SequenceLayers}, those that halve
 * and double pictures in {@link PictureLayers}.
 */
public final class Layers {
  /** The answers of a classifier. */
  public static final String PROBABILITIES = "probabilities";

  /** The answers of a regressor. */
  public static final String VALUE = "value";

  /** The answers of an autoencoder. */
  public static final String RECONSTRUCTION = "reconstruction";

  private static final double NORM_EPSILON = 1e-5;

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
    requirePicture();
    return Math.min(shape.extent(1), shape.extent(2));
  }

  /** The shape of one row here. */
  Shape shape() {
    return shape;
  }

  /** Rows of height x width become pictures of one channel. */
  public Layers picture() {
    return shape.rank() == 2 ? reshape(new Shape(1, shape.extent(0), shape.extent(1))) : this;
  }

  public Layers flatten() {
    if (shape.rank() != 1) {
      append("Flatten", new Shape(shape.size()), node -> node.with("axis", 1));
    }
    return this;
  }

  /** The numbers of a row in another shape. */
  public Layers reshape(Shape to) {
    return reshaped(to, 0);
  }

  /** The numbers in another shape; the batch's extent is copied (0) or what is left (-1). */
  Layers reshaped(Shape to, long batch) {
    long[] extents = new long[to.rank() + 1];
    extents[0] = batch;
    Arrays.setAll(extents, axis -> axis == 0 ? batch : to.extent(axis - 1));
    String name = name("reshape");
    String shapes = graph.initializer(name + ".shape", extents, extents.length);
    return moveTo(graph.node("Reshape", value, shapes).to(name), to);
  }

  /** All inputs times weights, plus a bias. */
  public Layers dense(int outputs, Next next) {
    int inputs = shape.size();
    String name = name("dense");
    String weights = weights(name, bound(next, inputs, outputs), outputs, inputs);
    return moveTo(
        graph.node("Gemm", value, weights, bias(name, outputs)).with("transB", 1).to(name),
        new Shape(outputs));
  }

  /** A square convolution of stride 1 with biases, before a ReLU and pooling. */
  public Layers conv(int filters, int kernel, int padding) {
    requirePicture();
    int smallest = smallestSide() + 2 * padding - kernel + 1;
    check(
        smallest >= 2,
        "a picture of %s is too small for a convolution of %d and pooling",
        shape,
        kernel);
    String name = name("conv");
    return convolve(name, filters, kernel, 1, padding, bias(name, filters));
  }

  /** A square convolution without biases, before a normalisation. */
  public Layers convUnbiased(int filters, int kernel, int stride) {
    requirePicture();
    return convolve(name("conv"), filters, kernel, stride, kernel / 2, "");
  }

  private Layers convolve(
      String name, int filters, int kernel, int stride, int padding, String bias) {
    int inputs = shape.extent(0) * kernel * kernel;
    String weights =
        weights(name, bound(Next.RELU, inputs, 0), filters, shape.extent(0), kernel, kernel);
    String[] operands =
        bias.isEmpty() ? new String[] {value, weights} : new String[] {value, weights, bias};
    return moveTo(
        graph
            .node("Conv", operands)
            .with("pads", new long[] {padding, padding, padding, padding})
            .with("strides", new long[] {stride, stride})
            .to(name),
        new Shape(
            filters,
            (shape.extent(1) + 2 * padding - kernel) / stride + 1,
            (shape.extent(2) + 2 * padding - kernel) / stride + 1));
  }

  /** Each channel normalised by the batch, at inference by averages (Ioffe, Szegedy 2015). */
  public Layers batchNorm() {
    String name = name("norm");
    int channels = shape.extent(0);
    return moveTo(
        graph
            .node(
                "BatchNormalization",
                value,
                filled(name + ".scale", 1, channels),
                bias(name, channels),
                filled(name + ".mean", 0, channels),
                filled(name + ".variance", 1, channels))
            .with("epsilon", NORM_EPSILON)
            .to(name),
        shape);
  }

  /**
   * What a branch makes of the rows, plus the rows themselves; where shapes differ, plus their
   * projection by a convolution of one pixel, normalised (He et al. 2016).
   *
   * @param stride by which the branch shrinks a picture
   */
  public Layers residual(int stride, Consumer<Layers> branch) {
    String from = value;
    Shape before = shape;
    branch.accept(this);
    String made = value;
    Shape after = shape;
    moveTo(from, before);
    if (!before.equals(after)) {
      convUnbiased(after.extent(0), 1, stride).batchNorm();
    }
    return moveTo(graph.node("Add", made, value).to(name("sum")), after);
  }

  public Layers relu() {
    return append("Relu", shape, node -> node);
  }

  /** Negative numbers times a slope (Maas, Hannun, Ng 2013). */
  public Layers leakyRelu(double slope) {
    return append("LeakyRelu", shape, node -> node.with("alpha", slope));
  }

  public Layers sigmoid() {
    return append("Sigmoid", shape, node -> node);
  }

  /** The greatest of each 2 x 2 square. */
  public Layers maxPool() {
    return append(
        "MaxPool",
        new Shape(shape.extent(0), shape.extent(1) / 2, shape.extent(2) / 2),
        node -> node.with("kernel_shape", new long[] {2, 2}).with("strides", new long[] {2, 2}));
  }

  /** The mean of each channel. */
  public Layers meanOfPicture() {
    requirePicture();
    return append("GlobalAveragePool", new Shape(shape.extent(0), 1, 1), node -> node);
  }

  /** Ends the graph with probabilities. */
  public void softmax() {
    graph.node("Softmax", value).with("axis", 1).to(PROBABILITIES);
    graph.output(PROBABILITIES, ElementType.FLOAT, "N", shape.size());
  }

  /** Ends the graph with the value as it stands. */
  public void value() {
    end(VALUE);
  }

  /** Ends the graph with rows like those that it was given. */
  public void reconstruction() {
    end(RECONSTRUCTION);
  }

  private void end(String output) {
    graph.node("Identity", value).to(output);
    graph.output(output, ElementType.FLOAT, Architecture.dimensions(shape));
  }

  // ---- for layers that stand elsewhere

  GraphBuilder graph() {
    return graph;
  }

  String current() {
    return value;
  }

  /** Goes on from this value, whose rows have this shape. */
  Layers moveTo(String other, Shape of) {
    value = other;
    shape = of;
    return this;
  }

  /** Appends an operator of one input. */
  Layers append(String type, Shape to, UnaryOperator<GraphBuilder.NodeBuilder> set) {
    return moveTo(set.apply(graph.node(type, value)).to(name(type.toLowerCase(Locale.ROOT))), to);
  }

  String name(String kind) {
    return kind + laid++;
  }

  /** Half the width of the uniform draw that has the spread of He or Glorot. */
  static double bound(Next next, int inputs, int outputs) {
    return next == Next.RELU ? Math.sqrt(6.0 / inputs) : Math.sqrt(6.0 / (inputs + outputs));
  }

  /** Weights, uniform between minus and plus the bound. */
  String weights(String layer, double bound, long... extents) {
    return initializer(layer + ".weight", bound, extents);
  }

  /** An initializer, uniform between minus and plus the bound. */
  String initializer(String name, double bound, long... extents) {
    int count = 1;
    for (long extent : extents) {
      count = Math.multiplyExact(count, Math.toIntExact(extent));
    }
    RandomGenerator random = run.random("weights/" + name.replaceFirst("\\.weight$", ""));
    float[] drawn = new float[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return graph.initializer(name, drawn, extents);
  }

  String bias(String layer, int outputs) {
    return filled(layer + ".bias", 0, outputs);
  }

  String filled(String name, float number, int count) {
    float[] values = new float[count];
    Arrays.fill(values, number);
    return graph.initializer(name, values, count);
  }

  private void requirePicture() {
    check(shape.rank() == 3, "a picture must be channels x height x width, but is %s", shape);
  }
}
