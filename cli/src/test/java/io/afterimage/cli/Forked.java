package io.afterimage.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Commands in a process of their own, for what a test cannot do to its own. */
record Forked(Process process, Path out, Path err) {
  private static final int MINUTES = 3;

  /** Starts a command with one option of the JVM's. */
  static Forked start(String option, List<String> arguments) throws IOException {
    List<String> words =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), option));
    words.addAll(List.of("-Djava.awt.headless=true", "io.afterimage.cli.Main"));
    words.addAll(arguments);
    Path out = Files.createTempFile("forked", ".out");
    Path err = Files.createTempFile("forked", ".err");
    ProcessBuilder builder = new ProcessBuilder(words);
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    builder.environment().put("OMP_WAIT_POLICY", "PASSIVE");
    return new Forked(
        builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start(), out, err);
  }

  /** Runs a command to its end. */
  static Ended run(String option, List<String> arguments) throws IOException, InterruptedException {
    return start(option, arguments).ended();
  }

  /** Whether a command of the system's ends well. */
  static boolean succeeds(String... words) throws InterruptedException {
    try {
      return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Waits until it has printed this to standard error. */
  void awaitRemark(String text) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(MINUTES);
    while (!Files.readString(err).contains(text)) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError("no '%s' in: %s".formatted(text, Files.readString(err)));
      }
      Thread.sleep(50);
    }
  }

  /**
   * Ends it as Ctrl-C does; skips the test where there is no way to. What a shell started in the
   * background without job control ignores Ctrl-C, and so does all that it starts: tests are run in
   * the foreground.
   */
  Ended interrupted() throws IOException, InterruptedException {
    Assumptions.assumeTrue(
        succeeds("kill", "-INT", Long.toString(process.pid())), "there is no kill here");
    return ended();
  }

  Ended ended() throws IOException, InterruptedException {
    if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("still running after %d minutes".formatted(MINUTES));
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}
