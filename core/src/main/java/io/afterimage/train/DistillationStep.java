package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.graph.FinalScores;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A student learns a teacher's answers: {@code weight * T² * KL(teacher / T || student / T) + (1 -
 * weight) * cross-entropy of the labels}, where both scores before the softmax are divided by the
 * temperature T (Hinton, Vinyals, Dean 2015). Both graphs take the same inputs. With weight 1 the
 * labels are not looked at.
 */
public final class DistillationStep implements Step, AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Trainee student;
  private final Interpreter teacher;
  private final FinalScores taught;
  private final Loss.CrossEntropy learned;
  private final Examples examples;
  private final Settings settings;
  private final Run run;

  /**
   * How it learns.
   *
   * @param temperature above 0; the higher, the more the order of improbable classes counts
   * @param weight of the teacher's answers against the labels', 0 to 1
   */
  public record Settings(double temperature, double weight, Optimiser optimiser) {
    public Settings {
      inRange("temperature", temperature, 1e-3, 1e3);
      inRange("weight", weight, 0, 1);
    }
  }

  /** A step over all trainable parameters of the student. */
  public DistillationStep(
      OnnxModel student, OnnxModel teacher, Examples examples, Settings settings, Run run) {
    this.learned = Loss.crossEntropy(student, 0);
    this.taught = Loss.crossEntropy(teacher, 0).scores();
    this.student = new Trainee(student, settings.optimiser(), run);
    this.teacher = Interpreter.of(teacher).heeding(run);
    this.examples = examples.resident(owner);
    this.settings = settings;
    this.run = run;
  }

  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double take(Batch batch) {
    try (TensorScope scope = new TensorScope()) {
      Examples shown = examples.inEpoch(batch.epoch());
      int[] rows = batch.rows();
      Map<String, Value> inputs = shown.inputs(rows);
      long seed = run.seedFor("dropout/" + batch.step());
      Tensor answers = student.train(inputs, learned.value(), rows.length, seed);
      Tensor loss =
          divergence(softened(teach(inputs), taught), softened(answers, learned.scores()));
      if (settings.weight() < 1) {
        Tensor own = learned.of(answers, shown.targets(rows));
        loss = loss.mul(settings.weight()).add(own, 1 - settings.weight());
      }
      double value = loss.item();
      if (Double.isFinite(value)) {
        student.lessen(loss, 0, batch.rate());
      }
      return value;
    }
  }

  @SuppressWarnings("try") // the guard is there to close
  private Tensor teach(Map<String, Value> inputs) {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      Value answer = teacher.run(inputs, List.of(taught.value())).get(taught.value());
      return ((Value.Numbers) Objects.requireNonNull(answer)).tensor();
    }
  }

  /** Logarithms of the probabilities at the temperature. */
  private Tensor softened(Tensor scores, FinalScores link) {
    return link.logProbabilities(scores).div(settings.temperature()).logSoftmax(-1);
  }

  private Tensor divergence(Tensor teacher, Tensor student) {
    double square = settings.temperature() * settings.temperature();
    return teacher.exp().mul(teacher.sub(student)).sum(false, -1).mean().mul(square);
  }

  /** The student as it is now. */
  public OnnxModel model() {
    return student.model();
  }

  @Override
  public void close() {
    student.close();
    teacher.close();
    owner.close();
  }
}
