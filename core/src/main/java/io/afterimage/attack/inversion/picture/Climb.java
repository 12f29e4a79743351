package io.afterimage.attack.inversion.picture;

import io.afterimage.attack.common.Search;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One search for one class: what it asks next, and the best picture it has stood at. */
public final class Climb {
  private final int target;
  private final Search search;
  private final Completion completion;
  private final float[] start;
  private final float[] best;
  private double goodness = Double.NEGATIVE_INFINITY;
  private double confidence;
  private int steps;
  private @Nullable Trail<float[]> trail;

  /**
   * A climb from where its search stands.
   *
   * @param completion of the pictures that it asks about
   * @param pixels of one picture
   */
  public Climb(int target, Canvas canvas, Search search, Completion completion, int pixels) {
    this(target, canvas, search, search.centre(), completion, pixels);
  }

  /**
   * A climb whose search has moved already.
   *
   * @param from the numbers of the picture that counts as its start
   */
  public Climb(
      int target, Canvas canvas, Search search, double[] from, Completion completion, int pixels) {
    this.target = target;
    this.search = search;
    this.completion = completion;
    this.start = new float[pixels];
    canvas.paint(new double[][] {from}, start);
    completion.complete(start, 0, target);
    this.best = start.clone();
  }

  /** Keeps from now on where it has stood. */
  void keepTrail() {
    trail = new Trail<>();
  }

  /** Where it has stood, if that was kept. */
  Optional<Trail<float[]>> trail() {
    return Optional.ofNullable(trail);
  }

  /** The class. */
  int target() {
    return target;
  }

  /** Pictures that it asks about at a time: where it stands, and a generation around that. */
  int questions() {
    return 1 + search.size();
  }

  /**
   * Writes the points of those pictures.
   *
   * @param points as many as there are questions, overwritten
   */
  void ask(double[][] points) {
    System.arraycopy(search.centre(), 0, points[0], 0, points[0].length);
    search.propose(Arrays.copyOfRange(points, 1, points.length));
  }

  /**
   * Puts what is known into the pictures that are asked about.
   *
   * @param pixels which hold them, in order, from this place on
   * @return how far each was from what is known
   */
  double[] complete(float[] pixels, int offset) {
    double[] apart = new double[questions()];
    Arrays.setAll(apart, i -> completion.complete(pixels, offset + i * start.length, target));
    return apart;
  }

  /**
   * Moves on.
   *
   * @param logP log of the class's probability for each picture asked about, in order
   * @param apart how far each was from what is known
   * @param pixels which hold the picture where it stands from this place on
   */
  void learn(double[] logP, double[] apart, float[] pixels, int offset) {
    if (trail != null) {
      trail.pass(steps, () -> Arrays.copyOfRange(pixels, offset, offset + best.length));
    }
    double[] good = new double[logP.length];
    Arrays.setAll(good, i -> logP[i] - apart[i]);
    if (good[0] > goodness) {
      goodness = good[0];
      confidence = Math.exp(logP[0]);
      System.arraycopy(pixels, offset, best, 0, best.length);
    }
    search.learn(Arrays.copyOfRange(good, 1, good.length));
    steps++;
  }

  /** The target's confidence in the best picture where it has stood, at least 0. */
  double confidence() {
    return confidence;
  }

  int steps() {
    return steps;
  }

  float[] start() {
    return start;
  }

  float[] best() {
    return best;
  }
}
