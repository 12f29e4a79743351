package io.afterimage.data;

import static io.afterimage.base.Checks.check;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The texts of labels: their clean form, their order, and what looks wrong with them. */
final class Labels {
  private Labels() {}

  /** Without blanks around and without a final dot. */
  static String trimmed(String label) {
    String stripped = label.strip();
    return stripped.endsWith(".") ? stripped.substring(0, stripped.length() - 1) : stripped;
  }

  /** The classes of the user's file, in its order, if there is one. */
  static Optional<List<String>> given(ReadOptions options) {
    return options.classes().map(path -> lines(new InputFile("--classes", path).checkedFile()));
  }

  /** The order of classes: the user's, which must then hold all of them, or this one. */
  static List<String> order(ReadOptions options, List<String> found) {
    List<String> order = given(options).orElse(found);
    Set<String> known = new HashSet<>(order);
    for (String label : found) {
      check(
          known.contains(label),
          "label %s is not among the %d classes of --classes; add it there or drop its rows",
          Show.quoted(label),
          order.size());
    }
    return order;
  }

  /** A notice for each group of labels that are probably meant to be one. */
  static List<String> suspicious(List<String> labels) {
    Map<String, List<String>> groups = new LinkedHashMap<>();
    for (String label : labels) {
      groups
          .computeIfAbsent(trimmed(label).toLowerCase(Locale.ROOT), g -> new ArrayList<>())
          .add(Show.quoted(label));
    }
    return groups.values().stream()
        .filter(group -> group.size() > 1)
        .map(
            group ->
                "labels %s differ only by blanks, case or a final dot and are %d classes; --trim takes off blanks and the dot"
                    .formatted(String.join(" and ", group), group.size()))
        .toList();
  }

  private static List<String> lines(InputFile file) {
    check(file.size() <= Limits.ROW_CHARACTERS, "%s is too large for a list of classes", file);
    try {
      List<String> classes =
          Files.readAllLines(file.path()).stream().filter(line -> !line.isEmpty()).toList();
      check(new HashSet<>(classes).size() == classes.size(), "%s names a class twice", file);
      return classes;
    } catch (IOException e) {
      throw file.unreadable("a list of classes", e);
    }
  }
}
