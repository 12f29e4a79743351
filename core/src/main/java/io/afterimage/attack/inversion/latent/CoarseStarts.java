package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.decoder.Asked;
import io.afterimage.attack.inversion.decoder.Decoder;
import io.afterimage.attack.inversion.decoder.DecoderSettings;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.decoder.ScoreVectors;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Run;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import java.util.Arrays;
import java.util.List;

/**
 * What each class roughly looks like to a network that learned, on public pictures, to draw what an
 * answer is about, and the vectors of a generator whose pictures come near that.
 *
 * @param space of the generator
 * @param looks the picture drawn of each class, one after the other, as the target takes them
 */
public record CoarseStarts(LatentSpace space, float[] looks) {
  private static final int AT_ONCE = 512;
  private static final double LEARNING_RATE = 0.1;

  /** Asks the target once about each public picture and lets a network learn from the answers. */
  public static CoarseStarts learned(
      ScoreTarget target, LatentSpace space, PublicRows known, DecoderSettings settings, Run run) {
    Predictions answers = new Asked(target, run).about(List.of(known.rows()));
    ScoreVectors vectors = ScoreVectors.of(answers, target.answers());
    Decoder decoder =
        Decoder.learned(
            vectors.of(answers),
            known.pixels(),
            known.planes(),
            InputRange.of(known.rows(), PixelRange.AS_SEEN),
            settings,
            run.keyed("coarse"));
    return new CoarseStarts(space, decoder.rebuilt(vectors.sure()));
  }

  /**
   * Where vectors end that are moved, each for itself, down the squared distance of their pictures
   * from what their class looks like. Asks the target nothing.
   *
   * @param drawn where they start, as many of each class, one class after the other
   * @param clip greatest number of a vector
   */
  public double[][] near(double[][] drawn, int steps, double clip, Run run) {
    int latent = space.prior().latent();
    double[][] near = new double[drawn.length][latent];
    for (int from = 0; from < drawn.length; from += AT_ONCE) {
      int to = Math.min(drawn.length, from + AT_ONCE);
      float[] ends = ends(drawn, from, to, steps, clip, run);
      for (int i = 0; i < ends.length; i++) {
        near[from + i / latent][i % latent] = ends[i];
      }
    }
    return near;
  }

  @SuppressWarnings("try") // the scope is there to close
  private float[] ends(double[][] drawn, int from, int to, int steps, double clip, Run run) {
    int size = space.row().size();
    int each = drawn.length / (looks.length / size);
    float[] goals = new float[(to - from) * size];
    for (int i = from; i < to; i++) {
      System.arraycopy(looks, i / each * size, goals, (i - from) * size, size);
    }
    double[] starts = Arrays.stream(drawn, from, to).flatMapToDouble(Arrays::stream).toArray();
    try (TensorScope scope = new TensorScope()) {
      Tensor goal = Tensors.of(goals, to - from, size);
      return new Descending(Optimiser.Adam.of(LEARNING_RATE), new Schedule.Constant(), steps)
          .from(
              "coarse start",
              Tensors.of(starts, to - from, space.prior().latent()).to(DType.FLOAT),
              (at, step) -> space.pictures(at).flatten(1).sub(goal).square().mean(false, 1).sum(),
              at -> InPlace.clamp(at, -clip, clip),
              run)
          .toFloats();
    }
  }
}
