package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;

/**
 * How the pictures of a prior are brought to agree with the part that is known of them.
 *
 * @param pixels the known part
 * @param agreement weight of the distance from it in what is searched
 * @param fitting steps by which drawn vectors are fitted to it before the target is asked
 */
public record Completing(
    KnownPixels pixels,
    @Setting(
            "weight of the known pixels' squared error, a mean over the picture in widths of its range")
        double agreement,
    @Setting("steps that fit drawn pictures to the known pixels before the model is asked")
        int fitting) {
  /** Nothing is known. */
  public static final Completing NONE = new Completing(KnownPixels.NONE, 100, 200);

  public Completing {
    inRange("--agreement", agreement, 0, 1e9);
    inRange("--fitting", fitting, 0, 1_000_000);
  }
}
