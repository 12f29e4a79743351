package io.afterimage.cli;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import java.io.PrintStream;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Every failure becomes one line that says what, where and what to do; the stack only with
 * --verbose.
 */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {
  private final Console console;

  Failures(Console console) {
    this.console = console;
  }

  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    String command = failure.getCommandLine().getCommandSpec().qualifiedName();
    console.error(firstLine(failure) + suggestion(failure) + " (see '" + command + " --help')");
    return ExitCode.BAD_INPUT;
  }

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed) {
    if (parsed.hasMatchedOption("--verbose")) {
      failure.printStackTrace(new PrintStream(console.err(), true));
    }
    if (failure instanceof BadInputException) {
      console.error(firstLine(failure));
      return ExitCode.BAD_INPUT;
    }
    if (failure instanceof CancelledException) {
      return ExitCode.CANCELLED; // said where it was caught, before the process is gone
    }
    console.error(
        "internal error: %s: %s (run again with --verbose and report what it prints)"
            .formatted(failure.getClass().getSimpleName(), firstLine(failure)));
    return ExitCode.INTERNAL;
  }

  private static String suggestion(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      var suggestions = unmatched.getSuggestions();
      return suggestions.isEmpty() ? "" : "; did you mean " + suggestions.get(0) + "?";
    }
    return "";
  }

  private static String firstLine(Throwable failure) {
    String message = failure.getMessage();
    return message == null ? "no message" : message.lines().findFirst().orElse("no message");
  }
}
