package io.afterimage.attack.inversion.latent;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Target;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.Examples;
import io.afterimage.train.FreshWeights;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Students of a target: its own graph from fresh weights, taught its answers to public pictures.
 */
public final class Distilled {
  private static final int BATCH = 64;

  private Distilled() {}

  /**
   * So many students, to be closed.
   *
   * @param rows that they learn the target's answers to
   * @param epochs passes over them
   */
  public static List<GradientTarget> of(
      GradientTarget target, Dataset rows, int count, int epochs, Run run) {
    Optional<OnnxModel> own = target.architecture().filter(model -> model.parameterCount() > 0);
    check(
        own.isPresent(),
        "--students must be 0 of %s, whose graph cannot be trained anew, but is %d",
        target.info().name(),
        count);
    OnnxModel graph = own.orElseThrow();
    Shape row = target.info().arrayInput().orElseThrow();
    Examples examples =
        Examples.ofClasses(
                graph.inputs().get(0).name(), numbers(target, rows), row, new int[rows.rows()])
            .taught(target.scores(rows).probabilities());
    Trainer.Settings settings = Trainer.Settings.of(epochs, Math.min(BATCH, rows.rows()));
    List<GradientTarget> students = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        students.add(taught(graph, target, examples, settings, run.keyed("student/" + i)));
      }
    } catch (RuntimeException | Error failed) {
      students.forEach(Target::close);
      throw failed;
    }
    return List.copyOf(students);
  }

  private static GradientTarget taught(
      OnnxModel graph,
      GradientTarget target,
      Examples examples,
      Trainer.Settings settings,
      Run run) {
    OnnxModel fresh = FreshWeights.of(graph, run);
    Loss loss = Loss.crossEntropy(fresh);
    OnnxModel taught =
        Trainer.train(fresh, examples, loss, Optimiser.Adam.of(1e-3), settings, run).model();
    OnnxOptions options = OnnxOptions.DEFAULTS.withClasses(target.info().classes());
    return InterpretedTarget.of(OnnxTarget.open(taught, options));
  }

  /** The rows as the target takes them. */
  @SuppressWarnings("try") // the scope is there to close
  private static float[] numbers(GradientTarget target, Dataset rows) {
    try (TensorScope scope = new TensorScope()) {
      return target.input(rows).toFloats();
    }
  }
}
