package io.afterimage.attack.inversion.picture;

import io.afterimage.data.Planes;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** A target's rows as [n, channels, height, width], and back. */
public record Raster(Planes planes) {
  public Tensor pictures(Tensor rows) {
    return planes.channelsLast()
        ? rows.reshape(-1, planes.height(), planes.width(), planes.channels()).permute(0, 3, 1, 2)
        : rows.reshape(-1, planes.channels(), planes.height(), planes.width());
  }

  /** The opposite, in the shape of these rows. */
  public Tensor rows(Tensor pictures, Tensor like) {
    Tensor ordered = planes.channelsLast() ? pictures.permute(0, 2, 3, 1) : pictures;
    return ordered.reshape(like.shape());
  }

  /**
   * All pictures moved alike, at random; what leaves on one side comes in on the other.
   *
   * @param reach pixels by which they are moved at most
   */
  public Tensor shifted(Tensor rows, int reach, RandomGenerator random) {
    int down = random.nextInt(-reach, reach + 1);
    int right = random.nextInt(-reach, reach + 1);
    return reach == 0 ? rows : rows(rolled(rolled(pictures(rows), 2, down), 3, right), rows);
  }

  private static Tensor rolled(Tensor pictures, int axis, int by) {
    long extent = pictures.size(axis);
    long[] from = new long[Math.toIntExact(extent)];
    Arrays.setAll(from, i -> Math.floorMod(i - by, extent));
    return by == 0 ? pictures : Indexing.indexSelect(pictures, axis, Tensors.of(from, extent));
  }
}
