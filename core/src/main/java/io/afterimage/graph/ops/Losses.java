package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/**
 * Losses of classifiers. Scores are [n, classes, …], targets [n, …] hold the number of the right
 * class. A loss of an example is weighted by its class, and 0 where the target is {@code
 * ignore_index}; the mean is over the sum of the weights.
 */
final class Losses {
  private Losses() {}

  static void register() {
    Operators.one("NegativeLogLikelihoodLoss", c -> loss(c, c.x(0)));
    Operators.many("SoftmaxCrossEntropyLoss", Losses::crossEntropy);
  }

  private static List<Value> crossEntropy(Call c) {
    requireClasses(c);
    Tensor logProbabilities = c.x(0).logSoftmax(1);
    return List.of(Value.of(loss(c, logProbabilities)), Value.of(logProbabilities));
  }

  private static void requireClasses(Call c) {
    long[] shape = c.x(0).shape();
    if (shape.length < 2) {
      throw c.error("needs scores [n, classes, ...], but is given " + Arrays.toString(shape));
    }
  }

  private static Tensor loss(Call c, Tensor logProbabilities) {
    requireClasses(c);
    Tensor targets = c.x(1).to(DType.LONG);
    requireExamples(c, logProbabilities.shape(), targets.shape());
    Tensor ignored = ignored(c, targets);
    Tensor classes = Indexing.maskedFill(targets, ignored, 0);
    requireRange(c, classes, logProbabilities.size(1));
    Tensor right = Indexing.gather(logProbabilities, 1, classes.unsqueeze(1)).squeeze(1);
    Tensor weights = Indexing.maskedFill(weights(c, logProbabilities, classes), ignored, 0);
    // Ignored examples count nothing, even where their score is infinite.
    Tensor losses = Indexing.maskedFill(right.neg().mul(weights), ignored, 0);
    String reduction = c.attributes().text("reduction", "mean");
    return switch (reduction) {
      case "none" -> losses;
      case "sum" -> losses.sum();
      case "mean" -> losses.sum().div(weights.sum());
      default -> throw c.error("has reduction " + reduction + "; known are none, sum and mean");
    };
  }

  private static void requireExamples(Call c, long[] scores, long[] targets) {
    long[] examples = new long[scores.length - 1];
    examples[0] = scores[0];
    System.arraycopy(scores, 2, examples, 1, scores.length - 2);
    if (!Arrays.equals(examples, targets)) {
      throw c.error(
          "is given targets %s for scores %s"
              .formatted(Arrays.toString(targets), Arrays.toString(scores)));
    }
  }

  private static Tensor ignored(Call c, Tensor targets) {
    return c.attributes().has("ignore_index")
        ? targets.eq(Tensors.scalar(c.attributes().integer("ignore_index", 0)))
        : Tensors.zeros(DType.BOOL, targets.shape());
  }

  private static void requireRange(Call c, Tensor classes, long count) {
    if (classes.count() == 0) {
      return;
    }
    double least = classes.min(false).item();
    double greatest = classes.max(false).item();
    if (least < 0 || greatest >= count) {
      throw c.error(
          "is given class %.0f of %d classes".formatted(least < 0 ? least : greatest, count));
    }
  }

  private static Tensor weights(Call c, Tensor like, Tensor classes) {
    if (!c.has(2)) {
      return Tensors.ones(like.dtype(), classes.shape());
    }
    if (c.x(2).rank() != 1 || c.x(2).size(0) != like.size(1)) {
      throw c.error(
          "has weights %s for %d classes".formatted(Arrays.toString(c.x(2).shape()), like.size(1)));
    }
    return Indexing.indexSelect(c.x(2), 0, classes.reshape(-1)).reshape(classes.shape());
  }
}
