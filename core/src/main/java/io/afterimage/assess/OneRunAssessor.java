package io.afterimage.assess;

import io.afterimage.base.Checks;
import io.afterimage.base.Run;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What canaries whose membership was drawn by coins say of epsilon: {@code epsilonLowerBound} at
 * 95% confidence, once for every mechanism and once for those that are as private as a Gaussian
 * one, a finding each.
 */
public final class OneRunAssessor {
  /** The confidence of both bounds, each by itself. */
  public static final double CONFIDENCE = 0.95;

  /** Numbers of guesses, as shares of the canaries, that are tried where none is given. */
  private static final double[] SHARES = {1 / 16.0, 1 / 4.0, 1};

  private static final Map<String, Kind> KINDS = new LinkedHashMap<>();

  private record Kind(OneRunAudit audit, String holds) {}

  static {
    KINDS.put("any-mechanism", new Kind(new ApproximateDpAudit(), "holds for every mechanism"));
    KINDS.put(
        "gaussian-mechanism",
        new Kind(
            new GaussianDpAudit(),
            "holds where the training is as private as a Gaussian mechanism, as long private"
                + " training nearly is, and proves nothing of others"));
  }

  private OneRunAssessor() {}

  /**
   * The numbers of guesses that are made about so many canaries, without a look at their scores:
   * the one that was fixed, else three, of which a bound pays for the choice.
   *
   * @param fixed 1 to the number of canaries; 0 for three
   */
  public static List<OneRunGuesses> guesses(CanaryScores scores, int fixed, Run run) {
    int canaries = scores.ids().size();
    if (fixed > 0) {
      Checks.check(
          fixed <= canaries,
          "membership-one-run: --guesses is %d, but there are %d canaries; lower it",
          fixed,
          canaries);
      return List.of(scores.guesses(fixed, run));
    }
    return Arrays.stream(SHARES)
        .mapToInt(share -> Math.max(1, (int) (share * canaries)))
        .distinct()
        .mapToObj(made -> scores.guesses(made, run))
        .toList();
  }

  /**
   * One finding a kind of mechanism.
   *
   * @param tried by {@link #guesses}
   * @param delta at which epsilon is bounded, above 0 and below 1
   */
  public static List<Finding> assess(
      Ran ran, CanaryScores scores, List<OneRunGuesses> tried, double delta) {
    List<Finding> findings = new ArrayList<>();
    KINDS.forEach(
        (name, kind) -> {
          double bound = kind.audit().epsilonLowerBound(tried, delta, CONFIDENCE);
          String note = told(scores, tried, delta) + "; " + kind.holds();
          findings.add(finding(ran, name, bound, scores.ids().size(), note));
        });
    return findings;
  }

  private static Finding finding(Ran ran, String name, double bound, int canaries, String note) {
    return new Finding(
        ran.named(name),
        ran.attack().family(),
        ran.attack().access(),
        Status.RUN,
        note,
        ran.queries(),
        ran.seconds(),
        Map.of("epsilonLowerBound", Metric.observed(bound, canaries)),
        Map.of(),
        Map.of(),
        Severity.of(advantage(bound)),
        List.of(),
        List.of());
  }

  /** The greatest true minus false positive rate that this epsilon allows, without a delta. */
  private static double advantage(double epsilon) {
    return Math.tanh(epsilon / 2);
  }

  private static String told(CanaryScores scores, List<OneRunGuesses> tried, double delta) {
    long in = IntStream.range(0, scores.ids().size()).filter(i -> scores.included()[i]).count();
    String right =
        tried.stream()
            .map(g -> "%d of %d".formatted(g.correct(), g.made()))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%d of %d canaries were trained on; %s guesses were right%s; at delta %s and 95%% confidence",
        in,
        scores.ids().size(),
        right,
        tried.size() > 1 ? " (corrected for " + tried.size() + " numbers of guesses)" : "",
        EpsilonClaim.number(delta));
  }
}
