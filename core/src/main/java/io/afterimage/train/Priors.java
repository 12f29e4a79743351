package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Trains priors on public pictures. Results are bit-identical for one seed, whatever the number of
 * threads: each training uses one.
 */
public final class Priors {
  private Priors() {}

  /**
   * A prior over pictures.
   *
   * @param pictures picture after picture, finite, two at least
   * @param shape of one; see {@link PictureSpace}
   * @param run its seed draws weights, order and noise; hears of progress and may be cancelled,
   *     where a folder keeps what was learned by then
   * @param folder where priors are kept by the hash of all that made them and found again, a
   *     training that was stopped goes on, and samples are drawn after each epoch: {@code
   *     HASH.png}; empty for none of it
   */
  public static Prior train(
      PriorSettings settings, float[] pictures, Shape shape, Run run, Optional<Path> folder) {
    int count = pictures.length / shape.size();
    return train(settings, pictures, shape, new int[count], 0, run, folder);
  }

  /**
   * A conditional prior over pictures of classes.
   *
   * @param classes of each picture, from 0 to below {@code count}
   * @param count how many classes there are, 2 or more
   */
  public static Prior train(
      PriorSettings settings,
      float[] pictures,
      Shape shape,
      int[] classes,
      int count,
      Run run,
      Optional<Path> folder) {
    check(
        classes.length >= 2, "a prior needs 2 pictures at least, but there are %d", classes.length);
    for (int i = 0; i < classes.length; i++) {
      check(
          classes[i] >= 0 && classes[i] < Math.max(1, count),
          "picture %d is of class %d, but there are %d classes",
          i,
          classes[i],
          count);
    }
    // What holds numbers that are not finite is refused here, by its row.
    Examples.ofClasses(Architecture.INPUT, pictures, shape, classes);
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float number : pictures) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    PictureSpace space = new PictureSpace(shape, low, high, count);
    return new PriorTraining(
            settings, space, unit(pictures, low, high, shape, classes), run, folder)
        .prior();
  }

  /** The pictures scaled to numbers from 0 to 1. */
  private static Examples unit(
      float[] pictures, float low, float high, Shape shape, int[] classes) {
    float[] scaled = pictures;
    if (low != 0 || high != 1) {
      scaled = new float[pictures.length];
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (((double) pictures[i] - low) / ((double) high - low));
      }
    }
    return Examples.ofClasses(Architecture.INPUT, scaled, shape, classes);
  }
}
