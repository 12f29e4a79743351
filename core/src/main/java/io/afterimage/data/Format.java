package io.afterimage.data;

import io.afterimage.base.BadInputException;
import java.nio.file.Files;
import java.util.List;
import java.util.Locale;

/** The forms that data come in, told apart by the file's name. */
enum Format {
  CSV,
  JSON_LINES,
  PARQUET,
  NPY,
  NPZ,
  IDX,
  FOLDER;

  private static final String KNOWN =
      ".csv, .tsv, .jsonl, .parquet, .npy, .npz, IDX (images-idx3-ubyte), each text or IDX also .gz,"
          + " or a folder of pictures with one sub-folder a class";

  static Format of(InputFile file) {
    if (Files.isDirectory(file.path())) {
      return FOLDER;
    }
    String name = FilePair.of(file).first().path().getFileName().toString();
    return ofName(file, name.toLowerCase(Locale.ROOT).replaceFirst("\\.gz$", ""));
  }

  boolean isTable() {
    return this == CSV || this == JSON_LINES || this == PARQUET;
  }

  TableSource table(InputFile file, ReadOptions options, List<String> notices) {
    return switch (this) {
      case CSV -> new CsvSource(file, options, notices);
      case JSON_LINES -> new JsonSource(file, notices);
      case PARQUET -> new ParquetSource(file, notices);
      default -> throw new IllegalStateException(this + " is no table");
    };
  }

  ArraySource arrays(InputFile file) {
    return switch (this) {
      case NPY -> new NpySource(file);
      case NPZ -> new NpzSource(file);
      case IDX -> new IdxSource(file);
      case FOLDER -> new FolderSource(file);
      default -> throw new IllegalStateException(this + " holds no arrays");
    };
  }

  private static Format ofName(InputFile file, String name) {
    if (name.endsWith("ubyte") || name.matches(".*[.-]idx\\d?([.-].*)?")) {
      return IDX;
    }
    return switch (name.substring(name.lastIndexOf('.') + 1)) {
      case "csv", "tsv", "tab", "txt", "data" -> CSV;
      case "jsonl", "ndjson", "json" -> JSON_LINES;
      case "parquet", "pq" -> PARQUET;
      case "npy" -> NPY;
      case "npz" -> NPZ;
      default ->
          throw new BadInputException(
              "%s: %s has no known ending; known are %s"
                  .formatted(file.role(), Show.quoted(file.path().toString()), KNOWN));
    };
  }
}
