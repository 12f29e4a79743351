package io.afterimage.bench;

import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architectures;
import io.afterimage.train.Cohort;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.Cohort.Recipe;
import io.afterimage.train.Layers;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer.Settings;
import io.afterimage.train.Trainer.Trained;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

/**
 * Trains shadow models on Location-30 side by side; {@code bench/peers/shadows.py} trains the same
 * one after another.
 *
 * <p>Usage: {@code ShadowSpeed LOCATION_FOLDER [MODELS] [EPOCHS] [THREADS]}
 */
public final class ShadowSpeed {
  private static final int BATCH = 64;

  private ShadowSpeed() {}

  /** Prints the seconds and the mean accuracy on rows that a model did not see. */
  public static void main(String[] args) throws Exception {
    Usage.run(
        "ShadowSpeed LOCATION_FOLDER [MODELS] [EPOCHS] [THREADS]", 1, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Location rows = Location.read(Path.of(args[0]));
    int models = args.length > 1 ? Integer.parseInt(args[1]) : 64;
    int epochs = args.length > 2 ? Integer.parseInt(args[2]) : 30;
    int threads = args.length > 3 ? Integer.parseInt(args[3]) : 2;
    Run run = new Run(0, threads, Progress.NONE, new AtomicBoolean());
    List<int[]> orders =
        IntStream.range(0, models)
            .mapToObj(i -> run.shuffled("half/" + i, rows.classes().length))
            .toList();
    train(rows, orders.subList(0, 2), 1, run);
    long start = System.nanoTime();
    List<Trained> trained = train(rows, orders, epochs, run);
    double seconds = (System.nanoTime() - start) / 1e9;
    double accuracy =
        IntStream.range(0, models)
            .mapToDouble(i -> accuracy(trained.get(i).model(), rows, unseen(orders.get(i))))
            .average()
            .orElseThrow();
    System.out.printf(
        "Afterimage, side by side, %d worker(s): %d models, %d epochs, %.2f s, accuracy on unseen rows %.2f%%%n",
        threads, models, epochs, seconds, 100 * accuracy);
  }

  private static List<Trained> train(Location rows, List<int[]> orders, int epochs, Run run) {
    OnnxModel graph =
        Architectures.mlp(Location.CLASSES, 128).over(new Shape(Location.COLUMNS), run);
    List<Pupil> pupils =
        IntStream.range(0, orders.size())
            .mapToObj(i -> new Pupil("shadow-" + i, seen(orders.get(i))))
            .toList();
    Recipe recipe =
        Recipe.of(
            Loss.crossEntropy(graph),
            new Optimiser.Sgd(0.1, 0.9, false, 0),
            Settings.of(epochs, BATCH));
    return Cohort.train(graph, rows.examples(), pupils, recipe, Optional.empty(), run);
  }

  private static int[] seen(int[] order) {
    return Arrays.copyOf(order, order.length / 2);
  }

  private static int[] unseen(int[] order) {
    return Arrays.copyOfRange(order, order.length / 2, order.length);
  }

  @SuppressWarnings("try") // the scope is there to close
  private static double accuracy(OnnxModel model, Location data, int[] rows) {
    float[] x = new float[rows.length * Location.COLUMNS];
    for (int i = 0; i < rows.length; i++) {
      int from = rows[i] * Location.COLUMNS;
      System.arraycopy(data.x(), from, x, i * Location.COLUMNS, Location.COLUMNS);
    }
    try (TensorScope scope = new TensorScope();
        Interpreter interpreter = Interpreter.of(model)) {
      Tensor answers =
          interpreter.run(Tensors.of(x, rows.length, Location.COLUMNS), Layers.PROBABILITIES);
      long[] guesses = answers.argmax(1, false).toLongs();
      long right =
          IntStream.range(0, rows.length)
              .filter(i -> guesses[i] == data.classes()[rows[i]])
              .count();
      return (double) right / rows.length;
    }
  }
}
