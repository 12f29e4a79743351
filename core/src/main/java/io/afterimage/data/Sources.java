package io.afterimage.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.afterimage.base.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/** Fingerprints of files, so that a report says which data it is about. */
public final class Sources {
  private Sources() {}

  /**
   * SHA-256 in hexadecimal: of a file's bytes; of a pair {@code images,labels} of both one after
   * the other; of a folder over each file's relative name and its own SHA-256, in the order of the
   * names' bytes.
   */
  public static String sha256(Path path) {
    MessageDigest digest = digest();
    try {
      if (Files.isDirectory(path)) {
        addFolder(digest, path);
      } else {
        FilePair pair = FilePair.of(new InputFile("data", path));
        add(digest, pair.first().path());
        if (pair.second().isPresent()) {
          add(digest, pair.second().get().path());
        }
      }
    } catch (IOException | UncheckedIOException e) {
      throw new BadInputException("%s cannot be read (%s)".formatted(path, e), e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void addFolder(MessageDigest digest, Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder, 2, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files =
          walk.filter(Files::isRegularFile)
              .sorted(Comparator.comparing(f -> name(folder, f), Dictionary.BYTES))
              .toList();
      for (Path file : files) {
        digest.update((name(folder, file) + "\0" + sha256(file) + "\n").getBytes(UTF_8));
      }
    }
  }

  private static String name(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  private static void add(MessageDigest digest, Path file) throws IOException {
    byte[] part = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int count = in.read(part); count >= 0; count = in.read(part)) {
        digest.update(part, 0, count);
      }
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
