package io.afterimage.attack.membership;

import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Confidences;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.data.Dataset;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * What somebody answered about all suspects, members first: the target, or a model in its place.
 *
 * @param info of the target
 * @param known what is public about the answers
 */
record Asked(TargetInfo info, Answers known, List<Dataset> sides, List<Predictions> answers) {
  /** Asks the target about one version of everybody's record. */
  static Asked of(Asker asker, Suspects suspects, UnaryOperator<Dataset> version) {
    return new Asked(
        asker.target().info(),
        asker.target().answers(),
        suspects.sides(),
        suspects.sides().stream().map(version).map(asker::ask).toList());
  }

  /** What a model of our own answered, in one table for both sides. */
  static Asked model(Predictions all, TargetInfo info, Suspects suspects) {
    int members = suspects.members().rows() * all.columns();
    double[] values = all.values();
    List<Predictions> sides =
        List.of(
            new Predictions(Arrays.copyOf(values, members), all.columns(), all.meaning()),
            new Predictions(
                Arrays.copyOfRange(values, members, values.length), all.columns(), all.meaning()));
    return new Asked(info, Answers.EXACT, suspects.sides(), sides);
  }

  /** How sure the answers are of the true responses: see {@link Confidences}. */
  double[] confidences() {
    return each(side -> Confidences.of(answers.get(side), info, known, sides.get(side)));
  }

  /** How sure the answers are of whatever they say: see {@link Sureness}. */
  double[] sureness() {
    return each(side -> Sureness.of(answers.get(side), info, known, sides.get(side)));
  }

  /** Logarithms of all classes' probabilities, person after person. */
  double[] logProbabilities() {
    return each(side -> logs(Posteriors.of(answers.get(side), known)));
  }

  private static double[] logs(Posteriors posteriors) {
    return IntStream.range(0, posteriors.rows() * posteriors.classes())
        .mapToDouble(i -> posteriors.logP(i / posteriors.classes(), i % posteriors.classes()))
        .toArray();
  }

  private double[] each(IntFunction<double[]> of) {
    return IntStream.range(0, sides.size()).mapToObj(of).flatMapToDouble(Arrays::stream).toArray();
  }
}
