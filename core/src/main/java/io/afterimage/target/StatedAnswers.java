package io.afterimage.target;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import java.util.Optional;

/**
 * Whether answers are what a target says of them. An attack reads them by that: digits that are
 * said to be rounded off and classes that are said to be hidden would be restored wrongly.
 */
final class StatedAnswers {
  /** From here on doubles lie so far apart that there is nothing to round. */
  private static final double WHOLE = 0x1p52;

  /** Numbers may have come as floats, whose decimal digits end about here. */
  private static final double OF_FLOATS = 1e-6;

  /** By how much rounding to one digit, of which a file need say nothing, moves a probability. */
  private static final double UNSAID_ROUNDING = 0.05;

  private final TargetInfo info;
  private final Answers said;

  StatedAnswers(TargetInfo info, Answers said) {
    this.info = info;
    this.said = said;
  }

  /**
   * The answers, if they are those that were said.
   *
   * @param asked rows that the target was asked about
   * @throws BadInputException where they are not, that names the row
   */
  Predictions of(Predictions answers, int asked) {
    int columns = Math.max(1, info.classes().size());
    check(
        answers.columns() == columns && answers.values().length == asked * columns,
        "%s gives %d numbers, %d a row, when asked about %d rows, but says that it gives %d a row;"
            + " look at the target",
        info.name(),
        answers.values().length,
        answers.columns(),
        asked,
        columns);
    boolean labels = info.meaning() == Meaning.LABEL;
    if (labels || said.truncated()) {
      for (int row = 0; row < asked; row++) {
        Optional<String> contradiction = labels ? label(answers, row) : scores(answers, row);
        if (contradiction.isPresent()) {
          throw contradicts(row, contradiction.get());
        }
      }
    }
    return answers;
  }

  /** The classes that were named, if they are any of the target's. */
  int[] of(int[] labels, int asked) {
    check(
        labels.length == asked,
        "%s names %d classes when asked about %d rows; look at the target",
        info.name(),
        labels.length,
        asked);
    int classes = info.classes().size();
    for (int row = 0; row < asked; row++) {
      if (labels[row] < 0 || labels[row] >= classes) {
        throw contradicts(
            row,
            "names class %d, but the target has %d, from 0 on".formatted(labels[row], classes));
      }
    }
    return labels;
  }

  private BadInputException contradicts(int row, String reason) {
    return new BadInputException(
        "%s, row %d of those asked about: the answer %s; look at the target"
            .formatted(info.name(), row + 1, reason));
  }

  private static Optional<String> label(Predictions answers, int row) {
    double sum = 0;
    boolean whole = true;
    for (int column = 0; column < answers.columns(); column++) {
      double value = answers.get(row, column);
      whole &= value == 0 || value == 1;
      sum += value;
    }
    return whole && sum == 1
        ? Optional.empty()
        : Optional.of("holds scores, but the target says that it names the class alone");
  }

  private Optional<String> scores(Predictions answers, int row) {
    return decimals(answers, row)
        .or(
            () ->
                said.topK().isPresent() && answers.meaning() == Meaning.PROBABILITIES
                    ? shown(answers, row)
                    : Optional.empty());
  }

  private Optional<String> decimals(Predictions answers, int row) {
    if (said.decimals().isEmpty()) {
      return Optional.empty();
    }
    int digits = said.decimals().getAsInt();
    double scale = Math.pow(10, digits);
    for (int column = 0; column < answers.columns(); column++) {
      double value = answers.get(row, column);
      double off = Math.abs(value - Math.rint(value * scale) / scale);
      if (Math.abs(value * scale) < WHOLE && off > OF_FLOATS * Math.max(1, Math.abs(value))) {
        return Optional.of(
            "has more digits than the %d after the point that the target says it rounds to"
                .formatted(digits));
      }
    }
    return Optional.empty();
  }

  private Optional<String> shown(Predictions answers, int row) {
    int k = said.topK().orElseThrow();
    int shown = 0;
    double sum = 0;
    for (int column = 0; column < answers.columns(); column++) {
      shown += answers.get(row, column) == 0 ? 0 : 1;
      sum += answers.get(row, column);
    }
    if (shown > k) {
      return Optional.of(
          "shows %d classes, but the target says that it shows %d".formatted(shown, k));
    }
    return said.noisy() || sum <= most(shown)
        ? Optional.empty()
        : Optional.of(
            "leaves less than nothing for the hidden classes: the %d shown add up to %s"
                .formatted(shown, sum));
  }

  /** The most that so many probabilities add up to, each of them rounded. */
  private double most(int shown) {
    double half = said.decimals().isPresent() ? Math.pow(10, -said.decimals().getAsInt()) / 2 : 0;
    return 1 + OutputMeaning.TOLERANCE + shown * (UNSAID_ROUNDING + half);
  }
}
