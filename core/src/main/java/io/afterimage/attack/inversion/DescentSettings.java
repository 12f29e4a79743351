package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;

/**
 * How a {@link FeatureDescent} goes. Pixels are measured from the middle of their range in halves
 * of its width, so that the range's ends are -1 and 1.
 *
 * @param steps at most so many
 * @param stepLength of the first step
 * @param momentum share of the last step that is taken again
 * @param standstill steps without a lower cost after which steps become shorter
 * @param alphaNorm weight of the mean sixth power of the pixels
 * @param totalVariation weight of the mean squared difference of neighbours
 * @param together pictures side by side
 */
record DescentSettings(
    @Setting("descent: at most so many steps") int steps,
    @Setting("descent: length of the first step, root mean square, in widths of the pixels' range")
        double stepLength,
    @Setting("descent: share of the last step that is taken again, below 1") double momentum,
    @Setting("descent: steps without a lower cost, after which they become ten times shorter")
        int standstill,
    @Setting("descent: weight of the pixels' mean sixth power, which keeps them in their range")
        double alphaNorm,
    @Setting("descent: weight of the mean squared difference of neighbouring pixels, in pictures")
        double totalVariation,
    @Setting("descent: at most so many pictures side by side; bounds memory") int together) {
  DescentSettings {
    inRange("--steps", steps, 1, 1_000_000);
    above("--step-length", stepLength, 0, 10);
    inRange("--momentum", momentum, 0, 0.999);
    inRange("--standstill", standstill, 1, 1_000_000);
    inRange("--alpha-norm", alphaNorm, 0, 1e9);
    inRange("--total-variation", totalVariation, 0, 1e9);
    inRange("--together", together, 1, 100_000);
  }

  /** So many steps at most, and the rest as it serves most layers of small pictures. */
  static DescentSettings of(int steps) {
    return new DescentSettings(steps, 0.01, 0.9, 20, 0.01, 0.1, 256);
  }
}
