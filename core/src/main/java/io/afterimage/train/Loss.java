package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.graph.FinalScores;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Outputs;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

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
   * The loss of each row, FLOAT [n], of which {@link #of} is the mean; empty where rows have none
   * of their own.
   */
  default Optional<Tensor> ofRows(Tensor answers, Tensor targets) {
    return Optional.empty();
  }

  /**
   * The loss of the best answer that is the same for every row, or little more; empty where there
   * is no such thing.
   */
  default OptionalDouble ofConstant(Tensor targets) {
    return OptionalDouble.empty();
  }

  /** The class that each answer stands for, LONG [n]; empty where answers are no classes. */
  default Optional<Tensor> classes(Tensor answers) {
    return Optional.empty();
  }

  /**
   * Natural logarithms of the classes' probabilities, [n, classes]; empty where answers are no
   * classes.
   */
  default Optional<Tensor> logProbabilities(Tensor answers) {
    return Optional.empty();
  }

  /**
   * Cross-entropy of the model's first output that a softmax or sigmoid makes, from the scores
   * before it; where none does, of the first output with a column a class, taken as the scores
   * themselves. Targets are classes, LONG [n], or probabilities, FLOAT [n, classes].
   */
  static Loss crossEntropy(OnnxModel model) {
    return crossEntropy(model, 0);
  }

  /**
   * The same with smoothed labels (Szegedy et al., CVPR 2016).
   *
   * @param smoothing share of each target that is spread over all classes, 0 to below 1
   */
  static CrossEntropy crossEntropy(OnnxModel model, double smoothing) {
    FinalScores scores =
        linked(model)
            .or(() -> columns(model))
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s does not end in a softmax or sigmoid, nor in a column a class, so that it cannot be trained to classify"
                            .formatted(model.name())));
    return new CrossEntropy(scores, smoothing);
  }

  /** The mean squared error of the model's first output. Targets are of its size: FLOAT [n, …]. */
  static Loss squaredError(OnnxModel model) {
    return new SquaredError(firstOutput(model));
  }

  /** The mean absolute error of the model's first output. */
  static Loss absoluteError(OnnxModel model) {
    return new AbsoluteError(firstOutput(model));
  }

  /** Half the squared error up to a difference of delta, linear beyond it (Huber 1964). */
  static Loss huber(OnnxModel model, double delta) {
    return new Huber(firstOutput(model), delta);
  }

  /**
   * Binary cross-entropy of each column of the model's first output, from the scores before its
   * sigmoid. Targets are probabilities of its size: FLOAT [n, …].
   */
  static Loss binaryCrossEntropy(OnnxModel model) {
    FinalScores scores =
        Outputs.finalScores(model, firstOutput(model))
            .filter(found -> found.link() == FinalScores.Link.SIGMOID)
            .orElseThrow(
                () ->
                    new BadInputException(
                        "%s does not end in a sigmoid, which binary cross-entropy needs"
                            .formatted(model.name())));
    return new BinaryCrossEntropy(scores.value());
  }

  /** Ranks what was chosen above what was not; see {@link Ranking}. */
  static Loss ranking(OnnxModel model) {
    String output = firstOutput(model);
    return new Ranking(Outputs.finalScores(model, output).map(FinalScores::value).orElse(output));
  }

  private static String firstOutput(OnnxModel model) {
    return Outputs.beforeMaps(model, model.outputs().get(0).name());
  }

  private static Optional<FinalScores> linked(OnnxModel model) {
    return model.outputs().stream()
        .flatMap(output -> Outputs.finalScores(model, output.name()).stream())
        .findFirst();
  }

  private static Optional<FinalScores> columns(OnnxModel model) {
    return model.outputs().stream()
        .filter(Loss::hasColumns)
        .findFirst()
        .map(output -> new FinalScores(output.name(), FinalScores.Link.SOFTMAX));
  }

  private static boolean hasColumns(ValueInfo output) {
    List<ValueInfo.Dimension> dimensions = output.dimensions();
    return output.element().filter(e -> e.isFloating()).isPresent()
        && dimensions.size() == 2
        && dimensions.get(1).isFixed()
        && dimensions.get(1).extent() > 1;
  }

  /** Minus the logarithm of the true class's probability. */
  record CrossEntropy(FinalScores scores, double smoothing) implements Loss {
    public CrossEntropy {
      below("--label-smoothing", smoothing, 0, 1);
    }

    @Override
    public String value() {
      return scores.value();
    }

    @Override
    public Tensor of(Tensor answers, Tensor targets) {
      return Nn.crossEntropy(logits(answers), targets, smoothing);
    }

    @Override
    public Optional<Tensor> ofRows(Tensor answers, Tensor targets) {
      return Optional.of(Nn.crossEntropyOfRows(logits(answers), targets, smoothing));
    }

    /** The entropy of the classes' shares. */
    @Override
    public OptionalDouble ofConstant(Tensor targets) {
      return OptionalDouble.of(
          Arrays.stream(shares(targets))
              .filter(share -> share > 0)
              .map(share -> -share * Math.log(share))
              .sum());
    }

    private double[] shares(Tensor targets) {
      double[] shares =
          targets.dtype() == DType.LONG
              ? counts(targets.toLongs())
              : targets.sum(false, 0).toDoubles();
      double rows = targets.size(0);
      return Arrays.stream(shares)
          .map(count -> (1 - smoothing) * count / rows + smoothing / shares.length)
          .toArray();
    }

    private static double[] counts(long[] classes) {
      double[] counts = new double[(int) LongStream.of(classes).max().orElse(0) + 1];
      for (long one : classes) {
        counts[(int) one]++;
      }
      return counts;
    }

    // A softmax of log-probabilities is the softmax of what they came from.
    private Tensor logits(Tensor answers) {
      return scores.link() == FinalScores.Link.SOFTMAX && answers.rank() == 2
          ? answers
          : scores.logProbabilities(answers);
    }

    @Override
    public Optional<Tensor> logProbabilities(Tensor answers) {
      return Optional.of(scores.logProbabilities(answers));
    }

    @Override
    public Optional<Tensor> classes(Tensor answers) {
      return Optional.of(logits(answers).argmax(-1, false));
    }
  }

  /** A loss of each difference, of which rows and batches are judged by the mean. */
  interface OfDifferences extends Loss {
    /** The loss of each difference, of its shape. */
    Tensor each(Tensor difference);

    @Override
    default Tensor of(Tensor answers, Tensor targets) {
      return each(answers, targets).mean();
    }

    @Override
    default Optional<Tensor> ofRows(Tensor answers, Tensor targets) {
      return Optional.of(each(answers, targets).flatten(1).mean(false, 1));
    }

    /** Of the mean, which is little worse than the median. */
    @Override
    default OptionalDouble ofConstant(Tensor targets) {
      return OptionalDouble.of(each(targets.sub(targets.mean(true, 0))).mean().item());
    }

    private Tensor each(Tensor answers, Tensor targets) {
      return each(answers.reshape(targets.shape()).sub(targets));
    }
  }

  /** The mean squared difference. */
  record SquaredError(String value) implements OfDifferences {
    @Override
    public Tensor each(Tensor difference) {
      return difference.square();
    }
  }

  /** The mean absolute difference. */
  record AbsoluteError(String value) implements OfDifferences {
    @Override
    public Tensor each(Tensor difference) {
      return difference.abs();
    }
  }

  /** Quadratic for small differences, linear for large ones. */
  record Huber(String value, double delta) implements Loss {
    public Huber {
      above("--huber-delta", delta, 0, 1e12);
    }

    @Override
    public Tensor of(Tensor answers, Tensor targets) {
      return Nn.huber(answers.reshape(targets.shape()), targets, delta);
    }

    /** Of the mean. */
    @Override
    public OptionalDouble ofConstant(Tensor targets) {
      return OptionalDouble.of(of(targets.mean(true, 0).expand(targets.shape()), targets).item());
    }
  }

  /** Cross-entropy of a coin for each element. */
  record BinaryCrossEntropy(String value) implements Loss {
    @Override
    public Tensor of(Tensor answers, Tensor targets) {
      return Nn.binaryCrossEntropy(answers.reshape(targets.shape()), targets);
    }

    /** The mean entropy of the coins; pixels that never change have none. */
    @Override
    public OptionalDouble ofConstant(Tensor targets) {
      return OptionalDouble.of(
          Arrays.stream(targets.mean(false, 0).toDoubles())
              .map(p -> p > 0 && p < 1 ? -p * Math.log(p) - (1 - p) * Math.log1p(-p) : 0)
              .average()
              .orElse(0));
    }
  }

  /**
   * Bayesian personalised ranking (Rendle, Freudenthaler, Gantner, Schmidt-Thieme, UAI 2009): minus
   * the logarithm of sigmoid(score of what was chosen - score of what was not). The first half of a
   * mini-batch's answers are of the one, the second of the other, as {@link PairExamples} gives
   * them.
   */
  record Ranking(String value) implements Loss {
    @Override
    public Tensor of(Tensor answers, Tensor targets) {
      Tensor scores = answers.reshape(-1);
      long pairs = scores.size(0) / 2;
      check(2 * pairs == scores.size(0), "a ranking needs answers in pairs");
      Tensor ahead = scores.narrow(0, 0, pairs).sub(scores.narrow(0, pairs, pairs));
      return Nn.logSigmoid(ahead).mean().neg();
    }

    /** Of a coin. */
    @Override
    public OptionalDouble ofConstant(Tensor targets) {
      return OptionalDouble.of(Math.log(2));
    }
  }
}
