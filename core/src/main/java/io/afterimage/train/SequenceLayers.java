package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** Layers over sequences of steps x features. */
final class SequenceLayers {
  private static final int LONGEST = 1 << 16;
  private static final double NORM_EPSILON = 1e-5;

  private final Layers layers;
  private final GraphBuilder graph;

  SequenceLayers(Layers layers) {
    this.layers = layers;
    this.graph = layers.graph();
  }

  private int steps() {
    return layers.shape().extent(0);
  }

  private int width() {
    return layers.shape().extent(1);
  }

  /**
   * Sequences of so many features each.
   *
   * @param vocabulary how many tokens there are; then rows are their numbers, one a step. 0 where
   *     rows are steps x features already
   * @param width of what a token or step becomes
   */
  SequenceLayers embed(int vocabulary, int width) {
    Shape shape = layers.shape();
    if (vocabulary == 0) {
      check(
          shape.rank() == 2,
          "a sequence must be steps x features, but is %s; where rows are numbers of tokens, say how many with --vocabulary",
          shape);
      return this;
    }
    check(shape.rank() == 1, "with --vocabulary a row must be numbers of tokens, but is %s", shape);
    String ids = layers.name("ids");
    graph.node("Cast", layers.current()).with("to", ElementType.INT64.code()).to(ids);
    lookUp(ids, vocabulary, width, shape.size());
    return this;
  }

  private void lookUp(String ids, int rows, int width, int steps) {
    inRange("--vocabulary", rows, 2, 1 << 24);
    String name = layers.name("embedding");
    String table = layers.weights(name, 1 / Math.sqrt(width), rows, width);
    layers.moveTo(graph.node("Gather", table, ids).to(name), new Shape(steps, width));
  }

  /** A learned vector a step is added. */
  SequenceLayers positions() {
    int steps = steps();
    int width = width();
    inRange("steps of a sequence", steps, 1, LONGEST);
    String name = layers.name("positions");
    String table = layers.weights(name, 1 / Math.sqrt(width), steps, width);
    long[] numbers = LongStream.range(0, steps).toArray();
    String ids = graph.initializer(name + ".steps", numbers, steps);
    String rows = graph.node("Gather", table, ids).to(name);
    return to(graph.node("Add", layers.current(), rows).to(layers.name("placed")), width);
  }

  /** Each step's features times one matrix, plus a bias. */
  SequenceLayers project(int width, Layers.Next next) {
    String name = layers.name("project");
    int inputs = width();
    String weights = layers.weights(name, Layers.bound(next, inputs, width), inputs, width);
    String product = graph.node("MatMul", layers.current(), weights).to(name + ".product");
    return to(graph.node("Add", product, layers.bias(name, width)).to(name), width);
  }

  SequenceLayers relu() {
    layers.relu();
    return this;
  }

  /** Each step normalised over its features (Ba, Kiros, Hinton 2016). */
  SequenceLayers norm() {
    String name = layers.name("norm");
    int width = width();
    return to(
        graph
            .node(
                "LayerNormalization",
                layers.current(),
                layers.filled(name + ".scale", 1, width),
                layers.bias(name, width))
            .with("axis", -1)
            .with("epsilon", NORM_EPSILON)
            .to(name),
        width);
  }

  /** What the layers make of the steps, plus the steps themselves. */
  SequenceLayers residual(Consumer<SequenceLayers> branch) {
    String from = layers.current();
    branch.accept(this);
    return to(graph.node("Add", layers.current(), from).to(layers.name("sum")), width());
  }

  /** Each step looks at all steps, with so many heads (Vaswani et al. 2017). */
  SequenceLayers attention(int heads) {
    int width = width();
    check(width % heads == 0, "--width %d must be a multiple of --heads %d", width, heads);
    String from = layers.current();
    String queries = heads(from, width, heads, 0, 2, 1, 3);
    String keys = heads(from, width, heads, 0, 2, 3, 1);
    String values = heads(from, width, heads, 0, 2, 1, 3);
    String name = layers.name("attention");
    String scale =
        graph.initializer(name + ".scale", new float[] {(float) Math.sqrt((double) width / heads)});
    String scores = graph.node("MatMul", queries, keys).to(name + ".scores");
    String scaled = graph.node("Div", scores, scale).to(name + ".scaled");
    String shares = graph.node("Softmax", scaled).with("axis", -1).to(name + ".shares");
    String mixed = graph.node("MatMul", shares, values).to(name + ".mixed");
    String back =
        graph.node("Transpose", mixed).with("perm", new long[] {0, 2, 1, 3}).to(name + ".steps");
    layers.moveTo(back, layers.shape()).reshaped(new Shape(steps(), width), 0);
    return project(width, Layers.Next.NONE);
  }

  /** One projection of the steps, cut into heads and turned. */
  private String heads(String from, int width, int heads, long... order) {
    int steps = steps();
    layers.moveTo(from, new Shape(steps, width));
    project(width, Layers.Next.NONE);
    layers.reshaped(new Shape(steps, heads, width / heads), 0);
    String turned =
        graph.node("Transpose", layers.current()).with("perm", order).to(layers.name("heads"));
    layers.moveTo(turned, new Shape(steps, width));
    return turned;
  }

  /** The states of a gated recurrent unit, one a step (Cho et al. 2014). */
  SequenceLayers gru(int width) {
    String name = layers.name("gru");
    int inputs = width();
    double bound = 1 / Math.sqrt(width);
    String byStep =
        graph
            .node("Transpose", layers.current())
            .with("perm", new long[] {1, 0, 2})
            .to(name + ".steps");
    String w = layers.initializer(name + ".weight", bound, 1, 3L * width, inputs);
    String r = layers.initializer(name + ".recurrence", bound, 1, 3L * width, width);
    String b = graph.initializer(name + ".bias", new float[6 * width], 1, 6L * width);
    String states =
        graph
            .node("GRU", byStep, w, r, b)
            .with("hidden_size", width)
            .with("linear_before_reset", 1)
            .to(name + ".states");
    String axes = graph.initializer(name + ".direction", new long[] {1}, 1);
    String one = graph.node("Squeeze", states, axes).to(name + ".one");
    return to(graph.node("Transpose", one).with("perm", new long[] {1, 0, 2}).to(name), width);
  }

  /** The last step alone. */
  Layers last() {
    String name = layers.name("last");
    String index = graph.initializer(name + ".step", new long[] {-1});
    return layers.moveTo(
        graph.node("Gather", layers.current(), index).with("axis", 1).to(name), new Shape(width()));
  }

  /** The mean over the steps. */
  Layers mean() {
    return layers.append(
        "ReduceMean",
        new Shape(width()),
        node -> node.with("axes", new long[] {1}).with("keepdims", 0));
  }

  private SequenceLayers to(String value, int width) {
    layers.moveTo(value, new Shape(steps(), width));
    return this;
  }
}
