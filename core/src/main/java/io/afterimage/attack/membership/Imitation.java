package io.afterimage.attack.membership;

import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Batch;
import io.afterimage.train.Examples;
import io.afterimage.train.FreshWeights;
import io.afterimage.train.Head;
import io.afterimage.train.Loss;
import io.afterimage.train.RowLosses;
import io.afterimage.train.SupervisedStep;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What models like the target are trained as: its own graph where it can be trained anew, else a
 * network with two hidden layers over the encoded rows.
 *
 * @param graph whose weights are drawn anew for every model
 * @param pool everybody's rows, with the true answers
 */
record Imitation(OnnxModel graph, Examples pool, Loss loss, boolean regresses) {
  private static final int[] HIDDEN = {128, 64};
  private static final int MOST_EPOCHS = 200;

  /** Few rows make few steps an epoch: so many steps may be taken in any case. */
  private static final int STEPS = 2_000;

  static Imitation of(ScoreTarget target, Dataset pool, Run run) {
    return target
        .architecture()
        .filter(Imitation::trains)
        .flatMap(graph -> ofGraph(graph, target, pool))
        .orElseGet(() -> ofNetwork(target, pool, run));
  }

  private static boolean trains(OnnxModel graph) {
    return graph.parameterCount() > 0
        && Interpreter.supports(graph).stream().allMatch(OperatorSupport::interpreted);
  }

  /** Empty where the graph's answers have no loss of their own. */
  private static Optional<Imitation> ofGraph(OnnxModel graph, ScoreTarget target, Dataset pool) {
    try {
      boolean regresses = target.info().task() == Task.REGRESSION;
      Loss loss = regresses ? Loss.squaredError(graph) : Loss.crossEntropy(graph);
      Examples examples =
          regresses
              ? Examples.ofValues(graph, pool, TrueLabels.values(pool))
              : Examples.ofClasses(graph, pool, TrueLabels.classes(pool, target.info()));
      return Optional.of(new Imitation(graph, examples, loss, regresses));
    } catch (BadInputException notByThisGraph) {
      return Optional.empty();
    }
  }

  private static Imitation ofNetwork(ScoreTarget target, Dataset pool, Run run) {
    boolean regresses = target.info().task() == Task.REGRESSION;
    Head head = regresses ? new Head.Value() : new Head.Classes(target.info().classes().size());
    Encoder encoder = Encoder.fit(pool);
    float[] rows = encoder.encode(pool);
    Shape row = new Shape(encoder.width());
    OnnxModel graph = Architectures.mlp(head, HIDDEN).over(row, run);
    Examples examples =
        regresses
            ? Examples.ofValues(Architecture.INPUT, rows, row, TrueLabels.values(pool))
            : Examples.ofClasses(
                Architecture.INPUT, rows, row, TrueLabels.classes(pool, target.info()));
    Loss loss = regresses ? Loss.squaredError(graph) : Loss.crossEntropy(graph);
    return new Imitation(graph, examples, loss, regresses);
  }

  /**
   * How long one must be trained on half of the pool to be as sure of the pool as the target is,
   * which tells nothing of who was trained on. Looks after 1, 2, 3, 5, 8, … epochs, each half as
   * many again, so that answers that hardly differ give the same number.
   *
   * @param sureness mean greatest probability; of a regressor minus the mean absolute error
   */
  int epochs(double sureness, ReferenceRecipe recipe, Run run) {
    Run own = run.keyed("pilot");
    int[] half = Arrays.copyOf(own.shuffled("half", pool.rows()), Math.max(1, pool.rows() / 2));
    OnnxModel fresh = FreshWeights.of(graph, own);
    try (SupervisedStep step = new SupervisedStep(fresh, pool, loss, recipe.optimiser(), 0, own)) {
      int most = Math.max(MOST_EPOCHS, STEPS / (half.length / recipe.batch() + 1));
      int look = 1;
      for (int epoch = 1; epoch < most; epoch++) {
        run.progress("how long to train references", epoch, most);
        pass(step, half, epoch, recipe.batch(), own);
        if (epoch == look) {
          if (sureness(step.model()) >= sureness) {
            return epoch;
          }
          look = (3 * look + 1) / 2;
        }
      }
      return most;
    }
  }

  private static void pass(SupervisedStep step, int[] half, int epoch, int batch, Run run) {
    int[] order = run.shuffled("order/" + epoch, half.length);
    for (int start = 0; start < half.length; start += batch) {
      int[] rows =
          IntStream.range(start, Math.min(half.length, start + batch))
              .map(i -> half[order[i]])
              .toArray();
      long number = (long) epoch * half.length + start;
      step.take(new Batch(rows, epoch, number, 1));
    }
  }

  private double sureness(OnnxModel model) {
    RowLosses found = RowLosses.of(model, pool, loss);
    return regresses
        ? -Arrays.stream(found.losses()).map(Math::sqrt).average().orElseThrow()
        : Arrays.stream(found.greatest()).average().orElseThrow();
  }
}
