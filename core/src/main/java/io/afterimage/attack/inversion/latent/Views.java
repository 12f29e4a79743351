package io.afterimage.attack.inversion.latent;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Raster;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * Pictures as they are shown to a target that is to know them however they are taken.
 *
 * @param shift pixels by which they are moved at most
 * @param jitter share of the range by which they are made lighter or darker at most, and of their
 *     contrast by which that is changed
 * @param views of a picture in a step
 */
public record Views(
    @Setting("pixels by which pictures are shifted at random, to each side") int shift,
    @Setting("by how much brightness and contrast are changed at random, as a share") double jitter,
    @Setting("views of each picture in a step") int views) {
  public Views {
    inRange("--shift", shift, 0, 1_000);
    inRange("--jitter", jitter, 0, 1);
    inRange("--views", views, 1, 1_000);
  }

  /**
   * One view, drawn for all pictures alike.
   *
   * @param range between whose ends numbers stay
   */
  Tensor one(Tensor rows, Raster raster, InputRange range, RandomGenerator random) {
    Tensor moved = raster.shifted(rows, shift, random);
    double contrast = 1 + jitter * (2 * random.nextDouble() - 1);
    double lighter = jitter * range.width() * (2 * random.nextDouble() - 1);
    Tensor seen = moved.sub(range.middle()).mul(contrast).add(range.middle() + lighter);
    return jitter == 0 ? moved : Maths.clamp(seen, range.low(), range.high());
  }
}
