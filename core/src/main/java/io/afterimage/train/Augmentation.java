package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

/**
 * How pictures vary from epoch to epoch.
 *
 * @param shift pixels by which a picture may move each way, black coming in: a crop of the padded
 *     picture; 0 for none
 * @param flip whether half of them are mirrored left to right
 */
public record Augmentation(int shift, boolean flip) {
  private static final int FARTHEST = 1 << 12;

  /** Pictures as they are. */
  public static final Augmentation NONE = new Augmentation(0, false);

  public Augmentation {
    inRange("--shift", shift, 0, FARTHEST);
  }
}
