package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Trails;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.target.FeatureTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Pictures whose features come near to given ones, by momentum descent on ‖Φ(x) - Φ0‖² / ‖Φ0‖² plus
 * what natural pictures avoid: the mean sixth power of the pixels, and the mean squared difference
 * of neighbours. Mahendran &amp; Vedaldi: Understanding Deep Image Representations by Inverting
 * Them, CVPR 2015, with alpha 6 and beta 2.
 *
 * <p>Each picture goes its own way. Its first step has the length that the settings say, which
 * stands for the rate that the paper picks by hand for each layer. Where the cost stands still, it
 * goes back to its best and on in steps ten times shorter; after five times it is done.
 *
 * <p>Shapes: x is [rows, ...picture], features are [rows, numbers].
 */
final class FeatureDescent {
  private static final int MOST_CUTS = 5;
  private static final int ALPHA = 6;

  private final FeatureTarget target;
  private final String layer;
  private final Planes planes;
  private final InputRange range;
  private final DescentSettings settings;
  private final int rows;
  private final Tensor wanted;
  private final Tensor lengths;
  private final Tensor x;
  private final Tensor best;
  private final Tensor velocity;
  private final double[] least;
  private final double[] rates;
  private final int[] still;
  private final int[] cuts;
  private final int[] steps;
  private final Trails trails;

  /**
   * One descent; its tensors belong to the innermost scope.
   *
   * @param wanted the features that leaked, [rows, numbers]
   * @param start left as it is
   */
  private FeatureDescent(
      FeatureTarget target,
      String layer,
      Tensor wanted,
      Tensor start,
      Planes planes,
      InputRange range,
      DescentSettings settings,
      Trails trails) {
    this.target = target;
    this.layer = layer;
    this.planes = planes;
    this.range = range;
    this.settings = settings;
    this.rows = (int) start.size(0);
    this.wanted = wanted;
    Tensor squares = wanted.square().sum(false, 1);
    this.lengths = squares.where(squares.gt(0), Tensors.scalar(1f));
    this.x = start.copy();
    this.best = start.copy();
    this.velocity = Tensors.zerosLike(start);
    this.least = new double[rows];
    this.rates = new double[rows];
    this.still = new int[rows];
    this.cuts = new int[rows];
    this.steps = new int[rows];
    this.trails = trails;
    Arrays.fill(least, Double.POSITIVE_INFINITY);
  }

  /** What came out: picture after picture, and how many steps each took. */
  record Outcome(float[] pixels, int[] steps) {}

  /**
   * Descends until every picture is done, or no more may be asked.
   *
   * @param wanted the features that leaked, [rows, numbers]
   * @param start [rows, ...picture]
   * @param reserve questions that must be left in the query budget
   * @param trails of rows, which take the pictures that a row goes on from
   */
  @SuppressWarnings("try") // the scope is there to close
  static Outcome run(
      FeatureTarget target,
      String layer,
      Tensor wanted,
      Tensor start,
      Planes planes,
      InputRange range,
      DescentSettings settings,
      long reserve,
      Trails trails,
      Run run) {
    try (TensorScope scope = new TensorScope()) {
      FeatureDescent descent =
          new FeatureDescent(target, layer, wanted, start, planes, range, settings, trails);
      for (int taken = 0; descent.goesOn(taken, reserve); taken++) {
        run.progress("feature-inversion", taken, settings.steps());
        descent.advance(taken);
      }
      float[] pixels = Maths.clamp(descent.best, range.low(), range.high()).toFloats();
      return new Outcome(pixels, descent.steps);
    }
  }

  private boolean goesOn(int taken, long reserve) {
    boolean affordable = target.queriesLeft().orElse(Long.MAX_VALUE) >= rows + reserve;
    return taken <= settings.steps()
        && affordable
        && Arrays.stream(cuts).anyMatch(count -> count <= MOST_CUTS);
  }

  /** Judges the pictures that so many steps led to, and takes one more. */
  @SuppressWarnings("try") // the scope is there to close
  private void advance(int taken) {
    try (TensorScope scope = new TensorScope()) {
      Tensor at = x.detach().requireGrad();
      Tensor cost = cost(at);
      Tensor gradient = Autograd.gradients(cost.sum(), List.of(at), false).get(0);
      float[] costs = cost.detach().toFloats();
      if (taken == 0) {
        setRates(costs, Maths.norm(gradient.flatten(1), false, 1).toFloats());
      }
      int[] better = chosen(i -> costs[i] < least[i]);
      if (better.length > 0) {
        Tensor places = indices(better);
        InPlace.setRows(best, places, Indexing.indexSelect(x, 0, places));
      }
      int[] stuck = judge(costs, taken);
      pass(taken);
      step(gradient, stuck);
    }
  }

  private void setRates(float[] costs, float[] norms) {
    double length = settings.stepLength() * range.width() * Math.sqrt(planes.size());
    for (int i = 0; i < rows; i++) {
      check(
          Float.isFinite(costs[i]),
          "layer %s holds numbers that are not finite; invert another",
          layer);
      rates[i] = norms[i] > 0 ? length / norms[i] : 0;
      cuts[i] = norms[i] > 0 ? 0 : MOST_CUTS + 1; // nowhere to go
    }
  }

  /** Notes each cost; gives the rows that have stood still, their steps made shorter. */
  private int[] judge(float[] costs, int taken) {
    for (int i = 0; i < rows; i++) {
      still[i] = costs[i] < least[i] ? 0 : still[i] + 1;
      least[i] = Math.min(least[i], Float.isFinite(costs[i]) ? costs[i] : least[i]);
      steps[i] = cuts[i] <= MOST_CUTS ? taken : steps[i];
    }
    int[] stuck = chosen(i -> still[i] >= settings.standstill() || !Float.isFinite(costs[i]));
    for (int i : stuck) {
      still[i] = 0;
      cuts[i]++;
      rates[i] = cuts[i] <= MOST_CUTS ? rates[i] / 10 : 0;
    }
    return stuck;
  }

  private void pass(int taken) {
    for (int row : chosen(i -> cuts[i] <= MOST_CUTS)) {
      trails.pass(
          row, taken, () -> Maths.clamp(x.select(0, row), range.low(), range.high()).toFloats());
    }
  }

  private void step(Tensor gradient, int[] stuck) {
    long[] extents = new long[x.rank()];
    Arrays.fill(extents, 1);
    extents[0] = rows;
    InPlace.mul(velocity, settings.momentum());
    InPlace.addProduct(velocity, gradient, Tensors.of(rates, extents).to(x.dtype()), -1);
    if (stuck.length > 0) {
      Tensor places = indices(stuck);
      Tensor back = Indexing.indexSelect(best, 0, places);
      InPlace.setRows(velocity, places, Tensors.zerosLike(back));
      InPlace.setRows(x, places, back);
    }
    InPlace.add(x, velocity);
  }

  private int[] chosen(IntPredicate which) {
    return IntStream.range(0, rows).filter(which).toArray();
  }

  private static Tensor indices(int[] values) {
    return Tensors.of(Arrays.stream(values).asLongStream().toArray(), values.length);
  }

  // ---- what a picture costs, [rows]

  private Tensor cost(Tensor at) {
    Tensor difference = target.features(at, layer).flatten(1).sub(wanted);
    Tensor cost = difference.square().sum(false, 1).div(lengths);
    Tensor centred = at.flatten(1).sub(range.low() + range.width() / 2).mul(2 / range.width());
    if (settings.alphaNorm() > 0) {
      cost = cost.add(centred.pow(ALPHA).mean(false, 1), settings.alphaNorm());
    }
    return settings.totalVariation() > 0 && planes.height() > 1 && planes.width() > 1
        ? cost.add(variation(centred), settings.totalVariation())
        : cost;
  }

  private Tensor variation(Tensor centred) {
    int down = planes.channelsLast() ? 1 : 2;
    Tensor pictures =
        planes.channelsLast()
            ? centred.reshape(rows, planes.height(), planes.width(), planes.channels())
            : centred.reshape(rows, planes.channels(), planes.height(), planes.width());
    return differences(pictures, down).add(differences(pictures, down + 1));
  }

  private static Tensor differences(Tensor pictures, int axis) {
    long extent = pictures.size(axis) - 1;
    return pictures
        .narrow(axis, 1, extent)
        .sub(pictures.narrow(axis, 0, extent))
        .square()
        .mean(false, 1, 2, 3);
  }
}
