package io.afterimage.attack.membership;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.train.Examples;
import io.afterimage.train.FreshWeights;
import io.afterimage.train.SupervisedStep;
import io.afterimage.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Models that learn another's answers to public rows, and how sure they grow of the suspects
 * meanwhile.
 *
 * @param student what they are
 */
record Students(
    ReferenceModels models,
    NetworkImitation student,
    Suspects suspects,
    TargetInfo info,
    Dataset population,
    MembershipTrajectory.Settings settings) {
  /**
   * How sure a student is of each person after each epoch, and in the end the teacher itself:
   * person after person.
   *
   * @param taught the teacher's answers to the public rows, probabilities or values
   * @param teacher its answers about the suspects
   */
  double[] course(Predictions taught, Asked teacher, Run run) {
    Examples examples = student.examples().apply(population).taught(taught);
    OnnxModel fresh = FreshWeights.of(student.graph(), run);
    List<double[]> epochs = new ArrayList<>();
    int batch = Math.min(settings.models().batch(), population.rows());
    try (SupervisedStep step =
        new SupervisedStep(
            fresh, examples, student.loss(), settings.models().optimiser(), 0, run)) {
      for (int epoch = 0; epoch < settings.distillation(); epoch++) {
        Trainer.run(
            step, population.rows(), Trainer.Settings.of(1, batch), run.keyed("epoch/" + epoch));
        Predictions answers = models.answers(student, step.model());
        epochs.add(Asked.model(answers, info, suspects).confidences());
      }
    }
    epochs.add(teacher.confidences());
    return transposed(epochs);
  }

  /** Person after person what stood epoch after epoch. */
  private double[] transposed(List<double[]> epochs) {
    int width = epochs.size();
    double limit = References.limit(info, Answers.EXACT);
    return IntStream.range(0, width * epochs.get(0).length)
        .mapToDouble(i -> Math.max(-limit, Math.min(limit, epochs.get(i % width)[i / width])))
        .toArray();
  }
}
