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
 * rougher than a photo.
 *
 * <p>A fifth of what is shown is too faint for a person to make out and belongs to one class more:
 * nobody. Without it a network names whoever faint noise resembles most.
 */
final class Varied implements Examples {
  private static final double PALEST = 0.2;
  private static final double STRONGEST = 1.3;
  private static final double FAINT = 0.1;
  private static final double NOISE = 0.05;
  private static final int FACES_FOR_A_NOBODY = 4;
  private static final int SIDE_FOR_A_SHIFT = 24;

  private final List<float[]> views;
  private final int[] classes;
  private final Shape shape;
  private final Run run;
  private final int[] shown;

  /**
   * What is learned from these views.
   *
   * @param classes the class of each
   * @param shape of a view: channels x height x width, or a row that is no picture and is shown as
   *     it is, under noise alone
   * @param nobody the class of what shows nobody; only pictures have one
   */
  Varied(List<float[]> views, int[] classes, Shape shape, int nobody, Run run) {
    int faint = shape.rank() == 3 ? views.size() / FACES_FOR_A_NOBODY : 0;
    this.views = views;
    this.classes = Arrays.copyOf(classes, classes.length + faint);
    Arrays.fill(this.classes, classes.length, this.classes.length, nobody);
    this.shape = shape;
    this.run = run;
    this.shown = new int[this.classes.length];
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
      show(rows[i], random, batch, i * shape.size());
    }
    return Map.of(Architecture.INPUT, Value.of(Tensors.of(batch, extents(rows.length))));
  }

  private void show(int row, RandomGenerator random, float[] batch, int offset) {
    float[] view = views.get(row % views.size());
    boolean picture = shape.rank() == 3;
    int height = picture ? shape.extent(1) : 1;
    int width = picture ? shape.extent(2) : shape.size();
    int reach = picture ? Math.min(height, width) / SIDE_FOR_A_SHIFT : 0;
    int down = random.nextInt(-reach, reach + 1);
    int right = random.nextInt(-reach, reach + 1);
    double contrast = picture ? contrast(row, random.nextDouble()) : 1;
    double noise = NOISE * random.nextDouble();
    for (int i = 0; i < view.length; i++) {
      int plane = i / (height * width);
      int y = Math.floorMod(i / width % height + down, height);
      int x = Math.floorMod(i % width + right, width);
      float pixel = view[(plane * height + y) * width + x];
      batch[offset + i] = (float) (contrast * pixel + noise * random.nextGaussian());
    }
  }

  private double contrast(int row, double uniform) {
    return row < views.size() ? PALEST * Math.pow(STRONGEST / PALEST, uniform) : FAINT * uniform;
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
