package io.afterimage.assess;

import io.afterimage.assess.Finding.RocPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How well scores tell members from non-members over several models, each of which learned from
 * some of the same people. Equal scores are one block, crossed straight, as in {@link Roc}.
 *
 * <p>A person's rows under different models are alike, and so are different people's rows under one
 * model. The variance is that of people drawn anew, and that of models, less that of single rows,
 * which is in both (Cameron, Gelbach, Miller: Robust Inference With Multiway Clustering, JBES
 * 2011); at least the greater of the two. A rate has the Clopper-Pearson interval of as many
 * independent rows as would vary as much; where nothing varies, all rows of a person count as one.
 */
final class PooledRoc {
  private static final int POINTS = 30;

  /** As many people as this rate needs of non-members are enough for lower rates too. */
  private static final double ENOUGH_PEOPLE = 0.01;

  private final boolean[][] learned;
  private final int[][] blocks;
  private final int distinct;
  private final Units people;
  private final double[] rates;
  private final Curve curve;
  private final Bootstrap byPerson;
  private final Bootstrap byModel;
  private final Bootstrap byRow;

  /**
   * @param scores by model and row
   * @param learned whether the model learned from the row's person
   * @param rates false positive rates that are asked for
   */
  PooledRoc(double[][] scores, boolean[][] learned, Units people, double[] rates, Resampling from) {
    this.learned = learned;
    this.people = people;
    double[] ascending =
        Arrays.stream(scores)
            .flatMapToDouble(Arrays::stream)
            .map(s -> s + 0.0)
            .sorted()
            .distinct()
            .toArray();
    this.distinct = ascending.length;
    this.blocks =
        Arrays.stream(scores)
            .map(of -> DoubleStream.of(of).mapToInt(score -> block(ascending, score)).toArray())
            .toArray(int[][]::new);
    double least = Math.min(1, Roc.EVENTS / rows(false));
    this.rates =
        DoubleStream.concat(
                DoubleStream.of(rates),
                IntStream.range(0, POINTS)
                    .mapToDouble(i -> Math.pow(least, 1 - i / (POINTS - 1.0))))
            .toArray();
    this.curve = new Curve((m, row) -> 1);
    double[] at = DoubleStream.of(this.rates).map(curve::threshold).toArray();
    int rows = people.rows();
    this.byPerson =
        drawn(people.count(), at, n -> (m, row) -> n[people.of(row)], from.keyed("people"));
    this.byModel = drawn(learned.length, at, n -> (m, row) -> n[m], from.keyed("models"));
    this.byRow =
        drawn(learned.length * rows, at, n -> (m, row) -> n[m * rows + row], from.keyed("rows"));
  }

  /** How often a row counts. */
  private interface Weights {
    int of(int model, int row);
  }

  private Bootstrap drawn(
      int units, double[] thresholds, Function<int[], Weights> weights, Resampling from) {
    return Bootstrap.of(
        units, counts -> new Curve(weights.apply(counts)).figures(rates, thresholds), from);
  }

  private double variance(int statistic) {
    double models = learned.length;
    double ofPeople = byPerson.variance(statistic);
    double ofModels = byModel.variance(statistic) * models / Math.max(1, models - 1);
    return Math.max(ofPeople + ofModels - byRow.variance(statistic), Math.max(ofPeople, ofModels));
  }

  /** Greatest scores first. */
  private static int block(double[] ascending, double score) {
    return ascending.length - 1 - Arrays.binarySearch(ascending, score + 0.0);
  }

  private long rows(boolean members) {
    return Arrays.stream(learned)
        .mapToLong(of -> IntStream.range(0, of.length).filter(row -> of[row] == members).count())
        .sum();
  }

  /** The curve of the rows, each counted so often. */
  private final class Curve {
    /** Weights of the rows up to the end of each block; the first place stands before all. */
    private final double[] members = new double[distinct + 1];

    private final double[] others = new double[distinct + 1];

    Curve(Weights weights) {
      for (int m = 0; m < learned.length; m++) {
        for (int row = 0; row < blocks[m].length; row++) {
          double[] role = learned[m][row] ? members : others;
          role[blocks[m][row] + 1] += weights.of(m, row);
        }
      }
      for (int k = 1; k <= distinct; k++) {
        members[k] += members[k - 1];
        others[k] += others[k - 1];
      }
    }

    double area() {
      double pairs = 0;
      for (int k = 1; k <= distinct; k++) {
        pairs +=
            (members[k] - members[k - 1]) * (1 - (others[k] + others[k - 1]) / 2 / all(others));
      }
      return pairs / all(members);
    }

    private double all(double[] role) {
      return role[distinct];
    }

    /** How many blocks are called members at a false positive rate, the last of them in part. */
    double threshold(double rate) {
      double weight = rate * all(others) * (1 + 1e-12);
      int low = 0;
      int high = distinct;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (others[middle] <= weight) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low == distinct
          ? distinct
          : low + (weight - others[low]) / (others[low + 1] - others[low]);
    }

    private double share(double[] role, double threshold) {
      int whole = (int) Math.floor(threshold);
      double part = whole == distinct ? 0 : (role[whole + 1] - role[whole]) * (threshold - whole);
      return (role[whole] + part) / all(role);
    }

    double truePositiveRate(double rate) {
      return share(members, threshold(rate));
    }

    /** The area, the true positive rates, and the false positive rates at fixed thresholds. */
    double[] figures(double[] atRates, double[] atThresholds) {
      return DoubleStream.concat(
              DoubleStream.of(area()),
              DoubleStream.concat(
                  DoubleStream.of(atRates).map(this::truePositiveRate),
                  DoubleStream.of(atThresholds).map(t -> share(others, t))))
          .toArray();
    }
  }

  Metric auc() {
    double area = curve.area();
    Interval ends =
        area > 0 && area < 1 && variance(0) > 0
            ? Roc.onLogitScale(area, Math.sqrt(variance(0)), Interval.MISS)
            : Interval.clopperPearson(area * people.count(), people.count(), Interval.MISS);
    return Metric.of(area, ends.low(), ends.high(), people.count());
  }

  /**
   * The true positive rate at one of the rates that were asked for; unresolved where fewer than ten
   * independent false positives stand for it, or where there are fewer people than a rate of 1%
   * needs of non-members: however many models are asked about them, few do not stand for all.
   */
  Metric tprAt(double rate) {
    int place = place(rate);
    long needed = Power.nonMembersFor(rate);
    if (people.count() < peopleFor(rate)) {
      return Metric.unresolved(
          people.count(),
          String.format(
              Locale.ROOT,
              "a false positive rate of %s of a recipe needs %,d people, and there are %,d",
              Roc.text(rate),
              peopleFor(rate),
              people.count()));
    }
    double rows = rows(false) < needed ? rows(false) : independent(false, place);
    if (rows < needed) {
      return Metric.unresolved(
          people.count(),
          String.format(
              Locale.ROOT,
              "a false positive rate of %s needs %,d non-members, and the rows of %,d models count"
                  + " for %,.0f; more models would do",
              Roc.text(rate),
              needed,
              learned.length,
              Math.floor(rows)));
    }
    return figure(place);
  }

  private static int peopleFor(double rate) {
    return Power.nonMembersFor(Math.max(rate, ENOUGH_PEOPLE));
  }

  private int place(double rate) {
    return IntStream.range(0, rates.length).filter(i -> rates[i] == rate).findFirst().orElseThrow();
  }

  private Metric figure(int place) {
    double rate = curve.truePositiveRate(rates[place]);
    double rows = independent(true, place);
    Interval ends = Interval.clopperPearson(rate * rows, rows, Interval.MISS);
    return Metric.of(rate, ends.low(), ends.high(), people.count());
  }

  /** How many independent rows of a role would vary as much at one of the rates. */
  private double independent(boolean members, int place) {
    double share = members ? curve.truePositiveRate(rates[place]) : rates[place];
    double variance = variance(1 + (members ? 0 : rates.length) + place);
    double most = rows(members);
    return variance > 0
        ? Math.min(most, Math.max(2, share * (1 - share) / variance))
        : Math.min(most, people.count());
  }

  /** Points for log axes, from the least false positive rate that the rows resolve up to 1. */
  List<RocPoint> points() {
    return IntStream.range(rates.length - POINTS, rates.length)
        .filter(i -> people.count() >= peopleFor(rates[i]))
        .filter(i -> independent(false, i) * rates[i] >= Roc.EVENTS * (1 - 1e-9))
        .mapToObj(i -> point(rates[i], figure(i).interval(), curve.truePositiveRate(rates[i])))
        .toList();
  }

  private static RocPoint point(double rate, Interval ends, double tpr) {
    return new RocPoint(rate, tpr, ends.low(), ends.high());
  }
}
