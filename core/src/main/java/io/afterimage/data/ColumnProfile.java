package io.afterimage.data;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the cells of one column look like, over all roles. */
final class ColumnProfile {
  /**
   * A label or sensitive column with so many different values at most is a choice, not a
   * measurement.
   */
  static final int FEW = 20;

  /** Of cells that are numbers, the share above which texts among them look like a mistake. */
  private static final double MOSTLY = 0.5;

  private final Role role;
  private long numbers;
  private long texts;
  private boolean canonical = true;
  private boolean whole = true;
  private final Set<String> few = new HashSet<>();
  private @Nullable String firstText;
  private @Nullable String firstInfinite;

  ColumnProfile(Role role) {
    this.role = role;
  }

  /** Looks at one cell of this line. */
  void see(String text, InputFile file, long line) {
    if ((role == Role.SENSITIVE || role == Role.LABEL) && few.size() <= FEW) {
      few.add(text);
    }
    switch (Numbers.kind(text)) {
      case NUMBER -> {
        numbers++;
        canonical = canonical && isKey() && Numbers.text(Numbers.value(text)).equals(text);
        whole = whole && (role != Role.LABEL || isWhole(text));
        if (Numbers.overflows(text)) {
          seeInfinite(text, file, line);
        }
      }
      case INFINITE -> seeInfinite(text, file, line);
      case NAN -> canonical = false;
      case TEXT -> {
        texts++;
        if (firstText == null) {
          firstText = "%s in line %d of %s".formatted(Show.quoted(text), line, file);
        }
      }
    }
  }

  boolean isNumeric() {
    return texts == 0;
  }

  /** Whether a label or sensitive column holds text, or so few values that it is a choice. */
  boolean isChoice() {
    return texts > 0 || few.size() <= FEW;
  }

  /** Whether no number of a label has a fraction: such labels count classes, however many. */
  boolean isWhole() {
    return whole;
  }

  private static boolean isWhole(String text) {
    double value = Numbers.value(text);
    return value == Math.rint(value);
  }

  private boolean isKey() {
    return role == Role.ROW_ID || role == Role.PERSON;
  }

  /**
   * Of a row id or person: whether numbers would print as the very texts that stand in the file.
   */
  boolean isCanonical() {
    return texts == 0 && canonical;
  }

  /** Whether texts stand among what are mostly numbers. */
  boolean isMixed() {
    return texts > 0 && numbers > MOSTLY * (numbers + texts);
  }

  /** The first cell that is no number, and where. */
  String firstText() {
    return String.valueOf(firstText);
  }

  /** The first infinite number, and where, if there is one. */
  Optional<String> firstInfinite() {
    return Optional.ofNullable(firstInfinite);
  }

  private void seeInfinite(String text, InputFile file, long line) {
    canonical = false;
    if (firstInfinite == null) {
      firstInfinite = "%s in line %d of %s".formatted(Show.quoted(text), line, file);
    }
  }
}
