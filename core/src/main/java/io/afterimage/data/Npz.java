package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** NumPy's array files: one array (.npy), or a zip of named ones (.npz). */
public final class Npz {
  private Npz() {}

  /** The arrays of an .npz archive by name, in its order. */
  public static Map<String, NpyArray> read(Path path) {
    return archive(new InputFile("arrays", path), Storage.forReading());
  }

  static NpyArray single(InputFile file, Storage storage) {
    file.checkedFile();
    String name = file.path().getFileName().toString().replaceFirst("(?i)\\.npy$", "");
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file.path()))) {
      return NpyArray.read(name, file, in, file.size(), storage);
    } catch (IOException e) {
      throw file.unreadable("a NumPy array", e);
    }
  }

  static Map<String, NpyArray> archive(InputFile file, Storage storage) {
    file.checkedFile();
    Map<String, NpyArray> arrays = new LinkedHashMap<>();
    try (ZipFile zip = new ZipFile(file.path().toFile())) {
      check(
          zip.size() <= Limits.ARCHIVE_ENTRIES,
          "%s holds %d arrays; at most %d are read",
          file,
          zip.size(),
          Limits.ARCHIVE_ENTRIES);
      requireBelievable(file, zip);
      for (Enumeration<? extends ZipEntry> e = zip.entries(); e.hasMoreElements(); ) {
        ZipEntry entry = e.nextElement();
        if (entry.getName().endsWith(".npy")) {
          String name = entry.getName().substring(0, entry.getName().length() - 4);
          arrays.put(name, entry(file, zip, entry, name, storage));
        }
      }
    } catch (IOException e) {
      throw file.unreadable("an archive of NumPy arrays", e);
    }
    check(!arrays.isEmpty(), "%s holds no array", file);
    return arrays;
  }

  private static NpyArray entry(
      InputFile file, ZipFile zip, ZipEntry entry, String name, Storage storage)
      throws IOException {
    try (InputStream in = new BufferedInputStream(zip.getInputStream(entry), 1 << 16)) {
      return NpyArray.read(name, file, in, entry.getSize(), storage);
    }
  }

  /** Before anything is unpacked: what all entries expand to, by their own account. */
  private static void requireBelievable(InputFile file, ZipFile zip) {
    long expanded = zip.stream().mapToLong(entry -> Math.max(0, entry.getSize())).sum();
    if (expanded > Math.max(Limits.EXPANDED_BYTES, file.size() * Limits.EXPANSION)) {
      throw file.bad(
          "expands to more than %d times its size; save it without compression", Limits.EXPANSION);
    }
  }
}
