package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Examples;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * What an evaluator learns from: pictures, each shown shifted, in another contrast and under noise,
 * and otherwise every time, so that few pictures teach more and a reconstruction may be paler and
 * rougher than a photo. Half of what is shown is {@link #reduced}, since attacks often rebuild what
 * sets a person apart and nothing else.
 *
 * <p>For four pictures of people, one is shown too faint for a person to make out, and two {@link
 * #buried} under noise: they belong to one class more, nobody. Without them a network names whoever
 * noise resembles most, and what fools the target fools the evaluator.
 */
final class Varied implements Examples {
  private static final double PALEST = 0.2;
  private static final double STRONGEST = 1.3;
  private static final double FAINT = 0.1;
  private static final double NOISE = 0.05;
  private static final double PALEST_NOISE = 0.004;
  private static final double STRONGEST_NOISE = 0.4;

  /** Correlation of a buried picture with what is seen of it, at most. */
  private static final double BURIED = 0.5;

  /** Windows of burying noise are at most this share of the shorter side. */
  private static final double COARSEST = 1.0 / 8;

  /** Reduced pictures are cut off between so many deviations below the mean and above it. */
  private static final double LOWEST_CUT = -1.5;

  private static final double HIGHEST_CUT = 0.5;

  private static final int FACES_FOR_A_NOBODY = 4;
  private static final int SIDE_FOR_A_SHIFT = 24;

  private final List<float[]> views;
  private final int[] classes;
  private final int faint;
  private final Shape shape;
  private final Run run;
  private final float[] mean;
  private final int[] shown;

  /**
   * What is learned from these views.
   *
   * @param views without their mean brightness, in widths of the pixels' range
   * @param classes the class of each
   * @param shape of a view: channels x height x width, or a row that is no picture and is shown as
   *     it is, under noise alone
   * @param nobody the class of what shows nobody; only pictures have one
   */
  Varied(List<float[]> views, int[] classes, Shape shape, int nobody, Run run) {
    this.views = views;
    this.faint = shape.rank() == 3 ? views.size() / FACES_FOR_A_NOBODY : 0;
    this.classes = Arrays.copyOf(classes, classes.length + 3 * faint);
    Arrays.fill(this.classes, classes.length, this.classes.length, nobody);
    this.shape = shape;
    this.run = run;
    this.mean = mean(views, shape.size());
    this.shown = new int[this.classes.length];
  }

  private static float[] mean(List<float[]> views, int size) {
    double[] sum = new double[size];
    views.forEach(view -> Arrays.setAll(sum, i -> sum[i] + view[i]));
    float[] mean = new float[size];
    for (int i = 0; i < size; i++) {
      mean[i] = (float) (sum[i] / views.size());
    }
    return mean;
  }

  @Override
  public int rows() {
    return classes.length;
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    float[] batch = new float[rows.length * shape.size()];
    for (int i = 0; i < rows.length; i++) {
      RandomGenerator random = run.random("varied/" + rows[i] + "/" + shown[rows[i]]++);
      float[] seen = seen(rows[i], random);
      System.arraycopy(seen, 0, batch, i * shape.size(), seen.length);
    }
    return Map.of(Architecture.INPUT, Value.of(Tensors.of(batch, extents(rows.length))));
  }

  private float[] seen(int row, RandomGenerator random) {
    float[] view = views.get(row % views.size());
    if (shape.rank() != 3) {
      return noisy(view, random);
    }
    float[] kept = random.nextBoolean() ? view : reduced(view, random);
    if (row >= views.size() + faint) {
      return buried(kept, random);
    }
    double uniform = random.nextDouble();
    double contrast = row < views.size() ? between(PALEST, STRONGEST, uniform) : FAINT * uniform;
    float[] shifted = shifted(kept, random);
    for (int i = 0; i < shifted.length; i++) {
      shifted[i] *= (float) contrast;
    }
    return noisy(shifted, random);
  }

  /** Between both, evenly in orders of magnitude. */
  private static double between(double least, double most, double uniform) {
    return least * Math.pow(most / least, uniform);
  }

  private static float[] noisy(float[] view, RandomGenerator random) {
    double noise = NOISE * random.nextDouble();
    float[] rough = new float[view.length];
    for (int i = 0; i < rough.length; i++) {
      rough[i] = (float) (view[i] + noise * random.nextGaussian());
    }
    return rough;
  }

  private float[] shifted(float[] view, RandomGenerator random) {
    int height = shape.extent(1);
    int width = shape.extent(2);
    int reach = Math.min(height, width) / SIDE_FOR_A_SHIFT;
    int down = random.nextInt(-reach, reach + 1);
    int right = random.nextInt(-reach, reach + 1);
    float[] shifted = new float[view.length];
    for (int i = 0; i < view.length; i++) {
      int plane = i / (height * width);
      int y = Math.floorMod(i / width % height + down, height);
      int x = Math.floorMod(i % width + right, width);
      shifted[i] = view[(plane * height + y) * width + x];
    }
    return shifted;
  }

  /**
   * Less a part of the mean picture, and in half of the cases nothing darker than some shade: what
   * descends along a gradient from a black picture ends like this. As much contrast as before.
   */
  private float[] reduced(float[] view, RandomGenerator random) {
    double less = random.nextDouble();
    double[] rest = new double[view.length];
    Arrays.setAll(rest, i -> view[i] - less * mean[i]);
    double[] standard = SmoothNoise.standardised(rest);
    if (random.nextBoolean()) {
      double cut = random.nextDouble(LOWEST_CUT, HIGHEST_CUT);
      standard =
          SmoothNoise.standardised(Arrays.stream(standard).map(v -> Math.max(cut, v)).toArray());
    }
    return floats(standard, deviation(view));
  }

  /** Under noise as fine or coarse as pictures are, so that it shows through at most faintly. */
  private float[] buried(float[] view, RandomGenerator random) {
    int height = shape.extent(1);
    int width = shape.extent(2);
    double window = Math.min(height, width) * COARSEST * random.nextDouble();
    double share = BURIED * random.nextDouble();
    double[] mixed = SmoothNoise.standardised(doubles(view));
    for (int from = 0; from < mixed.length; from += height * width) {
      double[] noise = SmoothNoise.of(height, width, window, random);
      for (int i = 0; i < noise.length; i++) {
        mixed[from + i] = share * mixed[from + i] + Math.sqrt(1 - share * share) * noise[i];
      }
    }
    return floats(mixed, between(PALEST_NOISE, STRONGEST_NOISE, random.nextDouble()));
  }

  private static double deviation(float[] view) {
    double squares = 0;
    for (float value : view) {
      squares += value * value;
    }
    return Math.sqrt(squares / view.length);
  }

  private static double[] doubles(float[] view) {
    double[] values = new double[view.length];
    Arrays.setAll(values, i -> view[i]);
    return values;
  }

  private static float[] floats(double[] standard, double scale) {
    float[] view = new float[standard.length];
    for (int i = 0; i < view.length; i++) {
      view[i] = (float) (scale * standard[i]);
    }
    return view;
  }

  private long[] extents(int rows) {
    long[] extents = new long[shape.rank() + 1];
    extents[0] = rows;
    for (int axis = 0; axis < shape.rank(); axis++) {
      extents[axis + 1] = shape.extent(axis);
    }
    return extents;
  }

  @Override
  public Tensor targets(int[] rows) {
    return Tensors.of(Arrays.stream(rows).mapToLong(i -> classes[i]).toArray(), rows.length);
  }

  @Override
  public String sha256() {
    return Examples.ofClasses(Architecture.INPUT, joined(), shape, classes).sha256();
  }

  private float[] joined() {
    float[] all = new float[classes.length * shape.size()];
    for (int i = 0; i < classes.length; i++) {
      System.arraycopy(views.get(i % views.size()), 0, all, i * shape.size(), shape.size());
    }
    return all;
  }
}
