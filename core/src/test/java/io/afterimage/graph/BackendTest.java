package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The ONNX backend suite, executed by the interpreter. Each of its tests agrees with the expected
 * outputs within the suite's own tolerance, or stands in {@code conformance.txt} with the reason
 * why it does not, one line a test: {@code test_name: reason}, in the order of the names.
 *
 * <p>Where the list is wrong, the list that would be right is written to {@code
 * target/conformance.txt}: with the reasons that stand in the present one, and for tests that are
 * not in it what the interpreter said, to be looked into and worded.
 */
@ExtendWith(NoLeakedTensors.class)
class BackendTest {
  private static final Path ZIP =
      Path.of(System.getProperty("afterimage.shared"), "data", "onnx-backend", "tests.zip");

  /** The newest operator set that the ONNX Runtime in use accepts. */
  private static final long NEWEST = 26;

  private static final Path NEEDED = Path.of("target", "conformance.txt");

  /** What became of a test: why it failed; empty where it agreed. */
  private record Outcome(String kind, long opset, String failure) {
    static Outcome of(BackendCase test) {
      return new Outcome(test.kind(), test.opset(), test.failure().orElse(""));
    }

    boolean agreed() {
      return failure.isEmpty();
    }

    String reason() {
      return opset > NEWEST
          ? "opset %d is newer than %d, the newest that ONNX Runtime accepts"
              .formatted(opset, NEWEST)
          : failure;
    }
  }

  /** The suite is executed once for all tests of this class. */
  private static final class Suite {
    static final Map<String, Outcome> OUTCOMES = execute();

    private static Map<String, Outcome> execute() {
      try (ZipFile zip = new ZipFile(ZIP.toFile())) {
        Map<String, Outcome> outcomes = new TreeMap<>();
        BackendCase.all(zip).forEach(test -> outcomes.put(test.name(), Outcome.of(test)));
        return outcomes;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void needsTheSuite() {
    assumeTrue(Files.exists(ZIP), "data set onnx-backend is absent");
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        requireNonNull(BackendTest.class.getResourceAsStream("/conformance.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  private static Map<String, String> listed() throws IOException {
    return lines().stream()
        .collect(
            Collectors.toMap(
                line -> line.substring(0, line.indexOf(": ")),
                line -> line.substring(line.indexOf(": ") + 2)));
  }

  private static double share(Predicate<Outcome> which) {
    return Suite.OUTCOMES.values().stream()
        .filter(which)
        .mapToInt(o -> o.agreed() ? 1 : 0)
        .average()
        .orElse(0);
  }

  @Test
  void everyTestAgreesOrIsListedWithAReason() throws IOException {
    Map<String, String> listed = listed();
    List<String> wrong = new ArrayList<>();
    Map<String, String> needed = new TreeMap<>();
    Suite.OUTCOMES.forEach(
        (name, outcome) -> {
          if (!outcome.agreed()) {
            needed.put(name, listed.getOrDefault(name, outcome.reason()));
          }
          if (outcome.agreed() && listed.containsKey(name)) {
            wrong.add(name + " agrees now: it must leave the list");
          }
          if (!outcome.agreed() && !listed.containsKey(name)) {
            wrong.add(name + " is not listed: " + outcome.failure());
          }
        });
    listed.keySet().stream()
        .filter(name -> !Suite.OUTCOMES.containsKey(name))
        .forEach(name -> wrong.add(name + " is listed, but the suite has no such test"));
    if (!wrong.isEmpty()) {
      Files.createDirectories(NEEDED.getParent());
      Files.write(
          NEEDED, needed.entrySet().stream().map(e -> e.getKey() + ": " + e.getValue()).toList());
    }
    assertThat(wrong).as("the list that is needed was written to %s", NEEDED).isEmpty();
  }

  @Test
  void theListIsSortedAndGivesReasons() throws IOException {
    assertThat(lines())
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(line -> line.matches("test_\\w+: \\S.*"));
  }

  @Test
  void nineTenthsOfTheNodeTestsOfSupportedOperatorSetsAgree() {
    Predicate<Outcome> which = o -> o.kind().equals("node") && o.opset() <= NEWEST;
    assertThat(Suite.OUTCOMES.values().stream().filter(which)).hasSize(1595);
    assertThat(share(which)).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void nineTenthsOfTheSimpleTestsAgree() {
    assertThat(share(o -> o.kind().equals("simple"))).isGreaterThanOrEqualTo(0.9);
  }

  @Test
  void everyTestConvertedFromPyTorchAgrees() {
    assertThat(share(o -> o.kind().startsWith("pytorch-"))).isEqualTo(1);
  }
}
