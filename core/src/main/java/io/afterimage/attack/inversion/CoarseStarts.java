package io.afterimage.attack.inversion;

import io.afterimage.base.Run;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What each class roughly looks like to a network that learned, on public pictures, to draw what an
 * answer is about, and the vectors of a generator whose pictures come near that.
 *
 * @param looks the picture drawn of each class, one after the other, as the target takes them
 */
record CoarseStarts(float[] looks) {
  private static final double LEARNING_RATE = 0.1;

  /** Asks the target once about each public picture and lets a network learn from the answers. */
  static CoarseStarts learned(
      ScoreTarget target, PublicRows known, DecoderSettings settings, Run run) {
    Predictions answers = new Asked(target, run).about(List.of(known.rows()));
    ScoreVectors vectors = ScoreVectors.of(answers, target.answers());
    InputRange range =
        InputRange.of(known.rows(), OptionalDouble.empty(), OptionalDouble.empty());
    Decoder decoder =
        Decoder.learned(
            vectors.of(answers),
            known.pixels(),
            known.planes(),
            range,
            settings,
            run.keyed("coarse"));
    return new CoarseStarts(decoder.rebuilt(vectors.sure()));
  }

  /**
   * Where vectors end that are moved, each for itself, down the squared distance of their pictures
   * from what their class looks like. Asks the target nothing.
   *
   * @param drawn where they start, as many of each class, one class after the other
   * @param clip greatest number of a vector
   */
  @SuppressWarnings("try") // the scope is there to close
  double[][] near(LatentSpace space, double[][] drawn, int steps, double clip, Run run) {
    int latent = space.prior().latent();
    int size = space.row().size();
    int each = drawn.length / (looks.length / size);
    double[][] near = new double[drawn.length][latent];
    try (TensorScope scope = new TensorScope()) {
      float[] starts = new float[drawn.length * latent];
      float[] wanted = new float[drawn.length * size];
      for (int i = 0; i < drawn.length; i++) {
        for (int j = 0; j < latent; j++) {
          starts[i * latent + j] = (float) drawn[i][j];
        }
        System.arraycopy(looks, i / each * size, wanted, i * size, size);
      }
      Tensor goal = Tensors.of(wanted, drawn.length, size);
      float[] ends = moved(space, Tensors.of(starts, drawn.length, latent), goal, steps, clip, run);
      for (int i = 0; i < ends.length; i++) {
        near[i / latent][i % latent] = ends[i];
      }
    }
    return near;
  }

  private static float[] moved(
      LatentSpace space, Tensor starts, Tensor goal, int steps, double clip, Run run) {
    return new Descending(Optimiser.Adam.of(LEARNING_RATE), new Schedule.Constant(), steps)
        .from(
            "coarse start",
            starts,
            (at, step) -> space.pictures(at).flatten(1).sub(goal).square().mean(false, 1).sum(),
            at -> InPlace.clamp(at, -clip, clip),
            run)
        .toFloats();
  }
}
