package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Pictures of which the adversary knows some pixels.
 *
 * @param pixels one picture for all classes, or one for each, row after row
 * @param known 1 where a pixel is known, else 0; the same for all pictures
 */
public record Partial(float[] pixels, float[] known) {

  /**
   * Reads both from array files.
   *
   * @param shape of one picture; only its size must agree
   */
  public static Partial read(Path pictures, Path known, Shape shape, int classes) {
    float[] pixels = rows("--partial", pictures, shape);
    int count = pixels.length / shape.size();
    check(
        count == 1 || count == classes,
        "--partial must hold 1 picture, or one for each of the %d classes, but holds %d",
        classes,
        count);
    float[] mask = rows("--known", known, shape);
    check(
        mask.length == shape.size(),
        "--known must hold 1 picture, but holds %d",
        mask.length / shape.size());
    int marked = 0;
    for (int i = 0; i < mask.length; i++) {
      mask[i] = mask[i] > 0 ? 1 : 0;
      marked += mask[i] > 0 ? 1 : 0;
    }
    check(
        marked > 0 && marked < mask.length,
        "--known must mark 1 to %d pixels as known, but marks %d",
        mask.length - 1,
        marked);
    return new Partial(pixels, mask);
  }

  private static float[] rows(String option, Path file, Shape shape) {
    Column input =
        DataReader.read(Map.of(option, file), ReadOptions.defaults()).get(option).inputs().get(0);
    check(
        input instanceof Column.Array array && array.shape().size() == shape.size(),
        "%s must be an array file with rows of %s numbers (.npy)",
        option,
        shape);
    return ((Column.Array) input).values().clone();
  }

  /** Where the known pixels stand in a picture, ascending. */
  public int[] places() {
    return IntStream.range(0, known.length).filter(i -> known[i] == 1).toArray();
  }

  /** Whether every class has a picture of its own. */
  boolean differsByClass() {
    return pixels.length > known.length;
  }

  /** Writes the known pixels of a class into its picture, which begins at this place. */
  public void draw(float[] pictures, int offset, int subject) {
    int from = differsByClass() ? subject * known.length : 0;
    for (int i = 0; i < known.length; i++) {
      if (known[i] == 1) {
        pictures[offset + i] = pixels[from + i];
      }
    }
  }

  /** The mean squared difference of a picture, which begins at this place, from what is known. */
  double error(float[] pictures, int offset, int subject) {
    int from = differsByClass() ? subject * known.length : 0;
    double sum = 0;
    int count = 0;
    for (int i = 0; i < known.length; i++) {
      if (known[i] == 1) {
        double apart = (double) pictures[offset + i] - pixels[from + i];
        sum += apart * apart;
        count++;
      }
    }
    return sum / count;
  }
}
