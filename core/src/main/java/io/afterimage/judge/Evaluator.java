package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Layers;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.util.List;
import java.util.stream.IntStream;

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

  private Evaluator(Sight sight, Interpreter network) {
    this.sight = sight;
    this.network = network;
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
    return new Evaluator(sight, Interpreter.of(trained));
  }

  private static Architecture architecture(Shape seen, int classes) {
    return seen.rank() == 3 && Math.min(seen.extent(1), seen.extent(2)) >= SMALLEST_SIDE
        ? Architectures.lenet(classes + 1)
        : Architectures.mlp(classes + 1, 128);
  }

  /** How many classes it finds likelier than the right one, for each picture. */
  double[] ranks(List<float[]> pictures, int[] classes) {
    double[] ranks = new double[classes.length];
    for (int from = 0; from < ranks.length; from += ROWS_AT_ONCE) {
      int to = Math.min(ranks.length, from + ROWS_AT_ONCE);
      float[] p = probabilities(pictures.subList(from, to));
      int columns = p.length / (to - from);
      for (int i = from; i < to; i++) {
        int row = (i - from) * columns;
        float own = p[row + classes[i]];
        ranks[i] = IntStream.range(row, row + columns).filter(j -> p[j] > own).count();
      }
    }
    return ranks;
  }

  /** 1 for each picture of which it says the right class, else 0. */
  double[] right(List<float[]> pictures, int[] classes) {
    double[] right = ranks(pictures, classes);
    for (int i = 0; i < right.length; i++) {
      right[i] = right[i] == 0 ? 1 : 0;
    }
    return right;
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private float[] probabilities(List<float[]> pictures) {
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
      Tensor x = Tensors.of(views, extents);
      return network.run(x, Layers.PROBABILITIES).toFloats();
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
