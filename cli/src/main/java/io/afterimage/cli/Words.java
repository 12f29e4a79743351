package io.afterimage.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** The words that were typed, for the report's line that replays the run. */
final class Words {
  private Words() {}

  static List<String> typed(@Nullable CommandSpec command) {
    List<String> words = new ArrayList<>(List.of("afterimage"));
    if (command != null) {
      words.addAll(command.root().commandLine().getParseResult().originalArgs());
    }
    return words;
  }
}
