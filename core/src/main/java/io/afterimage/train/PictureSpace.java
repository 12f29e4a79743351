package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The pictures that a generator makes and a critic judges.
 *
 * @param shape of one: height x width, or with 1 or 3 channels first or last; each side 8 to 4096
 * @param low the least number that a picture holds
 * @param high the greatest, above {@code low}
 * @param classes how many classes they are of, 2 or more; 0 where classes are not told apart
 */
public record PictureSpace(Shape shape, double low, double high, int classes) {
  private static final int LEAST_SIDE = 8;
  private static final int GREATEST_SIDE = 4096;
  private static final int MOST_CLASSES = 1 << 20;
  private static final int MOST_STAGES = 5;

  public PictureSpace {
    requirePicture(shape);
    check(
        Double.isFinite(low) && Double.isFinite(high) && low < high,
        "pictures must span a range, but all their numbers lie between %s and %s",
        low,
        high);
    check(classes != 1, "a prior needs 2 classes to tell apart, or 0 for none, but has 1");
    inRange("classes", classes, 0, MOST_CLASSES);
  }

  /**
   * The space that pictures span.
   *
   * @param pictures picture after picture
   * @param classes how many they are of; 0 where classes are not told apart
   */
  public static PictureSpace of(float[] pictures, Shape shape, int classes) {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float number : pictures) {
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    return new PictureSpace(shape, low, high, classes);
  }

  /** Throws a BadInputException unless a prior can make pictures of this shape. */
  static void requirePicture(Shape shape) {
    Optional<Planes> planes = Planes.of(shape).filter(p -> p.channels() == 1 || p.channels() == 3);
    check(planes.isPresent(), "a prior makes pictures of 1 or 3 channels, but a row is %s", shape);
    inRange("height of a picture", planes.orElseThrow().height(), LEAST_SIDE, GREATEST_SIDE);
    inRange("width of a picture", planes.orElseThrow().width(), LEAST_SIDE, GREATEST_SIDE);
  }

  /** Whether its numbers lie between 0 and 1. */
  boolean isUnit() {
    return low == 0 && high == 1;
  }

  /** The same pictures scaled to numbers from 0 to 1, in which networks learn. */
  PictureSpace unit() {
    return new PictureSpace(shape, 0, 1, classes);
  }

  /** How the numbers of a row make a picture. */
  Planes planes() {
    return Planes.of(shape).orElseThrow();
  }

  /**
   * The picture's sides (height, width) and those of its halves, down to the last that are at least
   * 4 long.
   */
  List<int[]> sides() {
    List<int[]> sides = new ArrayList<>();
    int height = planes().height();
    int width = planes().width();
    sides.add(new int[] {height, width});
    while (Math.min(height, width) >= LEAST_SIDE && sides.size() <= MOST_STAGES) {
      height = PictureLayers.half(height);
      width = PictureLayers.half(width);
      sides.add(new int[] {height, width});
    }
    return sides;
  }
}
