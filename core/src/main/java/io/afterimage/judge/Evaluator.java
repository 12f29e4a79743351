package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Layers;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.util.Arrays;
import java.util.List;

/**
 * Says whom a picture shows: a small network, trained on pictures that neither the target nor the
 * attack saw. LeNet-5 for pictures, one hidden layer for other rows. One class more is nobody.
 */
final class Evaluator implements AutoCloseable {
  private static final int PICTURES_SHOWN = 16_000;
  private static final int FEWEST_EPOCHS = 3;
  private static final int BATCH = 32;
  private static final int ROWS_AT_ONCE = 256;
  private static final int SMALLEST_SIDE = 4;

  private final Sight sight;
  private final Interpreter network;
  private final String features;

  private Evaluator(Sight sight, OnnxModel trained) {
    this.sight = sight;
    this.network = Interpreter.of(trained);
    this.features = beneath(trained, beneath(trained, Layers.PROBABILITIES));
  }

  private static String beneath(OnnxModel model, String value) {
    return model.producer(value).orElseThrow().input(0);
  }

  /** Learns to tell so many classes apart by these pictures. */
  static Evaluator train(Pictures pictures, Sight sight, int classes, Run run) {
    Shape seen = sight.seen();
    OnnxModel fresh = architecture(seen, classes).over(seen, run);
    Varied examples =
        new Varied(
            pictures.pixels().stream().map(sight::of).toList(),
            pictures.classes(),
            seen,
            classes,
            run);
    int epochs = Math.max(FEWEST_EPOCHS, PICTURES_SHOWN / pictures.count());
    OnnxModel trained =
        Trainer.train(
                fresh,
                examples,
                Loss.crossEntropy(fresh),
                Optimiser.Adam.of(1e-3),
                Trainer.Settings.of(epochs, BATCH),
                run)
            .model();
    return new Evaluator(sight, trained);
  }

  private static Architecture architecture(Shape seen, int classes) {
    return seen.rank() == 3 && Math.min(seen.extent(1), seen.extent(2)) >= SMALLEST_SIDE
        ? Architectures.lenet(classes + 1)
        : Architectures.mlp(classes + 1, 128);
  }

  /**
   * How many classes are likelier than the right one, for each picture.
   *
   * @param free nobody among them
   * @param forced had the evaluator to name a class whatever it sees
   */
  record Ranks(double[] free, double[] forced) {}

  /** Where it ranks the right class; last where the picture has pixels that are no numbers. */
  Ranks ranks(List<float[]> pictures, int[] classes) {
    double[][] probabilities = rows(pictures, Layers.PROBABILITIES);
    return new Ranks(ranks(probabilities, classes, 0), ranks(probabilities, classes, 1));
  }

  private static double[] ranks(double[][] probabilities, int[] classes, int leftOut) {
    double[] ranks = new double[classes.length];
    for (int i = 0; i < ranks.length; i++) {
      double[] each = probabilities[i];
      double own = each[classes[i]];
      ranks[i] = Arrays.stream(each, 0, each.length - leftOut).filter(p -> !(p <= own)).count();
    }
    return ranks;
  }

  /** What its last hidden layer makes of each picture: the features that its answer rests on. */
  double[][] features(List<float[]> pictures) {
    return rows(pictures, features);
  }

  /** 1 for each picture of which it says the right class, else 0. */
  double[] right(List<float[]> pictures, int[] classes) {
    double[] right = ranks(pictures, classes).free();
    for (int i = 0; i < right.length; i++) {
      right[i] = right[i] == 0 ? 1 : 0;
    }
    return right;
  }

  /** One value of the network, [pictures, width]. */
  private double[][] rows(List<float[]> pictures, String value) {
    double[][] rows = new double[pictures.size()][];
    for (int from = 0; from < rows.length; from += ROWS_AT_ONCE) {
      int to = Math.min(rows.length, from + ROWS_AT_ONCE);
      double[] some = run(pictures.subList(from, to), value);
      int width = some.length / (to - from);
      for (int i = from; i < to; i++) {
        rows[i] = Arrays.copyOfRange(some, (i - from) * width, (i - from + 1) * width);
      }
    }
    return rows;
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private double[] run(List<float[]> pictures, String value) {
    Shape seen = sight.seen();
    float[] views = new float[pictures.size() * seen.size()];
    for (int i = 0; i < pictures.size(); i++) {
      System.arraycopy(sight.of(pictures.get(i)), 0, views, i * seen.size(), seen.size());
    }
    long[] extents = new long[seen.rank() + 1];
    extents[0] = pictures.size();
    for (int axis = 0; axis < seen.rank(); axis++) {
      extents[axis + 1] = seen.extent(axis);
    }
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      return network.run(Tensors.of(views, extents), value).toDoubles();
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
