package io.afterimage.graph.ops;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Operators on texts. */
final class TextOps {
  /** Most characters in one value. */
  private static final long MAX_CHARACTERS = 1L << 26;

  private static final int MAX_PATTERN = 10_000;
  private static final String TEXTS = "its input is texts";

  private TextOps() {}

  static void register() {
    flat("StringNormalizer", c -> List.of(normalised(c)));
    flat("StringConcat", c -> List.of(concatenated(c)));
    flat("StringSplit", TextOps::split);
    flat("RegexFullMatch", c -> List.of(Value.of(matches(c))));
    flat("TfIdfVectorizer", c -> List.of(Value.of(NGrams.of(c).frequencies(c))));
  }

  private static void flat(String type, Operator operator) {
    Operators.flatMany(type, TEXTS, operator);
  }

  /** Drops stop words and changes case; one empty text where nothing is left. */
  private static Value normalised(Call c) {
    Value.Strings texts = Texts.strings(c, 0);
    long[] shape = texts.shape().clone();
    if (shape.length < 1 || shape.length > 2 || (shape.length == 2 && shape[0] != 1)) {
      throw c.error("needs one row of texts");
    }
    Locale locale = Locale.forLanguageTag(c.attributes().text("locale", "en_US").replace('_', '-'));
    boolean exact = c.attributes().flag("is_case_sensitive", false);
    Set<String> stops =
        c.attributes().texts("stopwords").orElse(List.of()).stream()
            .map(w -> exact ? w : w.toLowerCase(locale))
            .collect(Collectors.toSet());
    List<String> left =
        texts.values().stream()
            .filter(t -> !stops.contains(exact ? t : t.toLowerCase(locale)))
            .map(t -> cased(c, t, locale))
            .toList();
    List<String> kept = left.isEmpty() ? List.of("") : left;
    shape[shape.length - 1] = kept.size();
    return new Value.Strings(kept, shape);
  }

  private static String cased(Call c, String text, Locale locale) {
    String action = c.attributes().text("case_change_action", "NONE");
    return switch (action) {
      case "LOWER" -> text.toLowerCase(locale);
      case "UPPER" -> text.toUpperCase(locale);
      case "NONE" -> text;
      default -> throw c.error("has case_change_action " + action);
    };
  }

  private static Value concatenated(Call c) {
    Texts.Pairs pairs = Texts.Pairs.of(c);
    List<String> joined = new ArrayList<>();
    long characters = 0;
    for (int i = 0; i < pairs.left().size(); i++) {
      characters += pairs.left().get(i).length() + (long) pairs.right().get(i).length();
      if (characters > MAX_CHARACTERS) {
        throw c.error("makes texts of more than %d characters".formatted(MAX_CHARACTERS));
      }
      joined.add(pairs.left().get(i) + pairs.right().get(i));
    }
    return new Value.Strings(joined, pairs.shape());
  }

  /** The parts of each text along a new last axis, the rows padded with "", and how many. */
  private static List<Value> split(Call c) {
    Value.Strings texts = Texts.strings(c, 0);
    String delimiter = c.attributes().text("delimiter", "");
    long most = c.attributes().integer("maxsplit", Long.MAX_VALUE);
    List<List<String>> rows =
        texts.values().stream()
            .map(t -> delimiter.isEmpty() ? words(t, most) : parts(t, delimiter, most))
            .toList();
    int width = rows.stream().mapToInt(List::size).max().orElse(0);
    long[] shape = Arrays.copyOf(texts.shape(), texts.shape().length + 1);
    shape[shape.length - 1] = width;
    c.sized(shape);
    List<String> padded = new ArrayList<>();
    for (List<String> row : rows) {
      padded.addAll(row);
      for (int i = row.size(); i < width; i++) {
        padded.add("");
      }
    }
    long[] counts = rows.stream().mapToLong(List::size).toArray();
    return List.of(new Value.Strings(padded, shape), Value.of(Tensors.of(counts, texts.shape())));
  }

  private static List<String> parts(String text, String delimiter, long most) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(delimiter);
        at >= 0 && parts.size() < most;
        at = text.indexOf(delimiter, from)) {
      parts.add(text.substring(from, at));
      from = at + delimiter.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** Cut at runs of blanks; blanks at the ends count for nothing. */
  private static List<String> words(String text, long most) {
    List<String> words = new ArrayList<>();
    String rest = text.stripLeading();
    while (!rest.isEmpty()) {
      int end = 0;
      while (end < rest.length() && !Character.isWhitespace(rest.charAt(end))) {
        end++;
      }
      if (words.size() >= most) {
        end = rest.length();
      }
      words.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    return words;
  }

  /** Whether each text matches the pattern as a whole, in time linear in the text. */
  private static Tensor matches(Call c) {
    Value.Strings texts = Texts.strings(c, 0);
    Pattern pattern = pattern(c, c.attributes().text("pattern", ""));
    boolean[] matches = new boolean[texts.values().size()];
    for (int i = 0; i < matches.length; i++) {
      matches[i] = pattern.matches(texts.values().get(i));
    }
    return Tensors.of(matches, texts.shape());
  }

  private static Pattern pattern(Call c, String pattern) {
    if (pattern.length() > MAX_PATTERN || PatternSize.of(pattern) > MAX_PATTERN) {
      throw c.error(
          "has a pattern of more than %d characters, its repetitions written out"
              .formatted(MAX_PATTERN));
    }
    try {
      return Pattern.compile(pattern);
    } catch (PatternSyntaxException e) {
      throw c.error("has a pattern that cannot be read: " + e.getDescription());
    }
  }
}
