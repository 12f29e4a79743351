package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.target.FeatureTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A target's values at one inner layer.
 *
 * @param target whose
 * @param name the layer's
 */
public record InnerLayer(FeatureTarget target, String name) {
  private static final int ROWS_AT_ONCE = 256;

  /**
   * The layer of this name; without a name the penultimate: the last that holds neither the scores
   * (as many numbers as there are classes) nor the input's own numbers; where there is none, the
   * scores.
   *
   * @param probe a row to tell them by
   */
  public static InnerLayer of(FeatureTarget target, Optional<String> name, Dataset probe) {
    List<String> layers = target.layers();
    check(!layers.isEmpty(), "%s shows no inner values", target.info().name());
    if (name.isPresent()) {
      check(
          layers.contains(name.get()),
          "--layer must be one of %s, but is %s",
          String.join(", ", layers),
          name.get());
      return new InnerLayer(target, name.get());
    }
    for (int i = layers.size() - 1; i >= 0; i--) {
      if (isInner(target, layers.get(i), probe)) {
        return new InnerLayer(target, layers.get(i));
      }
    }
    return new InnerLayer(target, layers.get(layers.size() - 1));
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private static boolean isInner(FeatureTarget target, String layer, Dataset probe) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor x = target.input(probe);
      float[] values = target.features(x, layer).toFloats();
      int classes = target.info().classes().size();
      boolean scores = values.length == classes || (values.length == 1 && classes == 2);
      return !scores && !Arrays.equals(values, x.toFloats());
    }
  }

  /** The values of these rows, row after row. */
  @SuppressWarnings("try") // scope and guard are there to close
  public float[] of(Dataset rows, Run run) {
    float[] all = new float[0];
    for (int from = 0; from < rows.rows(); from += ROWS_AT_ONCE) {
      run.checkCancelled();
      int to = Math.min(rows.rows(), from + ROWS_AT_ONCE);
      try (TensorScope scope = new TensorScope();
          Autograd.Guard unrecorded = Autograd.noGrad()) {
        Tensor x = target.input(rows.select(IntStream.range(from, to).toArray()));
        float[] some = target.features(x, name).toFloats();
        if (from == 0) {
          all = new float[Math.multiplyExact(some.length / to, rows.rows())];
        }
        System.arraycopy(some, 0, all, from * (all.length / rows.rows()), some.length);
      }
    }
    return all;
  }
}
