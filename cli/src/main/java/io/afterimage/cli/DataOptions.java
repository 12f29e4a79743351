package io.afterimage.cli;

import io.afterimage.base.Checks;
import io.afterimage.data.ColumnKind;
import io.afterimage.data.ImageOptions;
import io.afterimage.data.Layout;
import io.afterimage.data.ReadOptions;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which rows, and what is known of their columns. */
final class DataOptions {
  @Option(
      names = "--members",
      paramLabel = "FILE",
      description = "Rows that the model was trained on.")
  @Nullable Path members;

  @Option(
      names = "--nonmembers",
      paramLabel = "FILE",
      description = "Rows of the same kind that it was not trained on.")
  @Nullable Path nonmembers;

  @Option(
      names = "--population",
      paramLabel = "FILE",
      description = "Public rows of the same kind, which the adversary may hold.")
  @Nullable Path population;

  @Option(
      names = "--evaluation",
      paramLabel = "FILE",
      description = "Rows that only the judge sees: they train and test evaluators.")
  @Nullable Path evaluation;

  @Option(
      names = "--label",
      paramLabel = "COL",
      description = "The column that the model predicts.")
  @Nullable String label;

  @Option(
      names = "--sensitive",
      paramLabel = "COL",
      split = ",",
      description = "Columns that an adversary would want to learn.")
  List<String> sensitive = List.of();

  @Option(
      names = "--person",
      paramLabel = "COL",
      description = "The column that names the person; all rows of one person count as one.")
  @Nullable String person;

  @Option(names = "--id", paramLabel = "COL", description = "The column that names the record.")
  @Nullable String id;

  @Option(
      names = "--class-is-person",
      description =
          "Each class is one person (a face recogniser), so that a recognisable class is a leak.")
  boolean classIsPerson;

  @Option(
      names = "--numeric",
      paramLabel = "COL",
      split = ",",
      description = "Columns to read as numbers.")
  List<String> numeric = List.of();

  @Option(
      names = "--categorical",
      paramLabel = "COL",
      split = ",",
      description = "Columns to read as text.")
  List<String> categorical = List.of();

  @Option(
      names = "--ignore",
      paramLabel = "COL",
      split = ",",
      description = "Columns to leave out.")
  List<String> ignore = List.of();

  @Option(
      names = "--header",
      paramLabel = "none",
      description = "Says 'none' where a table's first line is a row; columns are then c1, c2, ...")
  @Nullable String header;

  @Option(
      names = "--trim",
      description = "Take blanks off the ends of text, and final dots off labels.")
  boolean trim;

  @Option(
      names = "--missing",
      paramLabel = "TEXT",
      split = ",",
      description = "Texts that mean a missing value, besides the empty one: NA,unknown.")
  List<String> missing = List.of();

  @Option(
      names = "--classes",
      paramLabel = "FILE",
      description = "The classes' names in the order of the model's outputs, one a line.")
  @Nullable Path classes;

  @Option(
      names = "--range",
      paramLabel = "LOW,HIGH",
      split = ",",
      description = "What a picture's darkest and brightest pixel become. Default: 0,1.")
  List<Double> range = List.of();

  @Option(
      names = "--mean",
      paramLabel = "X",
      split = ",",
      description = "Subtracted from each channel after --range.")
  List<Double> mean = List.of();

  @Option(
      names = "--std",
      paramLabel = "X",
      split = ",",
      description = "What each channel is divided by after --mean.")
  List<Double> std = List.of();

  @Option(
      names = "--layout",
      paramLabel = "nchw|nhwc",
      description = "Order of a picture's axes. Default: as the model's input says.")
  @Nullable Layout layout;

  @Option(
      names = "--convert-colours",
      description =
          "Make grey pictures of coloured ones, or the other way, where the model wants it.")
  boolean convertColours;

  /** The files that were given, by role. */
  Map<String, Path> roles() {
    Map<String, Path> roles = new LinkedHashMap<>();
    put(roles, "members", members);
    put(roles, "nonmembers", nonmembers);
    put(roles, "population", population);
    put(roles, "evaluation", evaluation);
    return roles;
  }

  private static void put(Map<String, Path> roles, String role, @Nullable Path file) {
    if (file != null) {
      roles.put(role, file);
    }
  }

  /** What is said of the columns and pixels. */
  ReadOptions reading() {
    Checks.check(
        header == null || header.equals("none"),
        "--header takes 'none' alone, but is %s",
        String.valueOf(header));
    ReadOptions.Builder options =
        ReadOptions.builder()
            .header(header == null)
            .trim(trim)
            .missing(missing.toArray(String[]::new))
            .sensitive(sensitive.toArray(String[]::new))
            .ignored(ignore.toArray(String[]::new))
            .kinds(kinds())
            .images(images());
    Optional.ofNullable(label).ifPresent(options::label);
    Optional.ofNullable(person).ifPresent(options::person);
    Optional.ofNullable(id).ifPresent(options::rowId);
    Optional.ofNullable(classes).ifPresent(options::classes);
    return options.build();
  }

  private Map<String, ColumnKind> kinds() {
    Checks.check(
        Collections.disjoint(numeric, categorical),
        "--numeric %s and --categorical %s name a column twice; it has one kind",
        numeric,
        categorical);
    Map<String, ColumnKind> kinds = new HashMap<>();
    numeric.forEach(column -> kinds.put(column, ColumnKind.NUMERIC));
    categorical.forEach(column -> kinds.put(column, ColumnKind.CATEGORICAL));
    return kinds;
  }

  private ImageOptions images() {
    Checks.check(
        range.isEmpty() || range.size() == 2,
        "--range takes two numbers, but got %d",
        range.size());
    boolean given = !range.isEmpty();
    return new ImageOptions(
        given ? range.get(0) : 0,
        given ? range.get(1) : 1,
        mean,
        std,
        layout == null ? Layout.NCHW : layout,
        Optional.empty(),
        convertColours);
  }
}
