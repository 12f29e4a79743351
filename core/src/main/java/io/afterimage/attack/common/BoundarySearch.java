package io.afterimage.attack.common;

import static io.afterimage.base.Checks.inRange;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How far points are from the boundary behind which a classifier gives them another label, by its
 * labels alone.
 *
 * <p>HopSkipJump: Chen, Jordan, Wainwright, IEEE S&amp;P 2020, Euclidean and untargeted. From a
 * point beyond the boundary it bisects the way back, estimates the boundary's normal there from the
 * labels of random places around, steps along it as far as it stays beyond, and bisects again.
 *
 * <p>Departs from the paper in three points. All points advance together, so that each phase is one
 * batch of questions. The radius of the places around, the distance over the dimensions, is at most
 * a tenth of the distance, and bisection ends at a hundredth of its way at the latest: in a table's
 * few dimensions the paper's figures are coarse. The distance is that of the nearest point found,
 * not the last.
 *
 * <p>Coordinates that are NaN stay NaN and count for nothing.
 */
public final class BoundarySearch {
  private static final int MOST_HALVINGS = 10;
  private static final double COARSEST = 0.01;
  private static final double WIDEST_RADIUS = 0.1;

  private final Oracle oracle;
  private final Settings settings;
  private final double[] low;
  private final double[] high;

  /** Whom points were made for, and whether the classifier gives them another label there. */
  @FunctionalInterface
  public interface Oracle {
    /**
     * Asks about places.
     *
     * @param who whose place each is, as an index of the points that are searched from
     * @return for each place whether its label differs from that person's own
     */
    boolean[] crossed(int[] who, double[][] places);
  }

  /**
   * How much is asked.
   *
   * @param steps along the boundary
   * @param directions places around the boundary that the first step asks about; the t-th asks
   *     about sqrt(t) times as many
   */
  public record Settings(int steps, int directions) {
    public Settings {
      inRange("--steps", steps, 0, 10_000);
      inRange("--directions", directions, 1, 1_000_000);
    }

    private int directions(int step) {
      return (int) (directions * Math.sqrt(step));
    }

    /** Questions about one point at most, in so many dimensions. */
    public long questions(int dimensions) {
      long each = MOST_HALVINGS + (long) bisections(dimensions);
      return bisections(dimensions)
          + IntStream.rangeClosed(1, steps).mapToLong(t -> directions(t) + each).sum();
    }

    /** Numbers that one point's questions of one batch hold at most. */
    public long numbersAtOnce(int dimensions) {
      return (long) directions(Math.max(1, steps)) * dimensions;
    }
  }

  private static int bisections(int dimensions) {
    double tolerance = Math.min(COARSEST, Math.pow(dimensions, -1.5));
    return (int) Math.ceil(-Math.log(tolerance) / Math.log(2));
  }

  /**
   * A search within bounds.
   *
   * @param low the least coordinates that are asked about
   * @param high the greatest
   */
  public BoundarySearch(Oracle oracle, Settings settings, double[] low, double[] high) {
    this.oracle = oracle;
    this.settings = settings;
    this.low = low;
    this.high = high;
  }

  /**
   * The distance of each point from the boundary.
   *
   * @param own the points
   * @param beyond for each a place with another label
   * @param random the generator of each point's directions
   */
  public double[] distances(
      double[][] own, double[][] beyond, IntFunction<RandomGenerator> random) {
    if (own.length == 0) {
      return new double[0];
    }
    RandomGenerator[] generators =
        IntStream.range(0, own.length).mapToObj(random).toArray(RandomGenerator[]::new);
    double[][] at = bisected(own, beyond);
    double[] least = distances(own, at);
    for (int step = 1; step <= settings.steps(); step++) {
      double[][] normals = normals(own, at, settings.directions(step), generators);
      at = bisected(own, stepped(own, at, normals, step));
      double[] found = distances(own, at);
      Arrays.setAll(least, i -> Math.min(least[i], found[i]));
    }
    return least;
  }

  /** The places nearest to the points on the ways to those beyond that are beyond, too. */
  private double[][] bisected(double[][] own, double[][] beyond) {
    double[] near = new double[own.length];
    double[] far = new double[own.length];
    Arrays.fill(far, 1);
    int[] all = IntStream.range(0, own.length).toArray();
    for (int i = bisections(own[0].length); i > 0; i--) {
      double[][] middles = new double[own.length][];
      Arrays.setAll(middles, p -> between(own[p], beyond[p], (near[p] + far[p]) / 2));
      boolean[] crossed = oracle.crossed(all, middles);
      for (int p = 0; p < own.length; p++) {
        double middle = (near[p] + far[p]) / 2;
        near[p] = crossed[p] ? near[p] : middle;
        far[p] = crossed[p] ? middle : far[p];
      }
    }
    double[][] found = new double[own.length][];
    Arrays.setAll(found, p -> far[p] == 1 ? beyond[p] : between(own[p], beyond[p], far[p]));
    return found;
  }

  private static double[] between(double[] from, double[] to, double share) {
    double[] place = new double[from.length];
    Arrays.setAll(place, i -> from[i] + share * (to[i] - from[i]));
    return place;
  }

  /** Unit vectors that lead away from the points' own labels, as the places around tell. */
  private double[][] normals(
      double[][] own, double[][] at, int directions, RandomGenerator[] random) {
    int dimensions = own[0].length;
    double[][] places = new double[own.length * directions][];
    int[] who = IntStream.range(0, places.length).map(i -> i / directions).toArray();
    for (int i = 0; i < places.length; i++) {
      int p = who[i];
      double radius = distance(own[p], at[p]) * Math.min(WIDEST_RADIUS, 1.0 / dimensions);
      places[i] = moved(own[p], at[p], radius, unit(at[p], random[p]));
    }
    boolean[] crossed = oracle.crossed(who, places);
    double[][] normals = new double[own.length][];
    for (int p = 0; p < own.length; p++) {
      normals[p] = normal(at[p], places, crossed, p * directions, directions);
    }
    return normals;
  }

  /** A direction, uniform among those of the coordinates that can be moved. */
  private static double[] unit(double[] at, RandomGenerator random) {
    double[] direction = new double[at.length];
    for (int i = 0; i < at.length; i++) {
      double drawn = random.nextGaussian();
      direction[i] = Double.isNaN(at[i]) ? 0 : drawn;
    }
    return scaledToOne(direction);
  }

  /**
   * The mean direction towards places beyond, less that of all places; a baseline as the paper's.
   */
  private static double[] normal(
      double[] at, double[][] places, boolean[] crossed, int from, int count) {
    double mean = 0;
    for (int i = from; i < from + count; i++) {
      mean += (crossed[i] ? 1.0 : -1.0) / count;
    }
    double[] sum = new double[at.length];
    for (int i = from; i < from + count; i++) {
      double weight = (crossed[i] ? 1 : -1) - (Math.abs(mean) == 1 ? 0 : mean);
      for (int k = 0; k < sum.length; k++) {
        sum[k] += Double.isNaN(at[k]) ? 0 : weight * (places[i][k] - at[k]);
      }
    }
    return scaledToOne(sum);
  }

  private static double[] scaledToOne(double[] vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(v -> v * v).sum());
    return length == 0 ? vector : Arrays.stream(vector).map(v -> v / length).toArray();
  }

  /**
   * The places a step along the normals leads to: as long as the distance over the root of the
   * step's number, and halved until it ends beyond the boundary.
   */
  private double[][] stepped(double[][] own, double[][] at, double[][] normals, int step) {
    double[][] found = at.clone();
    int[] inside = IntStream.range(0, own.length).toArray();
    double share = 1 / Math.sqrt(step);
    for (int halving = 0; halving < MOST_HALVINGS && inside.length > 0; halving++) {
      double length = share;
      double[][] places =
          Arrays.stream(inside)
              .mapToObj(p -> moved(own[p], at[p], length * distance(own[p], at[p]), normals[p]))
              .toArray(double[][]::new);
      boolean[] crossed = oracle.crossed(inside, places);
      for (int i = 0; i < inside.length; i++) {
        found[inside[i]] = crossed[i] ? places[i] : found[inside[i]];
      }
      int[] asked = inside;
      inside =
          IntStream.range(0, asked.length).filter(i -> !crossed[i]).map(i -> asked[i]).toArray();
      share /= 2;
    }
    return found;
  }

  /** So far along a direction, but within the bounds, which widen for who lies outside them. */
  private double[] moved(double[] own, double[] from, double length, double[] direction) {
    double[] place = new double[from.length];
    for (int i = 0; i < place.length; i++) {
      double least = Math.min(low[i], Math.min(own[i], from[i]));
      double most = Math.max(high[i], Math.max(own[i], from[i]));
      place[i] = Math.max(least, Math.min(most, from[i] + length * direction[i]));
    }
    return place;
  }

  private static double[] distances(double[][] own, double[][] at) {
    return IntStream.range(0, own.length).mapToDouble(p -> distance(own[p], at[p])).toArray();
  }

  /** Euclidean, over the coordinates that both have. */
  public static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      double difference = a[i] - b[i];
      sum += Double.isNaN(difference) ? 0 : difference * difference;
    }
    return Math.sqrt(sum);
  }
}
