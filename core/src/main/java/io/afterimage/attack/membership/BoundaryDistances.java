package io.afterimage.attack.membership;

import io.afterimage.attack.common.BoundarySearch;
import io.afterimage.attack.common.NumericSpace;
import io.afterimage.attack.common.Sample;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.target.LabelTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How far rows are from where the target names another class, in the space of their numbers.
 *
 * <p>The search for a row starts from the nearest known row that the target names otherwise and
 * whose numbers make it name this row otherwise, too. Where texts stand in the way of all that are
 * tried, the row counts as far away as the farthest known row: its numbers alone do not lead out.
 */
final class BoundaryDistances {
  /** Known rows that searches start from. */
  static final int MOST_KNOWN = 200;

  /** Known rows that are tried for each row. */
  static final int TRIES = 10;

  private final LabelTarget target;
  private final NumericSpace space;
  private final BoundarySearch.Settings settings;
  private final Run run;
  private final List<Known> known = new ArrayList<>();

  /** A row that the adversary holds, and what the target calls it. */
  private record Known(double[] point, int label) {}

  BoundaryDistances(
      LabelTarget target,
      List<Dataset> known,
      NumericSpace space,
      BoundarySearch.Settings settings,
      Run run) {
    this.target = target;
    this.space = space;
    this.settings = settings;
    this.run = run;
    for (Dataset rows : known) {
      Dataset drawn = Sample.drawn(rows, MOST_KNOWN / known.size(), run);
      int[] labels = target.labels(drawn);
      for (int row = 0; row < labels.length; row++) {
        this.known.add(new Known(space.point(drawn, row), labels[row]));
      }
    }
  }

  /** Questions about each row at most. */
  static long questions(BoundarySearch.Settings settings, NumericSpace space) {
    return TRIES + settings.questions(space.dimensions());
  }

  /**
   * The distance of each of these people, all of whom the target names rightly.
   *
   * @param truth their classes
   */
  double[] of(Dataset people, int[] truth) {
    double[][] own = space.points(people);
    double[][] beyond = starts(own, truth, oracle(people, truth));
    int[] found = IntStream.range(0, own.length).filter(i -> beyond[i].length > 0).toArray();
    Dataset started = people.select(found);
    int[] classes = Arrays.stream(found).map(i -> truth[i]).toArray();
    double[] searched =
        new BoundarySearch(oracle(started, classes), settings, space.low(), space.high())
            .distances(
                Arrays.stream(found).mapToObj(i -> own[i]).toArray(double[][]::new),
                Arrays.stream(found).mapToObj(i -> beyond[i]).toArray(double[][]::new),
                i -> run.random("boundary of " + started.id(i)));
    double[] distances = Arrays.stream(own).mapToDouble(this::farthest).toArray();
    for (int i = 0; i < found.length; i++) {
      distances[found[i]] = searched[i];
    }
    return distances;
  }

  private BoundarySearch.Oracle oracle(Dataset people, int[] truth) {
    return (who, places) -> {
      run.checkCancelled();
      int[] labels = target.labels(space.rowsAt(people, who, places));
      boolean[] crossed = new boolean[labels.length];
      for (int i = 0; i < labels.length; i++) {
        crossed[i] = labels[i] != truth[who[i]];
      }
      return crossed;
    };
  }

  /** For each point a known one at which the target names another class; empty where none does. */
  private double[][] starts(double[][] own, int[] truth, BoundarySearch.Oracle oracle) {
    List<List<double[]>> candidates = new ArrayList<>();
    for (int i = 0; i < own.length; i++) {
      candidates.add(nearestOthers(own[i], truth[i]));
    }
    double[][] beyond = new double[own.length][0];
    for (int attempt = 0; attempt < TRIES; attempt++) {
      int tried = attempt;
      int[] who =
          IntStream.range(0, own.length)
              .filter(i -> beyond[i].length == 0 && candidates.get(i).size() > tried)
              .toArray();
      if (who.length == 0) {
        break;
      }
      double[][] places =
          Arrays.stream(who).mapToObj(i -> candidates.get(i).get(tried)).toArray(double[][]::new);
      boolean[] crossed = oracle.crossed(who, places);
      for (int i = 0; i < who.length; i++) {
        beyond[who[i]] = crossed[i] ? places[i] : beyond[who[i]];
      }
    }
    return beyond;
  }

  /** The known points of other labels that lie nearest, with this one's own gaps. */
  private List<double[]> nearestOthers(double[] own, int label) {
    return known.stream()
        .filter(other -> other.label != label)
        .map(other -> withGaps(own, other.point))
        .sorted(Comparator.comparingDouble(point -> BoundarySearch.distance(own, point)))
        .limit(TRIES)
        .toList();
  }

  /** A missing number stays missing; where the other row has none, the own one stays. */
  private static double[] withGaps(double[] own, double[] other) {
    double[] point = new double[own.length];
    Arrays.setAll(point, i -> Double.isNaN(own[i]) || Double.isNaN(other[i]) ? own[i] : other[i]);
    return point;
  }

  private double farthest(double[] own) {
    return known.stream()
        .mapToDouble(other -> BoundarySearch.distance(own, other.point))
        .max()
        .orElse(0);
  }
}
