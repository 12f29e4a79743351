package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two examples of three classes at two places each: scores [2, 3, 2], against a loop. */
@ExtendWith(ScopePerTest.class)
class LossesTest {
  private static final double[] SCORES = {.1, -1, .4, 2, -.3, .5, 1, 0, -2, .2, .9, -.6};
  private static final long[] TARGETS = {2, 0, -1, 1};
  private static final double[] WEIGHTS = {.5, 2, 3};
  private static final int CLASSES = 3;
  private static final int PLACES = 2;

  private static Tensor run(String type, String reduction, Tensor scores) {
    return node(type, reduction)
        .run(scores, Tensors.of(TARGETS, 2, 2), Tensors.of(WEIGHTS, CLASSES));
  }

  private static OneNode node(String type, String reduction) {
    return OneNode.of(type).with("reduction", reduction).with("ignore_index", -1);
  }

  private static Tensor scores() {
    return Tensors.of(SCORES, 2, CLASSES, PLACES);
  }

  private static double[] slow(boolean softmax) {
    double[] losses = new double[4];
    for (int i = 0; i < losses.length; i++) {
      int at = i / PLACES * CLASSES * PLACES + i % PLACES;
      double sum = 0;
      for (int k = 0; k < CLASSES; k++) {
        sum += Math.exp(SCORES[at + k * PLACES]);
      }
      int target = (int) TARGETS[i];
      if (target >= 0) {
        double log = SCORES[at + target * PLACES] - (softmax ? Math.log(sum) : 0);
        losses[i] = -WEIGHTS[target] * log;
      }
    }
    return losses;
  }

  @Test
  void reducesAsAsked() {
    for (String type : List.of("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")) {
      double[] losses = slow(type.startsWith("Softmax"));
      double sum = Arrays.stream(losses).sum();
      assertThat(run(type, "none", scores()).toDoubles()).containsExactly(losses, within(1e-12));
      assertThat(run(type, "sum", scores()).item()).isEqualTo(sum, within(1e-12));
      assertThat(run(type, "mean", scores()).item()).isEqualTo(sum / 5.5, within(1e-12));
    }
  }

  @Test
  void theSecondOutputHoldsLogProbabilities() {
    List<Tensor> outputs =
        OneNode.of("SoftmaxCrossEntropyLoss")
            .with("ignore_index", -1)
            .outputs(2, scores(), Tensors.of(TARGETS, 2, 2));
    assertThat(outputs.get(1).exp().sum(false, 1).toDoubles())
        .containsExactly(new double[] {1, 1, 1, 1}, within(1e-12));
  }

  @Test
  void gradientsAgreeWithDifferences() {
    for (String reduction : List.of("none", "sum", "mean")) {
      double[] gradient =
          OneNode.gradient(scores(), x -> run("SoftmaxCrossEntropyLoss", reduction, x));
      double[] differences =
          OneNode.differences(scores(), x -> run("SoftmaxCrossEntropyLoss", reduction, x));
      assertThat(gradient).containsExactly(differences, within(1e-8));
    }
  }

  @Test
  void aClassThatDoesNotExistIsRefused() {
    assertThatThrownBy(
            () -> OneNode.of("NegativeLogLikelihoodLoss").run(scores(), Tensors.of(TARGETS, 2, 2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("is given class -1 of 3 classes");
    assertThatThrownBy(
            () ->
                OneNode.of("NegativeLogLikelihoodLoss")
                    .run(scores(), Tensors.of(new long[] {0, 1}, 2)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("targets [2] for scores [2, 3, 2]");
  }
}
