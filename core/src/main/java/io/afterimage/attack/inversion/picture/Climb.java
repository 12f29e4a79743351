package io.afterimage.attack.inversion.picture;

import io.afterimage.attack.common.Search;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One search for one class: what it asks next, and the best picture it has stood at. */
public final class Climb {
  private final int target;
  private final Search search;
  private final float[] start;
  private final float[] best;
  private double confidence = -1;
  private int steps;
  private @Nullable Trail<float[]> trail;

  /** A climb from where its search stands. */
  public Climb(int target, Canvas canvas, Search search, int pixels) {
    this(target, canvas, search, search.centre(), pixels);
  }

  /**
   * A climb whose search has moved already.
   *
   * @param from the numbers of the picture that counts as its start
   */
  public Climb(int target, Canvas canvas, Search search, double[] from, int pixels) {
    this.target = target;
    this.search = search;
    this.start = new float[pixels];
    canvas.paint(new double[][] {from}, start);
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
   * Moves on.
   *
   * @param logP log of the class's probability for each picture asked about, in order
   * @param pixels which hold the picture where it stands from this place on
   */
  void learn(double[] logP, float[] pixels, int offset) {
    if (trail != null) {
      trail.pass(steps, () -> Arrays.copyOfRange(pixels, offset, offset + best.length));
    }
    double here = Math.exp(logP[0]);
    if (here > confidence) {
      confidence = here;
      System.arraycopy(pixels, offset, best, 0, best.length);
    }
    search.learn(Arrays.copyOfRange(logP, 1, logP.length));
    steps++;
  }

  /** The target's greatest confidence where it has stood, at least 0. */
  double confidence() {
    return Math.max(0, confidence);
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
