package io.afterimage.attack.inversion;

import io.afterimage.data.Planes;
import io.afterimage.tensor.Tensor;

/** A target's rows as [n, channels, height, width], and back. */
record Raster(Planes planes) {
  Tensor pictures(Tensor rows) {
    return planes.channelsLast()
        ? rows.reshape(-1, planes.height(), planes.width(), planes.channels()).permute(0, 3, 1, 2)
        : rows.reshape(-1, planes.channels(), planes.height(), planes.width());
  }

  /** The opposite, in the shape of these rows. */
  Tensor rows(Tensor pictures, Tensor like) {
    Tensor ordered = planes.channelsLast() ? pictures.permute(0, 2, 3, 1) : pictures;
    return ordered.reshape(like.shape());
  }
}
