package io.afterimage.bench;

import io.afterimage.data.Shape;
import io.afterimage.train.Architecture;
import io.afterimage.train.Examples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** The Location-30 rows: 446 truth values and one of 30 classes each. */
record Location(float[] x, int[] classes) {
  static final int COLUMNS = 446;
  static final int CLASSES = 30;
  private static final int TAR_HEADER = 512;

  /** Reads the folder's archive, which holds one file. */
  static Location read(Path folder) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(folder.resolve("dataset_location.tgz")))) {
      byte[] header = in.readNBytes(TAR_HEADER);
      String size = new String(header, 124, 11, StandardCharsets.US_ASCII).strip();
      byte[] file = in.readNBytes(Integer.parseInt(size, 8));
      return of(new String(file, StandardCharsets.US_ASCII).lines().toList());
    }
  }

  private static Location of(List<String> lines) {
    float[] x = new float[lines.size() * COLUMNS];
    int[] classes = new int[lines.size()];
    for (int row = 0; row < classes.length; row++) {
      List<String> cells = List.of(lines.get(row).split(",", -1));
      classes[row] = Integer.parseInt(cells.get(0).replace("\"", "")) - 1;
      for (int column = 0; column < COLUMNS; column++) {
        x[row * COLUMNS + column] = Float.parseFloat(cells.get(column + 1));
      }
    }
    return new Location(x, classes);
  }

  Examples examples() {
    return Examples.ofClasses(Architecture.INPUT, x, new Shape(COLUMNS), classes);
  }
}
