package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.cli.BadFiles.Wrong;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Folders that a run cannot be written to. */
class BadFoldersTest extends Refusals {
  static Stream<Wrong> outs() {
    return Stream.of(
        new Wrong("a file", f -> Files.writeString(f.resolve("taken"), "x"), "taken"),
        new Wrong(
            "under a file", f -> Files.writeString(f.resolve("file"), "x").resolve("run"), "file"),
        new Wrong("where nobody may write", f -> Path.of("/proc/afterimage"), "/proc/afterimage"),
        new Wrong("another run", BadFiles::finished, "--out"));
  }

  @ParameterizedTest
  @MethodSource("outs")
  void foldersThatCannotBeWritten(Wrong wrong) throws IOException {
    Path out = wrong.made().in(folder);
    assertRefused(audit(Irises.MODEL, members(), others(), out), wrong.named());
  }

  @Test
  void aFullDisk() throws Exception {
    Path disk = Files.createDirectories(folder.resolve("disk"));
    Assumptions.assumeTrue(
        Forked.succeeds("mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", disk.toString()),
        "no right to mount a small disk");
    try {
      List<String> arguments = audit(Irises.MODEL, members(), others(), disk.resolve("run"));
      Ended ended = Ended.of(arguments.toArray(String[]::new));
      assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
      assertThat(ended.err().strip().lines().toList())
          .last()
          .asString()
          .contains("cannot write", "No space left", "--out");
      assertThat(disk.resolve("run/report.json")).doesNotExist();
    } finally {
      Forked.succeeds("umount", disk.toString());
    }
  }
}
