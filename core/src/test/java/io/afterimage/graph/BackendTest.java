package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The ONNX backend suite, executed by the interpreter. */
@ExtendWith(NoLeakedTensors.class)
class BackendTest {
  private static final Path ZIP =
      Path.of(System.getProperty("afterimage.shared"), "data", "onnx-backend", "tests.zip");

  /** How many tests failed when this was last extended; a change must not lose one. */
  private static final int FAILED = 686;

  @Test
  void agreesWithTheSuiteOnEveryOperatorThatItKnows() throws IOException {
    assumeTrue(Files.exists(ZIP), "data set onnx-backend is absent");
    Map<String, String> failures = new TreeMap<>();
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      for (BackendCase test : BackendCase.all(zip)) {
        test.failure().ifPresent(reason -> failures.put(test.name(), reason));
      }
    }
    assertThat(failures).hasSizeLessThanOrEqualTo(FAILED);
  }
}
