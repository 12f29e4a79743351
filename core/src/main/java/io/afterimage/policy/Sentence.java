package io.afterimage.policy;

import io.afterimage.assess.Holm;
import io.afterimage.assess.Metric;
import io.afterimage.policy.Profile.Bounds;
import io.afterimage.policy.Verdict.Outcome;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** The words in which a reading's outcome is told, for a reader who knows no statistics. */
final class Sentence {
  private static final int MOST_DECIMALS = 5;
  private static final double MOST_PEOPLE = 1e7;
  private static final String CORRECTED = " once it is corrected for all figures of this verdict";

  /** What is less than this is nothing but the rounding of a computation. */
  private static final double LEAST = .5 * Math.pow(10, -MOST_DECIMALS);

  private final Reading reading;
  private final Bounds bounds;
  private final double value;
  private final double low;
  private final double high;
  private final double level;
  private final int decimals;

  private Sentence(Reading reading, double value, double low, double high, double level) {
    this.reading = reading;
    this.bounds = reading.bounds();
    this.value = value;
    this.low = low;
    this.high = high;
    this.level = level;
    this.decimals = decimals();
  }

  /**
   * The sentence.
   *
   * @param level below which the reading's own p-value proves a leak, corrected for all others
   */
  static String of(Reading reading, Outcome outcome, double level) {
    Metric figure = reading.figure();
    if (figure.value() == null || figure.low() == null || figure.high() == null) {
      return "%s could not be measured%s: %s."
          .formatted(reading.gate().title(), source(reading), figure.reason());
    }
    if (reading.tooFewPeople()) {
      return tooFewPeople(reading);
    }
    return new Sentence(reading, figure.value(), figure.low(), figure.high(), level).about(outcome);
  }

  private static String tooFewPeople(Reading reading) {
    int least = reading.bounds().leastPeople();
    int people = reading.figure().n();
    return String.format(
        Locale.ROOT,
        "%s rests on %,d people%s, and the profile asks for %,d; %,d more would do.",
        reading.gate().title(),
        people,
        source(reading),
        least,
        least - people);
  }

  private static String source(Reading reading) {
    if (reading.finding().isEmpty()) {
      return "";
    }
    return reading.ofRecipe()
        ? " (%s: of the recipe, not of this model)".formatted(reading.finding())
        : " (" + reading.finding() + ")";
  }

  private String about(Outcome outcome) {
    String more = outcome == Outcome.INSUFFICIENT ? "; " + morePeople() : "";
    String place = beaten() && outcome == Outcome.PASSED ? beatenBy() : " " + place(outcome);
    return "%s %s%s%s%s."
        .formatted(reading.gate().title(), measured(), place, source(reading), more);
  }

  /** A figure below nothing is no leak at all, not a small one. */
  private boolean beaten() {
    return value < 0 && high <= 0;
  }

  private String beatenBy() {
    String whom =
        reading.gate() == Gate.ATTRIBUTE_MEMORISED
            ? "on members than on non-members"
            : "than the baseline";
    return ": the attack does worse %s, so it is within the acceptable %s"
        .formatted(whom, text(bounds.acceptable()));
  }

  private String measured() {
    return low == high
        ? text(value)
        : "%s (95%% interval %s to %s)".formatted(text(value), text(low), text(high));
  }

  private String place(Outcome outcome) {
    String acceptable = text(bounds.acceptable());
    String tolerable = text(bounds.intolerable());
    String beyond = reading.gate().atLeast() ? "below" : "above";
    return switch (outcome) {
      case PASSED -> "is shown to be within the acceptable " + acceptable;
      case CONDITION ->
          "is not shown to be within the acceptable %s but is within the tolerable %s"
              .formatted(acceptable, tolerable);
      case FAILED -> "is proven %s the acceptable %s".formatted(beyond, acceptable);
      case INSUFFICIENT, NOT_APPLICABLE ->
          "cannot be placed: neither within the tolerable %s nor proven %s the acceptable %s%s"
              .formatted(tolerable, beyond, acceptable, provenAlone() ? CORRECTED : "");
    };
  }

  /** Whether it would be proven, were it the only figure. */
  private boolean provenAlone() {
    return reading.p() < Reading.LEVEL;
  }

  /**
   * How many more people would place the figure, if it stays where it is: an interval shrinks with
   * the root of the number of people.
   */
  private String morePeople() {
    double toPass = factor(high - value, bounds.intolerable() - value);
    double toFail = factor((value - low) * Holm.lengthened(level), value - bounds.acceptable());
    double more = Math.max(1, reading.figure().n() * (Math.min(toPass, toFail) - 1));
    return more > MOST_PEOPLE
        ? "the figure lies too near the threshold for more people to place it"
        : String.format(Locale.ROOT, "about %,d more people would do", rounded(more));
  }

  private static double factor(double half, double room) {
    return room > 0 ? (half / room) * (half / room) : Double.POSITIVE_INFINITY;
  }

  /** Two significant digits: the estimate is no better than that. */
  private static long rounded(double count) {
    return new BigDecimal(Math.ceil(count))
        .round(new MathContext(2, RoundingMode.CEILING))
        .longValueExact();
  }

  /** As many decimals as tell the figure and its interval from the thresholds and from nothing. */
  private int decimals() {
    if (reading.gate().counts()) {
      return 0;
    }
    int enough = Math.max(2, Math.max(scale(bounds.acceptable()), scale(bounds.intolerable())));
    while (enough < MOST_DECIMALS && hidesADifference(enough)) {
      enough++;
    }
    return enough;
  }

  private static int scale(double threshold) {
    return BigDecimal.valueOf(threshold).stripTrailingZeros().scale();
  }

  private boolean hidesADifference(int shown) {
    return DoubleStream.of(value, low, high)
        .anyMatch(
            end ->
                hides(end, bounds.acceptable(), shown)
                    || hides(end, bounds.intolerable(), shown)
                    || (Math.abs(end) >= LEAST && hides(end, 0, shown)));
  }

  private static boolean hides(double end, double bound, int shown) {
    double unit = Math.pow(10, shown);
    return end != bound && Math.round(end * unit) == Math.round(bound * unit);
  }

  private String text(double number) {
    String text = String.format(Locale.ROOT, "%." + decimals + "f", number);
    return text.matches("-0(\\.0*)?") ? text.substring(1) : text;
  }
}
