package io.afterimage.attack.membership;

import io.afterimage.attack.common.NumericSpace;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Rows that a classifier should name as it names the row that they are copies of. */
interface Copies {
  /** How many there are of each row, the row itself not counted. */
  int count();

  /** All copies of the rows from one up to but without another, one row's after another's. */
  Dataset of(Dataset rows, int from, int to);

  /** Whose copies stand in {@link #of}: each row's number as often as it has copies. */
  default int[] originals(int from, int to) {
    return IntStream.range(0, (to - from) * count()).map(i -> from + i / count()).toArray();
  }

  /** Pictures moved and mirrored; other rows with noise. */
  static Copies of(
      Dataset rows, NumericSpace space, MembershipLabelOnly.Settings settings, Run run) {
    return PictureCopies.suit(rows)
        ? PictureCopies.of(settings.shift(), settings.flip())
        : new Noisy(space, settings.copies(), settings.deviation(), run);
  }

  /** With Gaussian noise on their numbers. */
  record Noisy(NumericSpace space, int count, double deviation, Run run) implements Copies {
    @Override
    public Dataset of(Dataset rows, int from, int to) {
      int[] originals = originals(from, to);
      double[][] points = new double[originals.length][];
      for (int row = from; row < to; row++) {
        RandomGenerator random = run.random("copies of " + rows.id(row));
        double[] centre = space.point(rows, row);
        for (int i = 0; i < count; i++) {
          double[] point = new double[centre.length];
          Arrays.setAll(point, k -> centre[k] + deviation * random.nextGaussian());
          points[(row - from) * count + i] = point;
        }
      }
      return space.rowsAt(rows, originals, points);
    }
  }
}
