package io.afterimage.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFileTest {
  @TempDir private Path folder;

  @Test
  void aFileHasThePermissionsThatTheUmaskGives() throws IOException {
    assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView("posix"),
        "this file system knows no POSIX permissions");
    Path plain = Files.createFile(folder.resolve("plain"));
    Path written = folder.resolve("written");
    OutputFile.write(written, "text");
    assertThat(Files.getPosixFilePermissions(written))
        .isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void whatFailsHalfwayLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("file");
    OutputFile.write(file, "old");
    OutputFile.Body broken =
        out -> {
          out.write('n');
          throw new IOException("no space left");
        };
    assertThatThrownBy(() -> OutputFile.write(file, broken))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "cannot write %s: no space left; free space there or give another folder with --out",
            file);
    assertThat(file).hasContent("old");
    assertThat(folder.toFile().list()).containsExactly("file");
  }

  @Test
  void ofSeveralWritersAtOnceOneWinsWhole() {
    Path file = folder.resolve("file");
    IntStream.range(0, 64)
        .parallel()
        .forEach(i -> OutputFile.write(file, Integer.toString(i % 10).repeat(10_000)));
    assertThat(file).content().matches("(\\d)\\1{9999}");
    assertThat(folder.toFile().list()).containsExactly("file");
  }
}
