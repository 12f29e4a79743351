package io.afterimage.assess;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A claim that a model was trained with (epsilon, delta) differential privacy, and what a one-run
 * audit says to it. It is judged by {@link ApproximateDpAudit}, which holds for every mechanism.
 *
 * @param epsilon above 0, to 1000
 * @param delta above 0 and below 1
 */
public record EpsilonClaim(double epsilon, double delta) {
  private static final double MOST_EPSILON = 1000;
  private static final String NUMBER = "\\s*([0-9.]+(?:[eE][+-]?[0-9]+)?)\\s*";
  private static final Pattern FORM =
      Pattern.compile("\\s*epsilon\\s*=" + NUMBER + ",\\s*delta\\s*=" + NUMBER);

  /** Wrong guesses to be expected under the claim beyond which more canaries help no further. */
  private static final double MOST_WRONG = 100;

  private static final double GROWTH = 1.02;

  private static final ApproximateDpAudit AUDIT = new ApproximateDpAudit();

  public EpsilonClaim {
    Checks.check(
        epsilon > 0 && epsilon <= MOST_EPSILON,
        "the claimed epsilon must be above 0 and at most 1000, but is %s",
        epsilon);
    Checks.check(
        delta > 0 && delta < 1, "the claimed delta must be above 0 and below 1, but is %s", delta);
  }

  /** What an audit says to a claim. */
  public enum Outcome {
    /** The lower bound does not exceed the claim, and could have. */
    CONSISTENT,
    /** The lower bound exceeds the claim. */
    CONTRADICTED,
    /** Even if every guess had been right the lower bound would not have exceeded the claim. */
    TOO_LITTLE_DATA
  }

  /** Reads {@code epsilon=3,delta=1e-5}. */
  public static EpsilonClaim parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw refused(text);
    }
    try {
      return new EpsilonClaim(
          Double.parseDouble(matcher.group(1)), Double.parseDouble(matcher.group(2)));
    } catch (NumberFormatException e) {
      throw refused(text);
    }
  }

  private static BadInputException refused(String text) {
    return new BadInputException(
        "a claim is written epsilon=3,delta=1e-5, but this one is \"%s\"".formatted(text));
  }

  /** As a person writes it: {@code epsilon 3 at delta 1e-5}. */
  @Override
  public String toString() {
    return "epsilon %s at delta %s".formatted(number(epsilon), number(delta));
  }

  /** A number without what Java adds to it: 3 and 1e-5. */
  static String number(double value) {
    return Double.toString(value).replaceFirst("\\.0(?=E|$)", "").replace('E', 'e');
  }

  /**
   * The answer.
   *
   * @param claim what is claimed
   * @param bound the lower bound on epsilon at the claim's delta
   * @param possible what the bound would have been if every guess had been right
   * @param needed the fewest canaries that could contradict the claim, all of them guessed right;
   *     empty where no number up to {@link OneRunGuesses#MOST_CANARIES} could
   */
  public record Answer(
      EpsilonClaim claim, Outcome outcome, double bound, double possible, OptionalInt needed) {

    /** The answer in one sentence. */
    public String sentence() {
      String measured =
          String.format(
              Locale.ROOT,
              "epsilon is at least %.2f at delta %s, and the claim is %s",
              bound,
              number(claim.delta),
              number(claim.epsilon));
      return switch (outcome) {
        case CONTRADICTED -> "The claim is contradicted: " + measured + ".";
        case CONSISTENT -> "The claim is consistent with the audit: " + measured + ".";
        case TOO_LITTLE_DATA ->
            "There is too little data to say: %s; %s.".formatted(measured, lacking());
      };
    }

    private String lacking() {
      return needed.isEmpty()
          ? String.format(
              Locale.ROOT,
              "no audit of up to %,d canaries can contradict this claim",
              OneRunGuesses.MOST_CANARIES)
          : String.format(
              Locale.ROOT,
              "these guesses could have shown %.2f at most, and to exceed the claim it takes at"
                  + " least %,d canaries, all guessed right",
              possible,
              needed.getAsInt());
    }
  }

  /**
   * Holds the claim against guesses.
   *
   * @param tried the guesses; several where several numbers of guesses about the same canaries were
   *     tried, which is corrected for
   * @param confidence how often a true claim is not contradicted, 0.5 to below 1
   */
  public Answer judge(List<OneRunGuesses> tried, double confidence) {
    double bound = AUDIT.epsilonLowerBound(tried, delta, confidence);
    List<OneRunGuesses> allRight =
        tried.stream().map(g -> OneRunGuesses.allRight(g.canaries(), g.made())).toList();
    double possible = AUDIT.epsilonLowerBound(allRight, delta, confidence);
    OptionalInt needed = canariesNeeded(OneRunAudit.corrected(confidence, tried.size()));
    return new Answer(this, outcome(bound, possible), bound, possible, needed);
  }

  private Outcome outcome(double bound, double possible) {
    if (bound > epsilon) {
      return Outcome.CONTRADICTED;
    }
    return possible > epsilon ? Outcome.CONSISTENT : Outcome.TOO_LITTLE_DATA;
  }

  /**
   * The fewest canaries for which a bound above the claim is possible. More of them make luck less
   * likely and leave more to delta, so that too many may again be too few: the search goes up in
   * small steps, and halves the last of them.
   */
  private OptionalInt canariesNeeded(double confidence) {
    double miss = OneRunAudit.missOf(confidence);
    double most = Math.min(OneRunGuesses.MOST_CANARIES, MOST_WRONG * (1 + Math.exp(epsilon)));
    int tooFew = 0;
    int enough = 1;
    while (enough <= most && !contradictable(enough, miss)) {
      tooFew = enough;
      enough = (int) Math.ceil(enough * GROWTH);
    }
    if (enough > most) {
      return OptionalInt.empty();
    }
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) >>> 1;
      if (contradictable(middle, miss)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return OptionalInt.of(enough);
  }

  private boolean contradictable(int canaries, double miss) {
    OneRunGuesses best = OneRunGuesses.allRight(canaries, canaries);
    return ApproximateDpAudit.pValue(best, epsilon, delta) < miss;
  }
}
