package io.afterimage.cli;

import io.afterimage.base.BadInputException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The entry point: {@code afterimage COMMAND}. */
@Command(
    name = "afterimage",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    header = "Audits a trained model for what it gives away about the people in its training data.",
    description = {
      "",
      "For models that you are responsible for. An audit attacks the model as an adversary would, holds what came of"
          + " it against what is known without the model, and ends in a verdict.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 release, or success; 1 internal error; 2 bad usage or input; 3 release with conditions;"
          + " 4 do not release; 5 insufficient evidence; 130 stopped."
    },
    subcommands = {
      DemoCommand.class,
      AuditCommand.class,
      AttackCommand.class,
      TrainCommand.class,
      InspectCommand.class,
      ReportCommand.class
    })
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(run(Console.of(System.out, System.err), arguments));
  }

  /** Runs one command and returns what the process ends with. */
  static int run(Console console, String... arguments) {
    CommandLine line = line(console);
    try {
      specFile(arguments)
          .ifPresent(
              file ->
                  Objects.requireNonNull(line.getSubcommands().get("audit"))
                      .setDefaultValueProvider(SpecFile.read(Path.of(file))));
    } catch (BadInputException e) {
      console.error(String.valueOf(e.getMessage()));
      return ExitCode.BAD_INPUT;
    }
    try {
      return line.setCaseInsensitiveEnumValuesAllowed(true)
          .setAbbreviatedOptionsAllowed(false)
          .setUsageHelpAutoWidth(true)
          .setParameterExceptionHandler(new Failures(console))
          .setExecutionExceptionHandler(new Failures(console))
          .execute(arguments);
    } catch (OutOfMemoryError e) {
      console.error(
          "the input does not fit into %d MB of memory; give more with AFTERIMAGE_JAVA_OPTIONS=-Xmx8g"
              .formatted(Runtime.getRuntime().maxMemory() >> 20));
      return ExitCode.BAD_INPUT;
    }
  }

  static CommandLine line(Console console) {
    return new CommandLine(new Main(), new CommandFactory(console));
  }

  // Read before the options are: what stands in the file are their defaults.
  private static Optional<String> specFile(String... arguments) {
    boolean given =
        arguments.length > 1 && arguments[0].equals("audit") && !arguments[1].startsWith("-");
    return given ? Optional.of(arguments[1]) : Optional.empty();
  }
}
