package io.afterimage.cli;

import io.afterimage.base.CancelledException;
import io.afterimage.base.Run;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Trains small models on bundled data, audits, defends, and audits again. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Trains small models on bundled public data, audits, defends, audits again.",
    description = {
      "",
      "Writes models and data into --out as ordinary files and audits them as a stranger would, with"
          + " the commands that it prints. No threshold is loosened: the verdicts are what comes"
          + " out. Takes less than a minute on two cores.",
      ""
    })
final class DemoCommand implements Callable<Integer> {
  private final Console console;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "afterimage-demo",
      description = "A new or empty folder for everything. Default: ${DEFAULT-VALUE}.")
  private Path out = Path.of("afterimage-demo");

  @Mixin private CommonOptions common = new CommonOptions();

  DemoCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Interruption interruption = new Interruption();
        TerminalProgress progress = new TerminalProgress(console.err())) {
      Run run = common.run(progress, interruption.requested());
      summarise(new Demo(out, run, this::tell).run());
      return ExitCode.OK;
    } catch (CancelledException e) {
      console.error("stopped; delete %s before the demo is run again".formatted(out));
      return ExitCode.CANCELLED;
    }
  }

  private void tell(String line) {
    if (!common.quiet) {
      if (common.json) {
        console.say(line);
      } else {
        console.print(line);
      }
    }
  }

  private void summarise(List<DemoResult> results) {
    if (common.json) {
      Summary summary = new Summary(common.seed, results.stream().map(DemoResult::told).toList());
      console.print(
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(summary));
    } else {
      console.print("");
      console.print("Summary");
      results.forEach(result -> DemoStory.summary(result).forEach(console::print));
    }
  }

  /** The result of {@code --json}. */
  private record Summary(long seed, List<DemoResult.Told> audits) {}
}
