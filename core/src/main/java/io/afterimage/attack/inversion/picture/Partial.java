package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.ReadOptions;
import io.afterimage.data.Shape;
import java.nio.file.Path;
import java.util.Map;

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
    for (int i = 0; i < mask.length; i++) {
      mask[i] = mask[i] > 0 ? 1 : 0;
    }
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

  /** Writes the known pixels of a class into its picture. */
  public void draw(float[] picture, int subject) {
    int from = pixels.length == picture.length ? 0 : subject * picture.length;
    for (int i = 0; i < picture.length; i++) {
      if (known[i] == 1) {
        picture[i] = pixels[from + i];
      }
    }
  }
}
