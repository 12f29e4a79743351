package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.WithReferences;
import io.afterimage.attack.common.Ranks;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Takes for members those whose probability under the target, beside that under models like it,
 * exceeds that of most other people by so many times.
 *
 * <p>Zarifzadeh, Liu, Shokri: Low-Cost High-Power Membership Inference Attacks, ICML 2024.
 *
 * <ul>
 *   <li>{@code online}: p of the true class is compared with its mean over models, half of which
 *       learned from the person.
 *   <li>{@code offline}: with the paper's guess of that mean from those that did not: ((1 + a) p +
 *       1 - a) / 2.
 * </ul>
 *
 * <p>The score is the share of the people whose ratio the person's exceeds gamma times. They are
 * everybody judged, not a population of its own: the score grows with the person's ratio in either
 * case, so that whom it is compared with moves thresholds and no ROC. A regressor's p is the normal
 * density of its error among those that the models make of strangers, beside that of no error.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipRmia extends ReferenceAttack<MembershipRmia.Settings> {
  private static final double LEAST = 1e-300;

  /**
   * The settings.
   *
   * @param models that the target is compared with
   * @param gamma how many times another's ratio must be exceeded, from 1
   * @param a the slope of the offline guess, 0 to 1
   */
  public record Settings(
      ReferenceSettings models,
      @Setting("how many times another's ratio must be exceeded") double gamma,
      @Setting("slope of the guess of p over all models from those without the person") double a)
      implements WithReferences {
    public Settings {
      inRange("--gamma", gamma, 1, 1e6);
      inRange("--a", a, 0, 1);
    }
  }

  public MembershipRmia() {
    super(
        "membership-rmia",
        "compares the model's probabilities with those of others like it, and people with each other",
        "Zarifzadeh, Liu, Shokri, ICML 2024");
  }

  @Override
  public Settings defaults() {
    return new Settings(ReferenceSettings.DEFAULTS, 1, 0.3);
  }

  @Override
  public Settings small() {
    return new Settings(ReferenceSettings.SMALL, 1, 0.3);
  }

  @Override
  Map<String, double[]> signals(References references, Settings settings) {
    DoubleUnaryOperator p = probability(references);
    double[] online = new double[references.people()];
    double[] offline = new double[references.people()];
    for (int i = 0; i < online.length; i++) {
      double found = p.applyAsDouble(references.target(i));
      double with = mean(references.with(i), p);
      double without = mean(references.without(i), p);
      double guess = ((1 + settings.a()) * without + 1 - settings.a()) / 2;
      online[i] = found / Math.max((with + without) / 2, LEAST);
      offline[i] = found / Math.max(guess, LEAST);
    }
    Map<String, double[]> signals = new LinkedHashMap<>();
    signals.put("online", exceeding(online, settings.gamma()));
    signals.put("offline", exceeding(offline, settings.gamma()));
    return signals;
  }

  /** Of a confidence: the logistic function; of an error its normal density beside that of none. */
  private static DoubleUnaryOperator probability(References references) {
    if (!references.ofValues()) {
      return confidence -> 1 / (1 + Math.exp(-confidence));
    }
    // Added up by size: sums of floats depend on their order, which must not be that of files.
    double variance =
        IntStream.range(0, references.people())
            .mapToObj(references::without)
            .flatMapToDouble(Arrays::stream)
            .map(error -> error * error)
            .sorted()
            .average()
            .orElseThrow();
    return error -> Math.exp(-error * error / (2 * Math.max(variance, LEAST)));
  }

  private static double mean(double[] confidences, DoubleUnaryOperator p) {
    return Arrays.stream(confidences).map(p).average().orElseThrow();
  }

  /** The share of all ratios that each is at least so many times. */
  private static double[] exceeding(double[] ratios, double gamma) {
    return Ranks.notAbove(ratios, Arrays.stream(ratios).map(ratio -> ratio / gamma).toArray());
  }
}
