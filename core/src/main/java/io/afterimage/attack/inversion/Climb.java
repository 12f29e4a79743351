package io.afterimage.attack.inversion;

import io.afterimage.attack.common.Search;
import java.util.Arrays;

/** One search for one class: what it asks next, and the best picture it has stood at. */
final class Climb {
  private final int target;
  private final Canvas canvas;
  private final Search search;
  private final float[] start;
  private final float[] standing;
  private final float[] best;
  private double confidence = -1;
  private int steps;

  Climb(int target, Canvas canvas, Search search, int pixels) {
    this.target = target;
    this.canvas = canvas;
    this.search = search;
    this.start = new float[pixels];
    this.standing = new float[pixels];
    this.best = new float[pixels];
    canvas.paint(search.centre(), start, 0);
    System.arraycopy(start, 0, best, 0, pixels);
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
   * Writes those pictures from this place on.
   *
   * @param points room for a generation, overwritten
   */
  void ask(double[][] points, float[] pixels, int offset) {
    canvas.paint(search.centre(), standing, 0);
    System.arraycopy(standing, 0, pixels, offset, standing.length);
    search.propose(points);
    for (int i = 0; i < points.length; i++) {
      canvas.paint(points[i], pixels, offset + (1 + i) * standing.length);
    }
  }

  /**
   * Moves on.
   *
   * @param logP log of the class's probability for each picture asked about, in order
   */
  void learn(double[] logP) {
    double here = Math.exp(logP[0]);
    if (here > confidence) {
      confidence = here;
      System.arraycopy(standing, 0, best, 0, best.length);
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
