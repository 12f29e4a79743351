package io.afterimage.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The words that were typed, and those to type. */
final class Words {
  /** What the program is called in records, wherever it lies. */
  static final String PROGRAM = "afterimage";

  private Words() {}

  /** What starts the program from this folder, as the launcher was called. */
  static String launcher() {
    return Objects.requireNonNullElse(System.getenv("AFTERIMAGE_LAUNCHER"), PROGRAM);
  }

  /** The words that were typed, for the report's line that replays the run. */
  static List<String> typed(@Nullable CommandSpec command) {
    List<String> words = new ArrayList<>(List.of(PROGRAM));
    if (command != null) {
      words.addAll(command.root().commandLine().getParseResult().originalArgs());
    }
    return words;
  }
}
