package io.afterimage.attack.common;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.target.Answers;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Target;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * Asks a target as an adversary does who knows what is public about its answers: takes scores where
 * it gives any, else labels, and averages several answers to the same question where they are
 * noisy.
 *
 * @param target who is asked
 * @param repeats how often each question is asked, at least 1
 * @param run stops the asking when the user does
 */
public record Asker(LabelTarget target, int repeats, Run run) {
  /** How often a question is asked where nobody says, as a setting's help. */
  public static final String USUAL_REPEATS =
      "by default 1, or where answers are noisy so many that the standard deviation of their mean"
          + " is 0.01, at most 400; fewer where the query budget is short";

  private static final double PRECISION = 0.01;
  private static final int MOST_REPEATS = 400;

  /**
   * An adversary who will ask about so many rows in all.
   *
   * @param wanted how often to ask each question; if empty, as {@link #USUAL_REPEATS} says
   * @param rows questions in all; where the query budget is short of them, each is asked less
   *     often, and where it is short of once, a BudgetExhaustedException says so before any is
   *     asked
   */
  public static Asker of(LabelTarget target, OptionalInt wanted, long rows, Run run) {
    int repeats = wanted.orElseGet(() -> usualRepeats(target));
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    if (rows > left) {
      throw new BudgetExhaustedException(left, 0, rows);
    }
    return new Asker(target, (int) Math.min(repeats, rows == 0 ? 1 : left / rows), run);
  }

  private static int usualRepeats(LabelTarget target) {
    double deviations = deviation(target) / PRECISION;
    return (int) Math.max(1, Math.min(Math.ceil(deviations * deviations), MOST_REPEATS));
  }

  /** The greatest standard deviation of one answer. */
  private static double deviation(LabelTarget target) {
    Answers known = target.answers();
    if (known.noisy() && !showsScores(target)) {
      return 0.5; // of a vote, which is 0 or 1
    }
    return switch (known.noise()) {
      case NONE -> 0;
      case GAUSSIAN -> known.noiseScale();
      case LAPLACE -> known.noiseScale() * Math.sqrt(2);
    };
  }

  /** Whether the target shows more than the most probable class. */
  public static boolean showsScores(Target target) {
    return target instanceof ScoreTarget
        && target.info().access().covers(Access.SCORES)
        && target.info().meaning() != Meaning.LABEL;
  }

  /**
   * The mean answer to each row. Where the target shows labels alone, the share of the repeats that
   * named each class, with meaning LABEL.
   */
  public Predictions ask(Dataset rows) {
    Predictions first = once(rows);
    double[] mean = first.values().clone();
    for (int repeat = 1; repeat < repeats; repeat++) {
      double[] again = once(rows).values();
      Arrays.setAll(mean, i -> mean[i] + again[i]);
    }
    for (int i = 0; i < mean.length; i++) {
      mean[i] /= repeats;
      if (!Double.isFinite(mean[i])) {
        throw new BadInputException(
            "%s answers %s for %s; the audit needs finite answers"
                .formatted(target.info().name(), mean[i], rows.id(i / first.columns())));
      }
    }
    return new Predictions(mean, first.columns(), first.meaning());
  }

  private Predictions once(Dataset rows) {
    run.checkCancelled();
    return target instanceof ScoreTarget scores && showsScores(target)
        ? scores.scores(rows)
        : votes(target.labels(rows));
  }

  private Predictions votes(int[] labels) {
    int classes = target.info().classes().size();
    double[] votes = new double[labels.length * classes];
    for (int row = 0; row < labels.length; row++) {
      votes[row * classes + labels[row]] = 1;
    }
    return new Predictions(votes, classes, Meaning.LABEL);
  }
}
