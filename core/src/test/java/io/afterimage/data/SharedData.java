package io.afterimage.data;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** Real data beside the repository; a test that needs a set that is not there is skipped. */
final class SharedData {
  private SharedData() {}

  static Path file(String set, String name) {
    Path path = Path.of(System.getProperty("afterimage.shared"), "data", set, name);
    Assumptions.assumeTrue(Files.exists(path), "data set " + set + " is not here");
    return path;
  }
}
