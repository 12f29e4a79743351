package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.StackedInterpreter;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.SupervisedStep.Score;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * One step for several models of one graph at once, each on rows of its own. Every model's loss,
 * gradients and updates are those that it would have alone, up to the order of sums.
 */
final class StackedStep implements AutoCloseable {
  /** Stacked and alone, sums run in different orders; beyond this they compute different things. */
  private static final double TOLERANCE = 1e-3;

  private final OnnxModel graph;
  private final int models;
  private final Examples examples;
  private final Loss loss;
  private final TensorScope owner = TensorScope.owner();
  private final StackedInterpreter interpreter;
  private final List<Tensor> parameters;
  private final Optimiser.Updates updates;

  /**
   * @param models of one graph that {@link #suits}
   * @param run may be cancelled while a loop in the graph runs
   */
  StackedStep(List<OnnxModel> models, Examples examples, Loss loss, Optimiser optimiser, Run run) {
    this.graph = models.get(0);
    this.models = models.size();
    this.examples = examples;
    this.loss = loss;
    this.interpreter = new StackedInterpreter(models, loss.value()).heeding(run);
    this.parameters = List.copyOf(new TreeMap<>(interpreter.parameters()).values());
    parameters.forEach(Tensor::requireGrad);
    this.updates = optimiser.on(parameters);
  }

  /**
   * Whether models of this graph can be trained in a stack: nothing in it draws, keeps averages or
   * mixes rows, and the loss of a batch is the mean of its rows'.
   */
  @SuppressWarnings("try") // scope and guard are there to close
  static boolean suits(OnnxModel graph, Examples examples, Loss loss) {
    if (graph.nodes().stream().anyMatch(StackedStep::trainsOtherwise)) {
      return false;
    }
    int[] rows = {0, Math.min(1, examples.rows() - 1)};
    int[] twice = {rows[0], rows[1], rows[0], rows[1]};
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad();
        Interpreter alone = Interpreter.of(graph);
        StackedInterpreter stack = new StackedInterpreter(List.of(graph, graph), loss.value())) {
      if (!(alone.run(examples.inputs(rows), List.of(loss.value())).get(loss.value())
          instanceof Value.Numbers answers)) {
        return false;
      }
      double[] expected = answers.tensor().toDoubles();
      double[] found = stack.run(examples.inputs(twice)).toDoubles();
      return loss.ofRows(answers.tensor(), examples.targets(rows)).isPresent()
          && found.length == 2 * expected.length
          && IntStream.range(0, found.length)
              .allMatch(i -> isClose(found[i], expected[i % expected.length]));
    }
  }

  private static boolean trainsOtherwise(Node node) {
    return node.is("Dropout") || node.is("BatchNormalization");
  }

  private static boolean isClose(double a, double b) {
    return Math.abs(a - b) <= TOLERANCE * Math.max(1, Math.abs(b));
  }

  /**
   * Every model learns from its own rows.
   *
   * @param rows numbers of each model's examples; a model may have fewer than another
   * @return each model's mean loss before the step
   */
  @SuppressWarnings("try") // the scope is there to close
  double[] take(List<int[]> rows, int epoch, double rate) {
    int most = rows.stream().mapToInt(own -> own.length).max().orElseThrow();
    int[] all = new int[models * most];
    float[] weights = new float[all.length];
    for (int model = 0; model < models; model++) {
      int[] own = rows.get(model);
      for (int i = 0; i < most; i++) {
        // A shorter batch is filled up with rows that count for nothing.
        all[model * most + i] = own[Math.min(i, own.length - 1)];
        weights[model * most + i] = i < own.length ? 1f / own.length : 0;
      }
    }
    try (TensorScope scope = new TensorScope()) {
      Examples shown = examples.inEpoch(epoch);
      Tensor answers = interpreter.run(shown.inputs(all));
      Tensor losses = loss.ofRows(answers, shown.targets(all)).orElseThrow();
      Tensor means =
          losses.mul(Tensors.of(weights, all.length)).reshape(models, most).sum(false, 1);
      updates.apply(Autograd.gradients(means.sum(), parameters, false), rate);
      return means.toDoubles();
    }
  }

  /**
   * How well every model does at inference.
   *
   * @param others examples of the same kind, the same for all
   */
  List<Score> score(Examples others) {
    double[] sums = new double[models];
    double[] right = new double[models];
    int atOnce = Math.max(1, SupervisedStep.ROWS_AT_ONCE / models);
    for (int start = 0; start < others.rows(); start += atOnce) {
      int from = start;
      int count = Math.min(others.rows() - start, atOnce);
      int[] all = IntStream.range(0, models * count).map(i -> from + i % count).toArray();
      score(others, all, sums, right);
    }
    return IntStream.range(0, models)
        .mapToObj(model -> Score.ofSums(sums[model], right[model], others.rows()))
        .toList();
  }

  /** Adds what each model scores on its part of these rows. */
  @SuppressWarnings("try") // scope and guard are there to close
  private void score(Examples others, int[] rows, double[] sums, double[] right) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor answers = interpreter.run(others.inputs(rows));
      Tensor targets = others.targets(rows);
      add(sums, loss.ofRows(answers, targets).orElseThrow());
      loss.classes(answers)
          .ifPresentOrElse(
              classes -> add(right, classes.eq(targets)), () -> Arrays.fill(right, Double.NaN));
    }
  }

  /** The loss that one and the same answer for every row would reach. */
  OptionalDouble constantLoss() {
    return ConstantAnswer.loss(loss, examples);
  }

  /** Adds each model's sum of its rows' values. */
  private void add(double[] sums, Tensor ofRows) {
    double[] found = ofRows.reshape(models, -1).sum(false, 1).toDoubles();
    for (int model = 0; model < models; model++) {
      sums[model] += found[model];
    }
  }

  /** The parameters of one of the models, live until the step is closed. */
  List<Tensor> parameters(int model) {
    List<Tensor> own = new ArrayList<>();
    TensorScope.run(
        () ->
            Autograd.noGrad(
                () -> parameters.forEach(stack -> own.add(owner.adopt(stack.select(0, model))))));
    return own;
  }

  /** One of the models with its parameters as they are now. */
  @SuppressWarnings("try") // the scope is there to close
  OnnxModel model(int index) {
    Map<String, Tensor> weights = new LinkedHashMap<>();
    try (TensorScope scope = new TensorScope()) {
      interpreter.parameters().forEach((name, stack) -> weights.put(name, stack.select(0, index)));
      return graph.withWeights(weights);
    }
  }

  @Override
  public void close() {
    updates.close();
    interpreter.close();
    owner.close();
  }
}
