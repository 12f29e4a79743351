package io.afterimage.data;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the user says about the data beyond what stands in the files.
 *
 * @param header whether the first line of a CSV names the columns; else they are called c1, c2, …
 * @param trim whether blanks around texts, and a final dot after labels, are taken off
 * @param missing texts that mean a missing value, besides the empty one
 * @param label what the model predicts
 * @param regression whether the label is a number rather than a class
 * @param sensitive inputs that an adversary would want to learn
 * @param person names the person, all of whose rows are one privacy unit
 * @param rowId names the record
 * @param ignored columns that are not read
 * @param kinds columns whose kind is not to be inferred
 * @param classes a file with the classes in the model's order, one a line
 * @param images how pixels become numbers
 */
public record ReadOptions(
    boolean header,
    boolean trim,
    Set<String> missing,
    Optional<String> label,
    boolean regression,
    List<String> sensitive,
    Optional<String> person,
    Optional<String> rowId,
    Set<String> ignored,
    Map<String, ColumnKind> kinds,
    Optional<Path> classes,
    ImageOptions images) {

  public ReadOptions {
    // In an order of their own: a run is known again by how its options are written.
    missing = Collections.unmodifiableSet(new TreeSet<>(missing));
    sensitive = List.copyOf(sensitive);
    ignored = Collections.unmodifiableSet(new TreeSet<>(ignored));
    kinds = Collections.unmodifiableMap(new TreeMap<>(kinds));
  }

  /** Nothing said. */
  public static ReadOptions defaults() {
    return builder().build();
  }

  /** The same with this label where the user named none. */
  ReadOptions orLabel(Optional<String> other) {
    return new ReadOptions(
        header,
        trim,
        missing,
        label.or(() -> other),
        regression,
        sensitive,
        person,
        rowId,
        ignored,
        kinds,
        classes,
        images);
  }

  /** The same for a model that predicts a number. */
  public ReadOptions withRegression(boolean on) {
    return with(on, images);
  }

  /** The same with pixels read in another way. */
  public ReadOptions withImages(ImageOptions options) {
    return with(regression, options);
  }

  private ReadOptions with(boolean number, ImageOptions pixels) {
    return new ReadOptions(
        header, trim, missing, label, number, sensitive, person, rowId, ignored, kinds, classes,
        pixels);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Says one thing after the other. */
  public static final class Builder {
    private boolean header = true;
    private boolean trim;
    private Set<String> missing = Set.of();
    private Optional<String> label = Optional.empty();
    private boolean regression;
    private List<String> sensitive = List.of();
    private Optional<String> person = Optional.empty();
    private Optional<String> rowId = Optional.empty();
    private Set<String> ignored = Set.of();
    private Map<String, ColumnKind> kinds = Map.of();
    private Optional<Path> classes = Optional.empty();
    private ImageOptions images = ImageOptions.defaults();

    private Builder() {}

    public Builder header(boolean present) {
      header = present;
      return this;
    }

    public Builder trim(boolean on) {
      trim = on;
      return this;
    }

    public Builder missing(String... texts) {
      missing = Set.copyOf(List.of(texts));
      return this;
    }

    public Builder label(String column) {
      label = Optional.of(column);
      return this;
    }

    public Builder regression(boolean on) {
      regression = on;
      return this;
    }

    public Builder sensitive(String... columns) {
      sensitive = List.of(columns);
      return this;
    }

    public Builder person(String column) {
      person = Optional.of(column);
      return this;
    }

    public Builder rowId(String column) {
      rowId = Optional.of(column);
      return this;
    }

    public Builder ignored(String... columns) {
      ignored = Set.copyOf(List.of(columns));
      return this;
    }

    public Builder kinds(Map<String, ColumnKind> overrides) {
      kinds = overrides;
      return this;
    }

    public Builder classes(Path file) {
      classes = Optional.of(file);
      return this;
    }

    public Builder images(ImageOptions options) {
      images = options;
      return this;
    }

    public ReadOptions build() {
      return new ReadOptions(
          header,
          trim,
          missing,
          label,
          regression,
          sensitive,
          person,
          rowId,
          ignored,
          kinds,
          classes,
          images);
    }
  }
}
