package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.Descending;
import io.afterimage.base.Run;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Fits the vectors of a prior to what is known of pictures: what an adversary makes of it who never
 * asks the target.
 *
 * <p>Descends {@code |known - made|^2 / (2 deviation^2) + |z|^2 / 2} a vector: minus the logarithm
 * of its posterior, where known pixels scatter around what the prior makes; the cost of Bora,
 * Jalal, Price, Dimakis: Compressed Sensing using Generative Models, ICML 2017. Theirs keeps the
 * nearest of several starts; with few known pixels that chose worse of the rest, and is left out.
 *
 * @param steps of each vector
 */
record Fitting(LatentSpace space, int steps, Run run) {
  /** Of known pixels around what the prior makes, in widths of their range. */
  static final double DEVIATION = 0.1;

  private static final double RATE = 0.05;
  private static final int AT_ONCE = 256;

  /**
   * Vectors near these whose pictures agree with what is known, [rows, latent].
   *
   * @param latents [rows, latent]
   * @param classes of each row
   */
  Tensor from(Tensor latents, int[] classes) {
    List<Tensor> parts = new ArrayList<>();
    for (int from = 0; from < classes.length; from += AT_ONCE) {
      int to = Math.min(classes.length, from + AT_ONCE);
      Completion.OfRows wanted = space.completion().of(rows(Arrays.copyOfRange(classes, from, to)));
      parts.add(
          new Descending(Optimiser.Adam.of(RATE), new Schedule.Cosine(), steps)
              .from(
                  "fitting to what is known",
                  latents.narrow(0, from, to - from),
                  (at, step) -> cost(at, wanted),
                  at -> InPlace.clamp(at, -LatentSpace.FARTHEST, LatentSpace.FARTHEST),
                  run));
    }
    return Indexing.cat(parts, 0);
  }

  private Tensor cost(Tensor at, Completion.OfRows wanted) {
    double sharpness = space.completion().places().length / (2 * DEVIATION * DEVIATION);
    Tensor apart = wanted.apart(space.pictures(at)).sum();
    return at.square().sum().div(2).add(apart, sharpness);
  }

  private static Tensor rows(int[] classes) {
    return Tensors.of(Arrays.stream(classes).asLongStream().toArray(), classes.length);
  }
}
