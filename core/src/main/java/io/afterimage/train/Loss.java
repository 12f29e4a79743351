package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.FinalScores;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Outputs;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;

/** What training lessens. */
public interface Loss {
  /** The name of the graph's value that it looks at. */
  String value();

  /**
   * The mean over a mini-batch, a scalar.
   *
   * @param answers the value that it looks at, [n, ...]
   * @param targets what was to be answered, as {@link Examples#targets} gives it
   */
  Tensor of(Tensor answers, Tensor targets);

  /**
   * Cross-entropy of the model's first output that a softmax or sigmoid makes, from the scores
   * before it. Targets are classes: LONG [n].
   */
  static Loss crossEntropy(OnnxModel model) {
    FinalScores scores =
        model.outputs().stream()
            .flatMap(output -> Outputs.finalScores(model, output.name()).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s does not end in a softmax or sigmoid, so that it cannot be trained to classify"
                            .formatted(model.name())));
    return new CrossEntropy(scores);
  }

  /** The mean squared error of the model's first output. Targets are values: FLOAT [n, columns]. */
  static Loss squaredError(OnnxModel model) {
    return new SquaredError(model.outputs().get(0).name());
  }

  /** Minus the logarithm of the true class's probability. */
  record CrossEntropy(FinalScores scores) implements Loss {
    @Override
    public String value() {
      return scores.value();
    }

    @Override
    public Tensor of(Tensor answers, Tensor targets) {
      // A softmax of log-probabilities is the softmax of what they came from.
      return Nn.crossEntropy(scores.logProbabilities(answers), targets);
    }
  }

  /** The mean squared difference. */
  record SquaredError(String value) implements Loss {
    @Override
    public Tensor of(Tensor answers, Tensor targets) {
      return answers.reshape(targets.shape()).sub(targets).square().mean();
    }
  }
}
