package io.afterimage.bench;

import io.afterimage.base.BadInputException;
import io.afterimage.base.OutputFile;
import java.io.IOException;
import java.nio.file.FileSystemException;

/** Starts a benchmark: what its user got wrong is told in one line. */
final class Usage {
  private static final int BAD_INPUT = 2;

  private Usage() {}

  /** What a benchmark does. */
  @FunctionalInterface
  interface Benchmark {
    void run() throws Exception;
  }

  /**
   * Runs it, or ends the process with 2 where words are missing or a file cannot be read.
   *
   * @param usage its words, the optional ones in brackets
   * @param least how many it needs
   */
  static void run(String usage, int least, String[] args, Benchmark benchmark) throws Exception {
    if (args.length < least) {
      end("%d of %d words are missing: %s".formatted(least - args.length, least, usage));
    }
    try {
      benchmark.run();
    } catch (FileSystemException e) {
      end("cannot use %s: %s; usage: %s".formatted(e.getFile(), OutputFile.reason(e), usage));
    } catch (BadInputException | IOException | NumberFormatException e) {
      end("%s; usage: %s".formatted(e.getMessage(), usage));
    }
  }

  private static void end(String line) {
    System.err.println(line);
    System.exit(BAD_INPUT);
  }
}
