package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Matrix factorisation with biases (Koren, Bell, Volinsky, Computer 2009): {@code mean + bias of
 * the user + bias of the item + user · item}. Users and items are texts, looked up in the graph;
 * one that training did not show has the vector and the bias 0.
 */
final class Recommender {
  private static final int WIDEST = 1 << 16;

  private final GraphBuilder graph = new GraphBuilder("afterimage");
  private final int factors;
  private final Run run;

  private Recommender(int factors, Run run) {
    inRange("--factors", factors, 1, WIDEST);
    this.factors = factors;
    this.run = run;
  }

  /**
   * A graph with fresh vectors.
   *
   * @param factors numbers of a vector
   * @param mean of the ratings; 0 for rankings, which it does not move
   */
  static OnnxModel write(
      Column.Categorical users, Column.Categorical items, int factors, double mean, Run run) {
    return new Recommender(factors, run).graph(users, items, mean);
  }

  private OnnxModel graph(Column.Categorical users, Column.Categorical items, double mean) {
    String user = number(users);
    String item = number(items);
    String product = graph.node("Mul", vector(users, user), vector(items, item)).to("products");
    String axes = graph.initializer("factors.axis", new long[] {2}, 1);
    String match = graph.node("ReduceSum", product, axes).with("keepdims", 0).to("match");
    String biases = graph.node("Add", bias(users, user), bias(items, item)).to("biases");
    String sum = graph.node("Add", match, biases).to("sum");
    String level = graph.initializer("mean", new float[] {(float) mean});
    graph.output(graph.node("Add", sum, level).to(Layers.VALUE), ElementType.FLOAT, "N", 1);
    return graph.build();
  }

  /** The number of a text: its place from 1 on; 0 for others. */
  private String number(Column.Categorical texts) {
    graph.input(texts.name(), ElementType.STRING, "N", 1);
    List<String> known = texts.dictionary();
    return graph
        .ml("LabelEncoder", texts.name())
        .with("keys_strings", known)
        .with("values_int64s", LongStream.rangeClosed(1, known.size()).toArray())
        .with("default_int64", 0)
        .to(texts.name() + "/number");
  }

  private String vector(Column.Categorical texts, String number) {
    String name = texts.name() + ".vectors";
    float[] drawn = new float[Math.multiplyExact(texts.dictionary().size() + 1, factors)];
    RandomGenerator random = run.random("weights/" + name);
    for (int i = factors; i < drawn.length; i++) {
      drawn[i] = (float) (0.1 * random.nextGaussian());
    }
    String table = graph.initializer(name, drawn, texts.dictionary().size() + 1L, factors);
    return graph.node("Gather", table, number).to(texts.name() + "/vector");
  }

  private String bias(Column.Categorical texts, String number) {
    int rows = texts.dictionary().size() + 1;
    String table = graph.initializer(texts.name() + ".biases", new float[rows], rows);
    return graph.node("Gather", table, number).to(texts.name() + "/bias");
  }
}
