package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the files of an audit's roles together, so that a column has one kind and one dictionary in
 * all of them.
 *
 * <p>Only the named paths are read, and beside the images of an IDX pair their labels. What a file
 * may hold is bounded; whatever cannot be read is a BadInputException of one line.
 */
public final class DataReader {
  private DataReader() {}

  /**
   * What was read.
   *
   * @param datasets by role, in the order given, with one schema
   * @param notices what was assumed, one line each, for the user to see
   */
  public record Loaded(Map<String, Dataset> datasets, List<String> notices) {
    public Loaded {
      datasets = Collections.unmodifiableMap(new LinkedHashMap<>(datasets));
      notices = List.copyOf(notices);
    }

    /** The dataset of this role, which must have been asked for. */
    public Dataset get(String role) {
      Dataset found = datasets.get(role);
      if (found == null) {
        throw new IllegalArgumentException("nothing was read for " + role);
      }
      return found;
    }
  }

  /**
   * Reads these files.
   *
   * @param files by the name of the role: members, nonmembers, population, evaluation
   */
  public static Loaded read(Map<String, Path> files, ReadOptions options) {
    check(!files.isEmpty(), "no data given; name them with --members, --nonmembers");
    List<String> notices = new ArrayList<>();
    Map<String, TableSource> tables = new LinkedHashMap<>();
    Map<String, ArraySource> arrays = new LinkedHashMap<>();
    files.forEach(
        (role, path) -> {
          InputFile file = new InputFile(role, path);
          Format format = Format.of(file);
          if (format.isTable()) {
            tables.put(role, format.table(file, options, notices));
          } else {
            arrays.put(role, format.arrays(file));
          }
        });
    check(
        tables.isEmpty() || arrays.isEmpty(),
        "%s: tables and arrays cannot be mixed; give all roles in one form",
        String.join(", ", files.keySet()));
    return new Loaded(
        arrays.isEmpty()
            ? TableReader.read(tables, options, notices)
            : ArrayReader.read(arrays, options, notices),
        notices);
  }
}
