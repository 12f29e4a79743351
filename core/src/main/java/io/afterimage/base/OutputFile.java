package io.afterimage.base;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes files whole or not at all, with the permissions that the user's umask gives; what the disk
 * refuses becomes one line that names the path.
 */
public final class OutputFile {
  private OutputFile() {}

  /** Writes what a file shall hold. */
  @FunctionalInterface
  public interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes a text as UTF-8. */
  public static void write(Path path, String text) {
    write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Writes a text that only the owner may read, where the file system knows owners. */
  public static void writeConfidential(Path path, String text) {
    write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)), OutputFile::forOwner);
  }

  /**
   * Writes beside the path first, so that a crash leaves the old file or none. Of several writers
   * at once, the last wins whole.
   */
  public static void write(Path path, Body body) {
    write(path, body, draft -> {});
  }

  /** Makes a file before anything is written into it. */
  @FunctionalInterface
  private interface Made {
    void at(Path draft) throws IOException;
  }

  private static void forOwner(Path draft) throws IOException {
    Files.createFile(draft);
    if (Files.getFileStore(draft).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(draft, PosixFilePermissions.fromString("rw-------"));
    }
  }

  private static void write(Path path, Body body, Made made) {
    Path draft =
        path.resolveSibling(".%s.%s.part".formatted(path.getFileName(), UUID.randomUUID()));
    try {
      made.at(draft);
      try (OutputStream out = Files.newOutputStream(draft)) {
        body.writeTo(out);
      }
      replace(draft, path);
    } catch (IOException e) {
      discard(draft, e);
      throw refused(path, e);
    } catch (RuntimeException e) {
      discard(draft, e);
      throw ofDisk(e).<RuntimeException>map(wrapped -> refused(path, wrapped)).orElse(e);
    }
  }

  /** What the disk refused, where a serialiser wrapped it. */
  private static Optional<IOException> ofDisk(Throwable e) {
    return Stream.iterate(e, Objects::nonNull, Throwable::getCause)
        .filter(IOException.class::isInstance)
        .map(IOException.class::cast)
        .findFirst();
  }

  private static void replace(Path draft, Path path) throws IOException {
    try {
      Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(draft, path, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static void discard(Path draft, Exception cause) {
    try {
      Files.deleteIfExists(draft);
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  /** What the disk refused, as one line that names the path and says what to do. */
  public static BadInputException refused(Path path, IOException cause) {
    return new BadInputException(
        "cannot write %s: %s; free space there or give another folder with --out"
            .formatted(path, reason(cause)),
        cause);
  }

  /** Why the file system refused, in words: its exceptions carry the path alone. */
  public static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file";
    }
    if (e instanceof NotDirectoryException || e instanceof FileAlreadyExistsException) {
      return "a file of this name stands in the way";
    }
    String words = e instanceof FileSystemException refused ? refused.getReason() : e.getMessage();
    return Objects.requireNonNullElse(words, e.getClass().getSimpleName())
        .lines()
        .findFirst()
        .orElse("unknown reason");
  }
}
