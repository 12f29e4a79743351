package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever a user can get wrong ends with exit code 2 and one line that names what, where and what
 * to do: within seconds, without a stack trace, and without a report.
 */
abstract class Refusals {
  private static final Duration SECONDS = Duration.ofSeconds(20);

  @TempDir Path folder;

  final void assertRefused(List<String> arguments, String... named) {
    Instant started = Instant.now();
    assertRefused(Ended.of(arguments.toArray(String[]::new)), started, named);
  }

  final void assertRefused(Ended ended, Instant started, String... named) {
    assertThat(Duration.between(started, Instant.now())).isLessThan(SECONDS);
    assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err().strip())
        .hasLineCount(1)
        .startsWith("afterimage: ")
        .contains(named)
        .doesNotContain("internal error", "\tat ", "Exception");
    assertThat(ended.err().length()).as(ended.err()).isLessThan(700);
    assertThat(folder.resolve("run/report.json")).doesNotExist();
  }

  final Path members() {
    return Irises.file(folder.resolve("members.csv"), 1, 60);
  }

  final Path others() {
    return Irises.file(folder.resolve("others.csv"), 2, 60);
  }

  /** The words of an audit in which nothing is wrong. */
  final List<String> audit() {
    return audit(Irises.MODEL, members(), others(), folder.resolve("run"));
  }

  final List<String> audit(Path model, Path members, Path nonmembers, Path out) {
    List<String> words = new ArrayList<>(List.of("audit", "--model", model.toString()));
    words.addAll(List.of("--members", members.toString()));
    words.addAll(List.of("--nonmembers", nonmembers.toString()));
    words.addAll(List.of("--label", "species", "--out", out.toString()));
    return words;
  }
}
