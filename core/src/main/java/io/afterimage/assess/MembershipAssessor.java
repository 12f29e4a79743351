package io.afterimage.assess;

import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Finding.Worst;
import io.afterimage.base.Run;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Membership scores held against chance and the blind classifier: one finding a signal.
 *
 * <p>{@code tprMinusFpr}, {@code balancedAccuracy} and {@code ppv} take the threshold that is best
 * on a random half of the people and count on the other half. {@code ppv} is the precision where a
 * stated share of the suspects, the prior, are members. {@code overBaseline} is the gain in AUC
 * over the better of chance and the blind classifier.
 */
public final class MembershipAssessor {
  private static final double CHANCE = 0.5;
  private static final int WORST_CLASSES = 5;
  private static final int LEAST_IN_CLASS = 10;
  private static final List<Double> FALSE_POSITIVE_RATES = List.of(0.0001, 0.001, 0.01, 0.1);
  private static final String COINS =
      "a bound on epsilon needs membership drawn by independent coins (a one-run audit) or by"
          + " retraining; these members were given";

  private final MembershipScores scores;
  private final Optional<Signal> blind;
  private final List<String> classNames;
  private final double prior;
  private final Units members;
  private final Units nonMembers;
  private final boolean[] memberHalf;
  private final boolean[] nonMemberHalf;

  private MembershipAssessor(
      MembershipScores scores,
      Optional<Signal> blind,
      List<String> classNames,
      double prior,
      Run run) {
    this.scores = scores;
    this.blind = blind;
    this.classNames = classNames;
    this.prior = prior;
    this.members = Units.of(scores.members().persons());
    this.nonMembers = Units.of(scores.nonMembers().persons());
    this.memberHalf = members.half(run, "threshold/members");
    this.nonMemberHalf = nonMembers.half(run, "threshold/nonmembers");
  }

  /**
   * One finding a signal.
   *
   * @param blind scores of the blind classifier for the same people, if it could be trained
   * @param classNames the target's classes; empty for a regressor
   * @param prior the share of members among those whom an adversary suspects, above 0 and below 1
   */
  public static List<Finding> assess(
      Ran ran,
      MembershipScores scores,
      Optional<Signal> blind,
      List<String> classNames,
      double prior,
      Run run) {
    MembershipAssessor assessor = new MembershipAssessor(scores, blind, classNames, prior, run);
    return scores.signals().entrySet().stream()
        .map(signal -> assessor.finding(ran, signal.getKey(), signal.getValue()))
        .toList();
  }

  /** The area under the curve of one signal, as the preflight asks of the blind classifier. */
  public static Metric auc(Signal signal, People members, People nonMembers) {
    return ScoredPeople.of(signal, members, nonMembers).roc().auc();
  }

  private Finding finding(Ran ran, String name, Signal signal) {
    Roc roc = curve(signal);
    Map<String, Metric> metrics = metrics(roc, signal);
    Map<String, Advantage> advantages = new LinkedHashMap<>();
    Optional<Advantage> gain = advantage(roc);
    gain.ifPresent(advantage -> advantages.put("overBaseline", advantage));
    Map<String, Metric> baselines = baselines();
    return new Finding(
        ran.named(name),
        ran.attack().family(),
        ran.attack().access(),
        Status.RUN,
        ran.noteAnd(scores.notes()),
        ran.queries(),
        ran.seconds(),
        metrics,
        baselines,
        advantages,
        severity(gain, metrics, baselines),
        Stream.concat(
                ExposedRecords.of(signal, scores.members(), scores.nonMembers(), prior),
                worstClasses(signal))
            .toList(),
        roc.points());
  }

  private Roc curve(Signal signal) {
    return ScoredPeople.of(signal, members, nonMembers).roc();
  }

  private Map<String, Metric> metrics(Roc roc, Signal signal) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("auc", roc.auc());
    for (double rate : FALSE_POSITIVE_RATES) {
      metrics.put(tpr(rate), roc.tprAt(rate));
    }
    metrics.putAll(onTheOtherHalf(signal));
    metrics.put("epsilonLowerBound", Metric.unresolved(roc.people(), COINS));
    return metrics;
  }

  private static String tpr(double falsePositiveRate) {
    return "tpr@" + Roc.text(falsePositiveRate);
  }

  /** What a threshold chosen on one half of the people achieves on the other. */
  private Map<String, Metric> onTheOtherHalf(Signal signal) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    if (Math.min(members.count(), nonMembers.count()) < 2 * LEAST_IN_CLASS) {
      Metric none =
          Metric.unresolved(
              members.count() + nonMembers.count(),
              "choosing a threshold on one half needs %d people in each role"
                  .formatted(2 * LEAST_IN_CLASS));
      List.of("tprMinusFpr", "balancedAccuracy", "ppv").forEach(name -> metrics.put(name, none));
      return metrics;
    }
    Decision counted = half(signal, false).at(half(signal, true).bestThreshold());
    metrics.put("tprMinusFpr", counted.tprMinusFpr());
    metrics.put("balancedAccuracy", counted.balancedAccuracy());
    metrics.put("ppv", counted.precision(prior));
    return metrics;
  }

  private Roc half(Signal signal, boolean which) {
    return curve(signal, members.rows(memberHalf, which), nonMembers.rows(nonMemberHalf, which));
  }

  private Roc curve(Signal signal, int[] memberRows, int[] nonMemberRows) {
    return ScoredPeople.of(signal, members, nonMembers).select(memberRows, nonMemberRows).roc();
  }

  private Map<String, Metric> baselines() {
    Map<String, Metric> baselines = new LinkedHashMap<>();
    baselines.put("chance", Metric.of(0.5, 0.5, 0.5, members.count() + nonMembers.count()));
    blind
        .map(this::curve)
        .ifPresent(
            roc -> {
              baselines.put("blind", roc.auc());
              for (double rate : FALSE_POSITIVE_RATES) {
                baselines.put("blind/" + tpr(rate), roc.tprAt(rate));
              }
            });
    return baselines;
  }

  private Optional<Advantage> advantage(Roc roc) {
    if (!roc.auc().resolved()) {
      return Optional.empty();
    }
    List<Gain> gains = new ArrayList<>();
    gains.add(new Gain("chance", 2 * roc.area() - 1, miss -> overChance(roc.auc(miss))));
    blind
        .map(this::curve)
        .filter(other -> other.area() < 1)
        .ifPresent(other -> gains.add(Gain.inArea("blind", roc, other)));
    return Optional.of(Gain.overBest(gains, roc.people()));
  }

  private static Interval overChance(Metric auc) {
    return auc.map(area -> 2 * area - 1).interval();
  }

  /** What is proven beyond chance and beyond the blind classifier, whichever does better. */
  private static Severity severity(
      Optional<Advantage> gain, Map<String, Metric> metrics, Map<String, Metric> baselines) {
    double proven = gain.map(Metric::of).map(metric -> provenAbove(metric, 0)).orElse(0.0);
    for (double rate : FALSE_POSITIVE_RATES) {
      double without =
          Optional.ofNullable(baselines.get("blind/" + tpr(rate))).map(Metric::value).orElse(rate);
      proven = Math.max(proven, provenAbove(metrics.get(tpr(rate)), Math.max(rate, without)));
    }
    return Severity.of(proven);
  }

  private static double provenAbove(@Nullable Metric metric, double chance) {
    return metric == null || metric.low() == null ? 0 : metric.low() - chance;
  }

  /**
   * The classes with the highest areas among those proven to be above chance; their intervals hold
   * together (Bonferroni).
   */
  private Stream<Worst> worstClasses(Signal signal) {
    Map<Integer, int[]> nonMemberRows = rowsByClass(scores.nonMembers().classes());
    Map<Integer, Roc> curves = new LinkedHashMap<>();
    rowsByClass(scores.members().classes())
        .forEach(
            (c, memberRows) -> {
              int[] others = nonMemberRows.get(c);
              if (others != null) {
                curves.put(c, curve(signal, memberRows, others));
              }
            });
    double miss = Interval.MISS / Math.max(1, curves.size());
    return curves.entrySet().stream()
        .map(curve -> worst(curve.getKey(), curve.getValue().auc(miss)))
        .filter(worst -> provenAbove(worst.metric(), CHANCE) > 0)
        .sorted(Comparator.comparingDouble(worst -> -provenAbove(worst.metric(), 0)))
        .limit(WORST_CLASSES);
  }

  private Worst worst(int classIndex, Metric auc) {
    String name =
        classIndex < classNames.size() ? classNames.get(classIndex) : "class " + classIndex;
    return new Worst(name, "class", auc, "auc");
  }

  /** Rows by class, of classes with enough rows to say anything; in the order of the classes. */
  private static Map<Integer, int[]> rowsByClass(int[] classes) {
    Map<Integer, List<Integer>> rows = new TreeMap<>();
    for (int row = 0; row < classes.length; row++) {
      rows.computeIfAbsent(classes[row], c -> new ArrayList<>()).add(row);
    }
    Map<Integer, int[]> enough = new LinkedHashMap<>();
    rows.forEach(
        (c, of) -> {
          if (of.size() >= LEAST_IN_CLASS) {
            enough.put(c, of.stream().mapToInt(Integer::intValue).toArray());
          }
        });
    return enough;
  }
}
