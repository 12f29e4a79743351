package io.afterimage.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Rows like Fisher's irises: four numbers, three classes around their own means. */
final class Irises {
  private static final double[][] MEANS = {
    {5.0, 3.4, 1.5, 0.2}, {5.9, 2.8, 4.3, 1.3}, {6.6, 3.0, 5.6, 2.0}
  };

  private Irises() {}

  static final Path MODEL =
      Path.of(
          System.getProperty("afterimage.root"),
          "core/src/test/resources/fixtures/sklearn-logistic.onnx");

  /** The head and so many rows. */
  static List<String> lines(long seed, int rows) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    List<String> lines = new ArrayList<>(List.of("a,b,c,d,species"));
    for (int row = 0; row < rows; row++) {
      StringBuilder line = new StringBuilder();
      for (double mean : MEANS[row % 3]) {
        line.append(Math.round(1000 * (mean + 0.3 * random.nextGaussian())) / 1000.0).append(',');
      }
      lines.add(line.append(row % 3).toString());
    }
    return lines;
  }

  static Path file(Path file, long seed, int rows) {
    try {
      return Files.write(file, lines(seed, rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
