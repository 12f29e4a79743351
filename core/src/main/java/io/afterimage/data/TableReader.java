package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the tables of all roles together, each twice: the first pass infers one kind for each
 * column over all of them, the second stores the cells.
 */
final class TableReader {
  private final Map<String, TableSource> sources;
  private final ReadOptions options;
  private final List<String> notices;
  private final Schema schema;
  private final Map<String, ColumnProfile> profiles = new LinkedHashMap<>();
  private final Map<String, Integer> rows = new LinkedHashMap<>();

  private TableReader(Map<String, TableSource> sources, ReadOptions options, List<String> notices) {
    this.sources = sources;
    this.options = options;
    this.notices = notices;
    this.schema = Roles.assign(sharedColumns(), options);
    schema.roles().forEach(this::profileUnlessIgnored);
  }

  /** The datasets of these roles; notices hear what was assumed. */
  static Map<String, Dataset> read(
      Map<String, TableSource> sources, ReadOptions options, List<String> notices) {
    TableReader reader = new TableReader(sources, options, notices);
    sources.forEach(reader::look);
    return reader.store();
  }

  private void profileUnlessIgnored(String column, Role role) {
    if (role != Role.IGNORED) {
      profiles.put(column, new ColumnProfile(role));
    }
  }

  private List<String> sharedColumns() {
    TableSource first = sources.values().iterator().next();
    for (TableSource other : sources.values()) {
      requireAll(first, other);
      requireAll(other, first);
    }
    return first.columns();
  }

  private void requireAll(TableSource has, TableSource other) {
    List<String> missing = new ArrayList<>(has.columns());
    missing.removeAll(new HashSet<>(other.columns()));
    missing.removeAll(options.ignored());
    check(
        missing.isEmpty(),
        "%s has no column %s, which %s has; all roles need the same columns",
        other.file(),
        missing.isEmpty() ? "" : Show.quoted(missing.get(0)),
        has.file());
  }

  private void look(String role, TableSource source) {
    List<ColumnAt> at = places(source);
    long[] count = new long[1];
    source.forEach(
        row -> {
          count[0]++;
          for (ColumnAt column : at) {
            String text = text(row, column);
            if (text != null) {
              column.profile().see(text, source.file(), row.line());
            }
          }
        });
    check(count[0] > 0, "%s has no rows", source.file());
    check(
        count[0] <= Integer.MAX_VALUE / Double.BYTES,
        "%s has %d rows; at most %d are read",
        source.file(),
        count[0],
        Integer.MAX_VALUE / Double.BYTES);
    rows.put(role, (int) count[0]);
  }

  private List<ColumnAt> places(TableSource source) {
    List<ColumnAt> places = new ArrayList<>();
    for (int c = 0; c < source.columns().size(); c++) {
      String column = source.columns().get(c);
      ColumnProfile profile = profiles.get(column);
      if (profile != null) {
        places.add(new ColumnAt(c, column, profile));
      }
    }
    return places;
  }

  /** The cell as it counts: trimmed if asked for, null where it is missing. */
  private @Nullable String text(TableSource.Row row, ColumnAt column) {
    String text = row.cell(column.place());
    if (text != null && options.trim()) {
      text = isLabel(column.name()) ? Labels.trimmed(text) : text.strip();
    }
    return text == null || text.isEmpty() || options.missing().contains(text) ? null : text;
  }

  private Role role(String column) {
    return Objects.requireNonNull(schema.roles().get(column));
  }

  private boolean isLabel(String column) {
    return role(column) == Role.LABEL;
  }

  private Map<String, Dataset> store() {
    Storage storage = Storage.forReading();
    Dictionary.Room room = new Dictionary.Room();
    Map<String, ColumnStore> shared = new LinkedHashMap<>();
    profiles.forEach(
        (column, profile) ->
            shared.put(
                column,
                kind(column, profile) == ColumnKind.NUMERIC
                    ? new ColumnStore.OfNumbers(column, storage)
                    : new ColumnStore.OfTexts(column, storage, room, isDeclaredText(column))));
    sources.forEach((role, source) -> store(role, source, shared));
    Map<String, Dataset> datasets = new LinkedHashMap<>();
    shared.forEach((column, store) -> store.finish(order(column, store)));
    for (String role : sources.keySet()) {
      datasets.put(
          role,
          Dataset.of(role, schema, shared.values().stream().map(s -> s.column(role)).toList()));
    }
    return datasets;
  }

  private void store(String role, TableSource source, Map<String, ColumnStore> shared) {
    List<ColumnAt> at = places(source);
    List<ColumnStore> stores = at.stream().map(c -> shared.get(c.name())).toList();
    int expected = Objects.requireNonNull(rows.get(role));
    stores.forEach(store -> store.start(role, expected));
    int[] count = new int[1];
    source.forEach(
        row -> {
          int r = count[0]++;
          check(r < expected, "%s grew while it was read; run again", source.file());
          for (int c = 0; c < stores.size(); c++) {
            stores.get(c).put(r, text(row, at.get(c)));
          }
        });
    check(count[0] == expected, "%s shrank while it was read; run again", source.file());
  }

  private List<String> order(String column, ColumnStore store) {
    if (!isLabel(column) || store.found().isEmpty()) {
      return store.found();
    }
    notices.addAll(Labels.suspicious(store.found()));
    return Labels.order(options, store.found());
  }

  private ColumnKind kind(String column, ColumnProfile profile) {
    ColumnKind asked = options.kinds().get(column);
    boolean value = isLabel(column) && options.regression();
    if (asked == ColumnKind.NUMERIC || value) {
      check(
          profile.isNumeric(),
          "column %s must hold numbers, but holds %s; say --missing if that means missing",
          Show.quoted(column),
          profile.firstText());
    }
    ColumnKind kind = asked != null ? asked : value ? ColumnKind.NUMERIC : infer(column, profile);
    if (kind == ColumnKind.NUMERIC) {
      check(
          profile.firstInfinite().isEmpty(),
          "column %s holds the infinite %s; correct it, or leave it empty if it is missing",
          Show.quoted(column),
          profile.firstInfinite().orElse(""));
    }
    return kind;
  }

  private ColumnKind infer(String column, ColumnProfile profile) {
    boolean numeric =
        !isDeclaredText(column)
            && switch (role(column)) {
              case LABEL -> isMeasured(profile);
              case SENSITIVE -> !profile.isChoice();
              case ROW_ID, PERSON -> profile.isCanonical();
              default -> profile.isNumeric();
            };
    if (role(column) == Role.LABEL) {
      noteManyLabels(column, profile, numeric);
    }
    if (!numeric && profile.isMixed() && role(column).isInput()) {
      notices.add(
          "column %s is mostly numbers but is taken as text because of %s; if that means missing, say --missing"
              .formatted(Show.quoted(column), profile.firstText()));
    }
    return numeric ? ColumnKind.NUMERIC : ColumnKind.CATEGORICAL;
  }

  /** Whether a label of which nobody said what it is can only be a quantity. */
  private boolean isMeasured(ColumnProfile profile) {
    return options.classes().isEmpty() && !profile.isChoice() && !profile.isWhole();
  }

  private void noteManyLabels(String column, ColumnProfile profile, boolean numeric) {
    if (numeric) {
      notices.add(
          "label %s holds fractions and more than %d different numbers, taken as a quantity; --categorical %s makes them classes"
              .formatted(Show.quoted(column), ColumnProfile.FEW, column));
    } else if (!isDeclaredText(column) && !profile.isChoice() && options.classes().isEmpty()) {
      notices.add(
          "label %s holds more than %d different whole numbers, taken as classes; --numeric %s makes it a quantity"
              .formatted(Show.quoted(column), ColumnProfile.FEW, column));
    }
  }

  private boolean isDeclaredText(String column) {
    return sources.values().stream().anyMatch(source -> source.texts().contains(column));
  }

  /** Where a column stands in one source, and what it looks like over all. */
  private record ColumnAt(int place, String name, ColumnProfile profile) {}
}
