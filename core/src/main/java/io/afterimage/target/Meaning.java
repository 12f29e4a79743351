package io.afterimage.target;

import io.afterimage.base.BadInputException;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the numbers of an answer are. */
public enum Meaning {
  /** One column a class; each row adds up to 1 unless a defence changed it. */
  PROBABILITIES,
  /** One column a class, before softmax. */
  LOGITS,
  /** One column a class, natural logarithms of probabilities. */
  LOG_PROBABILITIES,
  /** One column: the regressor's value. */
  VALUE,
  /** The most probable class alone, given as 1 in its column and 0 elsewhere. */
  LABEL;

  /** As typed and printed: {@code log-probabilities}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The meaning of this word; a BadInputException that lists them where it is none. */
  public static Meaning of(String word) {
    for (Meaning meaning : values()) {
      if (meaning.word().equals(word)) {
        return meaning;
      }
    }
    throw new BadInputException(
        "--output: %s is no meaning; there are %s"
            .formatted(
                word,
                Arrays.stream(values()).map(Meaning::word).collect(Collectors.joining(", "))));
  }
}
