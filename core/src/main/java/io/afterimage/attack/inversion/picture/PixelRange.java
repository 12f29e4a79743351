package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import java.util.OptionalDouble;

/**
 * Between what the pixels of a picture lie.
 *
 * @param low least value of a pixel
 * @param high greatest value of a pixel
 */
public record PixelRange(
    @Setting("least value of a pixel; by default the least in the adversary's own data")
        OptionalDouble low,
    @Setting("greatest value of a pixel; by default the greatest in the adversary's own data")
        OptionalDouble high) {
  /** As the adversary's own data show it. */
  public static final PixelRange AS_SEEN =
      new PixelRange(OptionalDouble.empty(), OptionalDouble.empty());

  public PixelRange {
    inRange("--low", low.orElse(0), -1e9, 1e9);
    inRange("--high", high.orElse(0), -1e9, 1e9);
    check(
        low.isEmpty() || high.isEmpty() || low.getAsDouble() < high.getAsDouble(),
        "--low must be below --high, but they are %s and %s",
        low.orElse(0),
        high.orElse(0));
  }
}
