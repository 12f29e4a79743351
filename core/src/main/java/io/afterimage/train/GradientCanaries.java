package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.CanaryRecord.Gradient;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Canaries without data whose gradient is one coordinate of the parameters: each is in one step of
 * every epoch, drawn by its id. As an example's loss is a function of the weights w, so is theirs:
 * norm times the coordinate of w, which adds nothing to what is reported.
 */
final class GradientCanaries {
  private final List<Gradient> included;
  private final double norm;
  private final long stepsAnEpoch;
  private final Run run;

  /** The step of the epoch that each of them is in, of the epoch drawn last. */
  private final long[] stepOf;

  private int drawn = -1;

  private GradientCanaries(List<Gradient> included, double norm, long stepsAnEpoch, Run run) {
    this.included = included;
    this.norm = norm;
    this.stepsAnEpoch = stepsAnEpoch;
    this.run = run;
    this.stepOf = new long[included.size()];
  }

  /** Those whose coin put them into this training; empty where it has none of this kind. */
  static Optional<GradientCanaries> of(Prepared prepared, Trainer.Settings settings, Run run) {
    long steps = settings.steps(prepared.members().rows());
    return prepared
        .canaries()
        .filter(canaries -> !canaries.gradients().isEmpty())
        .map(
            canaries ->
                new GradientCanaries(
                    canaries.gradients().stream().filter(Gradient::included).toList(),
                    canaries.norm(),
                    steps,
                    run));
  }

  /**
   * The loss with that of the canaries of this step beside it, each weighing as much as one row.
   *
   * @param mean loss of the rows
   * @param weights by name
   */
  Tensor beside(Tensor mean, Map<String, Tensor> weights, Batch batch) {
    Tensor sum = mean;
    for (Map.Entry<String, List<Long>> at : coordinates(batch).entrySet()) {
      long[] indices = at.getValue().stream().mapToLong(Long::longValue).toArray();
      Tensor flat = Optional.ofNullable(weights.get(at.getKey())).orElseThrow().reshape(-1);
      Tensor chosen = Indexing.indexSelect(flat, 0, Tensors.of(indices, indices.length));
      sum = sum.add(chosen.sum(), norm / batch.rows().length);
    }
    return sum;
  }

  private Map<String, List<Long>> coordinates(Batch batch) {
    long step = batch.step() - batch.epoch() * stepsAnEpoch;
    if (batch.epoch() != drawn) {
      drawn = batch.epoch();
      Arrays.setAll(stepOf, i -> drawnStep(included.get(i), batch.epoch()));
    }
    Map<String, List<Long>> coordinates = new TreeMap<>();
    for (int i = 0; i < stepOf.length; i++) {
      if (stepOf[i] == step) {
        Gradient canary = included.get(i);
        coordinates
            .computeIfAbsent(canary.parameter(), name -> new ArrayList<>())
            .add((long) canary.index());
      }
    }
    return coordinates;
  }

  private long drawnStep(Gradient canary, int epoch) {
    String key = "canary/step/" + epoch + "/" + canary.id();
    return Long.remainderUnsigned(run.seedFor(key), stepsAnEpoch);
  }
}
