package io.afterimage.judge;

import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The part of pictures that an adversary did not know beforehand. Pixels that were known are in the
 * reconstruction as they were given, so that nothing but this part tells how well it was rebuilt.
 */
final class Unknown {
  private final int size;
  private final int[] places;

  /**
   * @param size numbers of a picture
   * @param known where the known ones stand; some must be unknown
   */
  Unknown(int size, int[] known) {
    boolean[] given = new boolean[size];
    Arrays.stream(known).forEach(place -> given[place] = true);
    this.size = size;
    this.places = IntStream.range(0, size).filter(place -> !given[place]).toArray();
  }

  /** Of one picture: all of it where nothing was known. */
  float[] of(float[] picture) {
    if (places.length == size) {
      return picture;
    }
    float[] part = new float[places.length];
    for (int i = 0; i < part.length; i++) {
      part[i] = picture[places[i]];
    }
    return part;
  }

  /** Of each of these pictures, as rows of that many numbers. */
  Pictures of(Pictures pictures) {
    return places.length == size
        ? pictures
        : new Pictures(
            new Shape(places.length),
            pictures.pixels().stream().map(this::of).toList(),
            pictures.classes(),
            pictures.rows());
  }
}
