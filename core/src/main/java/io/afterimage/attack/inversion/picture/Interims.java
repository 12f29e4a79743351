package io.afterimage.attack.inversion.picture;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Interim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Keeps what an attack would hand in while it goes on asking. Each point has a quarter of a
 * doubling more queries than the one before, at least, so that early ones are seen as well as late
 * ones. Nobody knows how many there will be: once there are as many as may be kept, every other one
 * is let go, and from then on they lie twice as many doublings apart. It asks the target nothing.
 */
public final class Interims {
  private static final double FIRST_DOUBLINGS = 0.25;

  private final Shape shape;
  private final int[] kept;
  private final int most;
  private final List<Point> points = new ArrayList<>();
  private double ratio = Math.pow(2, FIRST_DOUBLINGS);

  private record Point(long queries, float[] pixels) {}

  private Interims(int[] kept, int most, Shape shape) {
    this.kept = kept;
    this.most = most;
    this.shape = shape;
  }

  /**
   * None yet.
   *
   * @param classes of all reconstructions
   * @param names of all classes
   */
  public static Interims of(int[] classes, List<String> names, Shape shape, Run run) {
    int[] subjects = IntStream.of(classes).distinct().sorted().toArray();
    int[] kept = Interim.kept(subjects, names, shape, run);
    return new Interims(kept, Interim.mostPoints(subjects.length, shape), shape);
  }

  /**
   * Takes what would be handed in now, where that is wanted.
   *
   * @param queries spent so far, no fewer than the last time
   * @param best the picture of a class, which is copied
   */
  public void pass(long queries, IntFunction<float[]> best) {
    if (points.size() == most && wanted(queries)) {
      thinOut();
    }
    if (wanted(queries)) {
      points.add(new Point(queries, pictures(best)));
    }
  }

  private boolean wanted(long queries) {
    return points.isEmpty() || queries >= points.get(points.size() - 1).queries * ratio;
  }

  private float[] pictures(IntFunction<float[]> best) {
    float[] pixels = new float[kept.length * shape.size()];
    for (int i = 0; i < kept.length; i++) {
      System.arraycopy(best.apply(kept[i]), 0, pixels, i * shape.size(), shape.size());
    }
    return pixels;
  }

  private void thinOut() {
    List<Point> even =
        IntStream.range(0, points.size()).filter(i -> i % 2 == 0).mapToObj(points::get).toList();
    points.clear();
    points.addAll(even);
    ratio *= ratio;
  }

  /**
   * All of them; {@link Interim#NONE} where there is none.
   *
   * @param spent queries in all: what is handed in after these is the reconstruction
   */
  public Interim before(long spent) {
    List<Point> earlier = points.stream().filter(point -> point.queries < spent).toList();
    if (earlier.isEmpty()) {
      return Interim.NONE;
    }
    float[] pixels = new float[earlier.size() * kept.length * shape.size()];
    int size = kept.length * shape.size();
    for (int i = 0; i < earlier.size(); i++) {
      System.arraycopy(earlier.get(i).pixels, 0, pixels, i * size, size);
    }
    return new Interim(earlier.stream().map(Point::queries).toList(), kept.clone(), pixels);
  }
}
