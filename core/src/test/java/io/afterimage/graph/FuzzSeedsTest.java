package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** In every build: the fuzzers' seeds, what they found once, and a few thousand fresh draws. */
@ExtendWith(NoLeakedTensors.class)
class FuzzSeedsTest {
  private static final Path SEEDS =
      Path.of(
          System.getProperty("afterimage.root"),
          "core/src/test/resources/io/afterimage/graph/HostileModelFuzzTestInputs");
  private static final int DRAWS = 2000;
  private static final int BYTES = 96;

  private static List<Path> seeds(String target) throws IOException {
    try (Stream<Path> files = Files.list(SEEDS.resolve(target))) {
      return files.sorted().toList();
    }
  }

  @Test
  void seedsAreParsedOrRefusedInOneLine() throws IOException {
    for (Path seed : seeds("parse")) {
      FuzzTargets.parse(Files.readAllBytes(seed));
    }
  }

  @Test
  void seedsAreExecutedOrRefusedInOneLine() throws IOException {
    for (Path seed : seeds("parse")) {
      FuzzTargets.executeModel(Files.readAllBytes(seed));
    }
    for (Path seed : seeds("execute")) {
      FuzzTargets.execute(Files.readAllBytes(seed));
    }
  }

  @Test
  void damagedModelsAreCheckedOrRefusedInOneLine() {
    assertBothOccur(FuzzTargets::check);
  }

  @Test
  void damagedModelsAreExecutedOrRefusedInOneLine() {
    assertBothOccur(FuzzTargets::execute);
  }

  private static void assertBothOccur(Predicate<byte[]> target) {
    int accepted = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      RandomGenerator random = Run.of(draw).random("fuzz");
      byte[] script = new byte[BYTES];
      random.nextBytes(script);
      if (target.test(script)) {
        accepted++;
      }
    }
    assertThat(accepted).isBetween(DRAWS / 10, DRAWS * 9 / 10);
  }
}
