package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.Setting;
import io.afterimage.data.Shape;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where it stands which part of pictures the adversary knows.
 *
 * @param partial the partly known pictures
 * @param known which of their pixels are known
 */
public record KnownPixels(
    @Setting("array file with a partly known picture, one for all classes or one each")
        Optional<Path> partial,
    @Setting("array file of the picture's shape: above 0 where the pixel is known and stays")
        Optional<Path> known) {
  /** No part of any picture is known. */
  public static final KnownPixels NONE = new KnownPixels(Optional.empty(), Optional.empty());

  public KnownPixels {
    check(partial.isPresent() == known.isPresent(), "--partial and --known need each other");
  }

  /**
   * Reads the pictures.
   *
   * @param shape of one
   */
  public Optional<Partial> read(Shape shape, int classes) {
    return partial.map(file -> Partial.read(file, known.orElseThrow(), shape, classes));
  }
}
