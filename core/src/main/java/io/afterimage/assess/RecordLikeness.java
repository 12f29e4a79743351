package io.afterimage.assess;

import io.afterimage.evidence.People;
import io.afterimage.evidence.Reconstructions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How alike reconstructions and the very records behind them are, in decibels and in structural
 * similarity: members' and non-members', the first minus the second, and both minus what a picture
 * reaches that knows nothing of the record. Intervals are by privacy unit. For information: what an
 * answer gives away of its own record is not a leak of training data, unless members come off
 * worse, and even then their records may have been the easier ones.
 */
final class RecordLikeness {
  /** Ends the name of the members' figure minus the non-members'. */
  private static final String MEMBERS_OVER_NON_MEMBERS = "/membersOverNonmembers";

  /** Ends the name of a figure minus that of the population's mean picture. */
  private static final String OVER_POPULATION_MEAN = "/overPopulationMean";

  private static final String MEMBERS = "@members";
  private static final String NON_MEMBERS = "@nonmembers";

  private final Reconstructions evidence;
  private final Resampling from;
  private final Units members;
  private final Units nonMembers;

  RecordLikeness(Reconstructions evidence, Resampling from) {
    this.evidence = evidence;
    this.from = from;
    this.members = units(evidence.origins().members());
    this.nonMembers = units(evidence.origins().nonMembers());
  }

  private static Units units(People people) {
    return Units.of(people.persons());
  }

  /** The figures by name; none where no records stand behind the pictures. */
  Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    if (evidence.origins().count() > 0) {
      add(Reconstructions.RECORD_PSNR, metrics);
      add(Reconstructions.RECORD_SSIM, metrics);
    }
    return metrics;
  }

  private void add(String name, Map<String, Metric> metrics) {
    double[] alike = evidence.judged().get(name);
    double[] mean = evidence.judged().get(name + Reconstructions.OF_POPULATION_MEAN);
    if (alike == null || mean == null) {
      String reason =
          evidence.unjudged().getOrDefault(name, "nobody compared the pictures with their records");
      metrics.put(name + MEMBERS, Metric.unresolved(members.count(), reason));
      metrics.put(name + NON_MEMBERS, Metric.unresolved(nonMembers.count(), reason));
      return;
    }
    double[] gains =
        IntStream.range(0, alike.length).mapToDouble(i -> alike[i] - mean[i]).toArray();
    metrics.put(name + MEMBERS, Interval.mean(ofMembers(alike), members));
    metrics.put(name + NON_MEMBERS, Interval.mean(ofNonMembers(alike), nonMembers));
    metrics.put(name + MEMBERS_OVER_NON_MEMBERS, difference(name, alike));
    metrics.put(name + OVER_POPULATION_MEAN + MEMBERS, Interval.mean(ofMembers(gains), members));
    metrics.put(
        name + OVER_POPULATION_MEAN + NON_MEMBERS, Interval.mean(ofNonMembers(gains), nonMembers));
  }

  /** What the population's mean picture reaches, by name. */
  Map<String, Metric> baselines() {
    Map<String, Metric> baselines = new LinkedHashMap<>();
    for (String name : new String[] {Reconstructions.RECORD_PSNR, Reconstructions.RECORD_SSIM}) {
      double[] mean = evidence.judged().get(name + Reconstructions.OF_POPULATION_MEAN);
      if (mean != null && evidence.origins().count() > 0) {
        String prefix = "population-mean/" + name;
        baselines.put(prefix + MEMBERS, Interval.mean(ofMembers(mean), members));
        baselines.put(prefix + NON_MEMBERS, Interval.mean(ofNonMembers(mean), nonMembers));
      }
    }
    return baselines;
  }

  private double[] ofMembers(double[] all) {
    return Arrays.copyOf(all, members.rows());
  }

  private double[] ofNonMembers(double[] all) {
    return Arrays.copyOfRange(all, members.rows(), all.length);
  }

  /** The members' mean minus the non-members', bootstrapped over the people of either. */
  private Metric difference(String name, double[] alike) {
    int people = members.count() + nonMembers.count();
    if (members.count() < 2 || nonMembers.count() < 2) {
      return Metric.unresolved(people, "an interval needs at least 2 members and 2 non-members");
    }
    double[] one = ofMembers(alike);
    double[] other = ofNonMembers(alike);
    double value = Interval.mean(one) - Interval.mean(other);
    Resampling keyed = from.keyed(name);
    Interval ends =
        mean(one, members, keyed.keyed("members"))
            .with(mean(other, nonMembers, keyed.keyed("nonmembers")), Advantages.DIFFERENCE)
            .interval(0, value, Interval.MISS);
    return Metric.of(value, ends.low(), ends.high(), people);
  }

  private static Bootstrap mean(double[] perRow, Units units, Resampling from) {
    double[] sums = units.sums(perRow);
    return Bootstrap.of(
        units.count(),
        drawn -> {
          double sum = 0;
          double rows = 0;
          for (int unit = 0; unit < drawn.length; unit++) {
            sum += drawn[unit] * sums[unit];
            rows += drawn[unit] * units.rowsOf(unit);
          }
          return new double[] {sum / rows};
        },
        from);
  }
}
