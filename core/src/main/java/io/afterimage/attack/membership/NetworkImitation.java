package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Blueprint;
import io.afterimage.train.Blueprint.Sizes;
import io.afterimage.train.Cohort;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.Examples;
import io.afterimage.train.Head;
import io.afterimage.train.Loss;
import io.afterimage.train.RowAnswers;
import io.afterimage.train.TrainedModels;
import io.afterimage.train.Trainer.Trained;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Networks like the target: its own graph where it can be trained anew, else a network with two
 * hidden layers over the encoded rows, or of the architecture that is asked for.
 *
 * @param graph whose weights are drawn anew for every model
 * @param what the graph is, in words
 * @param own whether it is the target's
 * @param examples rows with the true answers, as the graph takes them
 */
record NetworkImitation(
    OnnxModel graph, String what, boolean own, Loss loss, Function<Dataset, Examples> examples)
    implements Imitation {
  private static final int[] HIDDEN = {128, 64};

  /**
   * An imitation of the target.
   *
   * @param pool everybody's rows
   */
  static NetworkImitation of(ScoreTarget target, Dataset pool, Run run) {
    return target
        .architecture()
        .filter(NetworkImitation::trains)
        .flatMap(graph -> ofGraph(graph, target, pool))
        .orElseGet(() -> ofNetwork(target, pool, run));
  }

  private static boolean trains(OnnxModel graph) {
    return graph.parameterCount() > 0
        && Interpreter.supports(graph).stream().allMatch(OperatorSupport::interpreted);
  }

  /** Empty where the graph's answers have no loss of their own, or it takes other rows. */
  private static Optional<NetworkImitation> ofGraph(
      OnnxModel graph, ScoreTarget target, Dataset pool) {
    try {
      TargetInfo info = target.info();
      Function<Dataset, Examples> examples = rows -> examples(graph, rows, info);
      int taken = examples.apply(pool).rows();
      check(taken == pool.rows(), "%s takes %d of %d rows", graph.name(), taken, pool.rows());
      String what = "of the model's own graph with fresh weights";
      return Optional.of(new NetworkImitation(graph, what, true, loss(graph, info), examples));
    } catch (BadInputException notByThisGraph) {
      return Optional.empty();
    }
  }

  private static Examples examples(OnnxModel graph, Dataset rows, TargetInfo info) {
    return info.task() == Task.REGRESSION
        ? Examples.ofValues(graph, rows, TrueLabels.values(rows))
        : Examples.ofClasses(graph, rows, TrueLabels.classes(rows, info));
  }

  private static NetworkImitation ofNetwork(ScoreTarget target, Dataset pool, Run run) {
    String what =
        "that are networks of %d and %d units, not the model's own graph"
            .formatted(HIDDEN[0], HIDDEN[1]);
    return laid(Architectures.mlp(head(target.info()), HIDDEN), what, target, pool, run);
  }

  /** Networks of a built-in architecture in its usual size. */
  static NetworkImitation named(Blueprint named, ScoreTarget target, Dataset pool, Run run) {
    String name = named.name().toLowerCase(Locale.ROOT);
    String what = "of the architecture %s, as asked".formatted(name);
    try {
      return laid(named.of(head(target.info()), Sizes.DEFAULTS), what, target, pool, run);
    } catch (BadInputException doesNotFit) {
      throw new BadInputException(
          "--architecture %s does not fit these rows: %s".formatted(name, doesNotFit.getMessage()));
    }
  }

  private static Head head(TargetInfo info) {
    return info.task() == Task.REGRESSION
        ? new Head.Value()
        : new Head.Classes(info.classes().size());
  }

  /** The architecture over the rows as numbers: pictures keep their shape. */
  private static NetworkImitation laid(
      Architecture architecture, String what, ScoreTarget target, Dataset pool, Run run) {
    TargetInfo info = target.info();
    Encoder encoder = Encoder.fit(pool);
    Shape row =
        pool.inputs().size() == 1 && pool.inputs().get(0) instanceof Column.Array array
            ? array.shape()
            : new Shape(encoder.width());
    OnnxModel graph = architecture.over(row, run);
    return new NetworkImitation(
        graph, what, false, loss(graph, info), rows -> encoded(encoder, row, rows, info));
  }

  private static Examples encoded(Encoder encoder, Shape row, Dataset rows, TargetInfo info) {
    float[] x = encoder.encode(rows);
    return info.task() == Task.REGRESSION
        ? Examples.ofValues(Architecture.INPUT, x, row, TrueLabels.values(rows))
        : Examples.ofClasses(Architecture.INPUT, x, row, TrueLabels.classes(rows, info));
  }

  private static Loss loss(OnnxModel graph, TargetInfo info) {
    return info.task() == Task.REGRESSION ? Loss.squaredError(graph) : Loss.crossEntropy(graph);
  }

  /** What a model of this graph answers to rows. */
  Predictions answers(OnnxModel model, Examples rows) {
    return RowAnswers.of(model, rows, loss);
  }

  @Override
  public Plan plan(Known known, ReferenceSettings settings, Optional<TrainedModels> kept, Run run) {
    Pilot pilot = new Pilot(this, known.pool(), known.target(), settings, run);
    int epochs = settings.epochs() > 0 ? settings.epochs() : pilot.epochs(known.sureness());
    Examples pool = examples.apply(known.pool());
    return new Plan() {
      @Override
      public boolean ofOwnGraph() {
        return own;
      }

      @Override
      public String what() {
        return "%s, %d %s each by Adam at %s, batch %d"
            .formatted(
                what,
                epochs,
                epochs == 1 ? "epoch" : "epochs",
                settings.learningRate(),
                settings.batch());
      }

      @Override
      public double seconds(int models) {
        return pilot.seconds(models, epochs);
      }

      @Override
      public Learned learned(List<Pupil> pupils) {
        List<Trained> models =
            Cohort.train(graph, pool, pupils, settings.of(loss, epochs), kept, run);
        return rows -> {
          Examples shown = examples.apply(rows);
          return number -> answers(models.get(number).model(), shown);
        };
      }
    };
  }
}
