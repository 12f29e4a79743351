package io.afterimage.data;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Brings the labels of the data and the classes of a model together. */
public final class Classes {
  private Classes() {}

  /**
   * Rows whose label's code is the class's place in the model.
   *
   * @param notices what was assumed, one line each
   */
  public record Recoded(Dataset rows, List<String> notices) {
    public Recoded {
      notices = List.copyOf(notices);
    }
  }

  /**
   * Exchanges the label column for one whose dictionary is the model's classes. A label is the
   * class of the same text; else the one of the same number (1 and 1.0); else, if the model only
   * counts its classes 0 to k - 1 and the data have k labels none of which is such a number, the
   * one of the same place in the order of the dictionary, which a notice says.
   *
   * <p>A row without a label, or with one that is no class, is bad input.
   */
  public static Recoded recode(Dataset rows, List<String> classes) {
    Column label =
        rows.label()
            .orElseThrow(
                () ->
                    new BadInputException(
                        rows.name() + " has no label; name its column with --label"));
    List<String> notices = new ArrayList<>();
    Lookup lookup = new Lookup(classes);
    boolean byPlace =
        label instanceof Column.Categorical texts && areCounted(texts.dictionary(), lookup);
    if (byPlace) {
      notices.add(byPlaceNotice(((Column.Categorical) label).dictionary()));
    }
    int[] codes = new int[rows.rows()];
    for (int row = 0; row < codes.length; row++) {
      codes[row] = byPlace ? ((Column.Categorical) label).code(row) : lookup.find(label, row);
      if (codes[row] < 0) {
        throw problem(rows, label, row, classes);
      }
    }
    return new Recoded(rows.with(new Column.Categorical(label.name(), codes, classes)), notices);
  }

  /**
   * What to say of rows of other classes altogether, as public pictures of other people are: no
   * label of theirs is a class of the model, and none would be without its blanks; empty where one
   * is, or where they have no labels.
   */
  public static Optional<String> others(Dataset rows, List<String> classes) {
    Optional<Column> label = rows.label();
    Lookup lookup = new Lookup(classes);
    for (int row = 0; label.isPresent() && row < rows.rows(); row++) {
      String text = label.get().text(row);
      if (text == null
          || lookup.find(text).isPresent()
          || lookup.find(Labels.trimmed(text)).isPresent()) {
        return Optional.empty();
      }
    }
    return label
        .filter(known -> known.rows() > 0)
        .map(
            known ->
                "the rows of %s are of classes that the model does not have, such as %s: attacks that need their labels are left out"
                    .formatted(rows.name(), Show.quoted(String.valueOf(known.text(0)))));
  }

  /**
   * What to say where these labels can only stand for the model's classes by their place, as {@link
   * #recode} takes them; empty where they do not.
   */
  public static Optional<String> byPlace(List<String> labels, List<String> classes) {
    return areCounted(labels, new Lookup(classes))
        ? Optional.of(byPlaceNotice(labels))
        : Optional.empty();
  }

  private static boolean areCounted(List<String> labels, Lookup lookup) {
    return labels.size() == lookup.size()
        && lookup.onlyCounts()
        && labels.stream().noneMatch(text -> lookup.find(text).isPresent());
  }

  private static String byPlaceNotice(List<String> labels) {
    return "the model counts its classes; labels stand for them in this order: %s%s; --classes gives another"
        .formatted(
            IntStream.range(0, Math.min(10, labels.size()))
                .mapToObj(i -> i + " = " + Show.quoted(labels.get(i)))
                .toList(),
            labels.size() > 10 ? " …" : "");
  }

  private static BadInputException problem(
      Dataset rows, Column label, int row, List<String> classes) {
    String text = label.text(row);
    if (text == null) {
      return new BadInputException(
          "record %s has no label; drop the row or fill it in".formatted(rows.id(row)));
    }
    boolean trimmable = classes.contains(Labels.trimmed(text));
    return new BadInputException(
        "label %s of record %s is not among the model's %d classes %s%s"
            .formatted(
                Show.quoted(text),
                rows.id(row),
                classes.size(),
                classes.stream().limit(10).map(Show::quoted).toList(),
                trimmable ? "; say --trim" : "; correct it, or name the classes with --classes"));
  }

  /** Finds classes by text, else by number. */
  private static final class Lookup {
    private final Map<String, Integer> byText = new HashMap<>();
    private final Map<Double, Integer> byNumber = new HashMap<>();
    private final Map<String, OptionalInt> known = new HashMap<>();

    Lookup(List<String> classes) {
      for (int c = 0; c < classes.size(); c++) {
        byText.put(classes.get(c), c);
        double number = Numbers.value(classes.get(c));
        if (!Double.isNaN(number)) {
          byNumber.putIfAbsent(number + 0.0, c);
        }
      }
    }

    int size() {
      return byText.size();
    }

    /** Whether the classes are the numbers from 0 in order. */
    boolean onlyCounts() {
      return IntStream.range(0, size())
          .allMatch(c -> Integer.valueOf(c).equals(byNumber.get((double) c)));
    }

    OptionalInt find(String text) {
      return known.computeIfAbsent(text, this::search);
    }

    int find(Column label, int row) {
      String text = label.text(row);
      return text == null ? -1 : find(text).orElse(-1);
    }

    private OptionalInt search(String text) {
      Integer found = byText.get(text);
      double number = Numbers.value(text);
      if (found == null && !Double.isNaN(number)) {
        found = byNumber.get(number + 0.0);
      }
      return found == null ? OptionalInt.empty() : OptionalInt.of(found);
    }
  }
}
