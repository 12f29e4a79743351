package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Adversarial examples that show nothing: smooth noise, moved along the target's gradient, which is
 * smoothed alike, only until the target is sure of a class (as Nguyen, Yosinski, Clune: Deep Neural
 * Networks are Easily Fooled, CVPR 2015, fool networks). An evaluator that names the class, too, is
 * fooled by what fools the target: what else it recognises has to exceed this.
 *
 * @param shape of a picture
 * @param planes of it
 * @param range of its pixels
 */
record FoolingNoise(Shape shape, Planes planes, Pictures.Range range, Run run) {
  private static final double SURE = Math.log(0.9);
  private static final int MOST_STEPS = 100;

  /** In widths of the pixels' range: deviations of the noise and of a step. */
  private static final double CONTRAST = 0.25;

  private static final double STEP = 0.01;

  /** Windows are at most this share of the shorter side. */
  private static final double COARSEST = 1.0 / 16;

  private static final int AT_ONCE = 64;

  /** A picture of each subject; empty where the target was not sure of it in the end. */
  List<Optional<float[]>> of(GradientTarget target, int[] subjects) {
    List<Optional<float[]>> pictures = new ArrayList<>();
    for (int from = 0; from < subjects.length; from += AT_ONCE) {
      int to = Math.min(subjects.length, from + AT_ONCE);
      pictures.addAll(moved(target, Arrays.copyOfRange(subjects, from, to)));
    }
    return pictures;
  }

  /** A picture on its way to a subject, with the window of its noise. */
  private record Moving(int subject, double window, float[] picture) {}

  private List<Optional<float[]>> moved(GradientTarget target, int[] subjects) {
    List<Moving> all = IntStream.of(subjects).mapToObj(this::noise).toList();
    List<Moving> unsure = all;
    for (int step = 0; step <= MOST_STEPS && !unsure.isEmpty(); step++) {
      run.checkCancelled();
      unsure = move(target, unsure);
    }
    List<Moving> never = unsure;
    return all.stream()
        .map(one -> never.contains(one) ? Optional.<float[]>empty() : Optional.of(one.picture()))
        .toList();
  }

  private Moving noise(int subject) {
    RandomGenerator random = run.random("fooling-noise/" + subject);
    int side = Math.min(planes.height(), planes.width());
    double window = side * COARSEST * random.nextDouble();
    float[] picture = new float[shape.size()];
    Arrays.fill(picture, range.middle());
    for (int channel = 0; channel < planes.channels(); channel++) {
      double[] noise = SmoothNoise.of(planes.height(), planes.width(), window, random);
      add(picture, channel, noise, CONTRAST);
    }
    return new Moving(subject, window, picture);
  }

  /** One step of those of which the target is not sure; these. */
  @SuppressWarnings("try") // the scope is there to close
  private List<Moving> move(GradientTarget target, List<Moving> moving) {
    List<Moving> unsure = new ArrayList<>();
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(pixels(moving), shape.batch(moving.size())).requireGrad();
      Tensor own = Indexing.gather(target.logits(x).logSoftmax(1), 1, subjects(moving));
      float[] sureness = own.toFloats();
      float[] slopes = Autograd.gradients(own.sum(), List.of(x), false).get(0).toFloats();
      for (int i = 0; i < sureness.length; i++) {
        if (!(sureness[i] >= SURE)) { // nor where it is no number
          int from = i * shape.size();
          step(moving.get(i), Arrays.copyOfRange(slopes, from, from + shape.size()));
          unsure.add(moving.get(i));
        }
      }
    }
    return unsure;
  }

  private void step(Moving moving, float[] slope) {
    int height = planes.height();
    for (int channel = 0; channel < planes.channels(); channel++) {
      double[] plane = planes.plane(slope, channel);
      double[] smooth = SmoothNoise.smoothed(plane, height, planes.width(), moving.window());
      add(moving.picture(), channel, SmoothNoise.standardised(smooth), STEP);
    }
  }

  private void add(float[] picture, int channel, double[] plane, double widths) {
    for (int y = 0; y < planes.height(); y++) {
      for (int x = 0; x < planes.width(); x++) {
        int place = planes.index(channel, y, x);
        double pixel = picture[place] + widths * range.width() * plane[y * planes.width() + x];
        picture[place] = (float) Math.max(range.low(), Math.min(range.high(), pixel));
      }
    }
  }

  private float[] pixels(List<Moving> moving) {
    float[] pixels = new float[moving.size() * shape.size()];
    for (int i = 0; i < moving.size(); i++) {
      System.arraycopy(moving.get(i).picture(), 0, pixels, i * shape.size(), shape.size());
    }
    return pixels;
  }

  private static Tensor subjects(List<Moving> moving) {
    return Tensors.of(moving.stream().mapToLong(Moving::subject).toArray(), moving.size(), 1);
  }
}
