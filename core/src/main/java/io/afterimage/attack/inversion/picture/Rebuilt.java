package io.afterimage.attack.inversion.picture;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Stages;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Collects the pictures that a white box's attack rebuilds, as many of each class: row {@code class
 * * each + number}.
 */
public final class Rebuilt {
  private final GradientTarget target;
  private final Shape shape;
  private final int each;
  private final int[] classes;
  private final float[] starts;
  private final float[] pixels;
  private final double[] confidence;
  private final List<Stages.Stage> stages = new ArrayList<>();

  public Rebuilt(GradientTarget target, Shape shape, int each) {
    this.target = target;
    this.shape = shape;
    this.each = each;
    this.classes =
        IntStream.range(0, Math.multiplyExact(target.info().classes().size(), each))
            .map(row -> row / each)
            .toArray();
    this.starts = new float[Math.multiplyExact(classes.length, shape.size())];
    this.pixels = new float[starts.length];
    this.confidence = new double[classes.length];
  }

  /** The shape of a target's pictures; a BadInputException where it takes none. */
  public static Shape shape(TargetInfo info, String attack) {
    return info.arrayInput().orElseThrow(() -> noPictures(info, attack));
  }

  public static BadInputException noPictures(TargetInfo info, String attack) {
    return new BadInputException(
        "%s rebuilds pictures, but %s takes none".formatted(attack, info.name()));
  }

  /** The rows of these numbers of every class. */
  public int[] rows(int from, int to) {
    return IntStream.range(0, classes.length)
        .filter(row -> row % each >= from && row % each < to)
        .toArray();
  }

  /** The class of each of these rows. */
  public int[] classesOf(int[] rows) {
    return Arrays.stream(rows).map(row -> classes[row]).toArray();
  }

  /** The number of each of these rows among those of its class. */
  public int[] numbersOf(int[] rows) {
    return Arrays.stream(rows).map(row -> row % each).toArray();
  }

  /** The classes of these rows, [rows]. */
  public Tensor classes(int[] rows) {
    return Tensors.of(Arrays.stream(rows).mapToLong(row -> classes[row]).toArray(), rows.length);
  }

  /** Takes what these rows started from and what became of them. */
  @SuppressWarnings("try") // scope and guard are there to close
  public void put(int[] rows, Tensor start, Tensor end) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      float[] from = start.toFloats();
      float[] to = end.toFloats();
      float[] answers = target.probabilities(end).toFloats();
      int names = target.info().classes().size();
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(from, i * shape.size(), starts, rows[i] * shape.size(), shape.size());
        System.arraycopy(to, i * shape.size(), pixels, rows[i] * shape.size(), shape.size());
        confidence[rows[i]] = answers[i * names + classes[rows[i]]];
      }
    }
  }

  /** Where among these rows those stand whose way is kept. */
  public int[] kept(int[] rows) {
    int[] all = Stages.kept(classes, shape);
    return IntStream.range(0, rows.length)
        .filter(i -> Arrays.binarySearch(all, rows[i]) >= 0)
        .toArray();
  }

  /**
   * Takes where the search for these rows stood after so many steps.
   *
   * @param pictures one for each row
   */
  public void passed(int[] rows, Tensor pictures, int steps) {
    float[] seen = pictures.toFloats();
    for (int i = 0; i < rows.length; i++) {
      float[] picture = Arrays.copyOfRange(seen, i * shape.size(), (i + 1) * shape.size());
      stages.add(new Stages.Stage(rows[i], steps, picture));
    }
  }

  /** All of them, each after so many steps. */
  public Reconstructions evidence(int steps) {
    int[] taken = new int[classes.length];
    Arrays.fill(taken, steps);
    List<CurvePoint> noCurve = List.of();
    return Reconstructions.of(
            shape, pixels, starts, classes, target.info().classes(), confidence, taken, noCurve)
        .along(Stages.of(stages));
  }
}
