package io.afterimage.cli;

import io.afterimage.report.Report;
import io.afterimage.report.ReportJson;
import io.afterimage.report.RunFolder;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Renders a saved run again. Loads no native library. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    header = "Renders a saved run again, in every format.")
final class ReportCommand implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "RUN", description = "The folder of a finished run.")
  private @Nullable Path folder;

  @Option(
      names = "--reveal",
      description = "Put people's values and pictures into report.html, blurred until clicked.")
  private boolean reveal;

  @Mixin private CommonOptions common = new CommonOptions();

  ReportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    RunFolder run = RunFolder.load(Objects.requireNonNull(folder));
    Report report = run.report();
    run.write(report, reveal);
    if (reveal && !common.quiet) {
      console.say("report.html now holds people's values and pictures; treat it as personal data");
    }
    if (common.json) {
      console.print(ReportJson.write(report).strip());
    } else {
      Closing.print(report, run.path(), console);
    }
    return ExitCode.OK;
  }
}
