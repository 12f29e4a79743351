package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.OutputFile;
import io.afterimage.data.NpyArray;
import io.afterimage.data.Npz;
import io.afterimage.data.NpzWriter;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/**
 * A training between two steps, in an archive of arrays: weights and optimisers' memory of all that
 * learn, the best epoch's weights, and where it stands. Draws need no saving: each has a key.
 */
final class Checkpoint {
  private static final String STANDING = "standing";
  private static final String EPOCHS = "epochs";
  private static final int FIGURES = 3;

  private final Path file;
  private final String advice;

  /**
   * The checkpoint in a file, which may not be there yet.
   *
   * @param advice what to do where it is damaged
   */
  Checkpoint(Path file, String advice) {
    this.file = file;
    this.advice = advice;
  }

  /** Saves what learns, in an order that {@link #load} must be given again. */
  void save(Standing standing, List<Trainee> learners, List<Tensor> best) {
    OutputFile.write(
        file,
        out -> {
          NpzWriter npz = new NpzWriter(out);
          npz.put(STANDING, figures(standing, learners));
          npz.put(EPOCHS, figures(standing.epochs()));
          put(npz, "weight", weights(learners));
          put(npz, "memory", memory(learners));
          put(npz, "best", best);
          npz.close();
        });
  }

  private static List<Tensor> weights(List<Trainee> learners) {
    return learners.stream().flatMap(learner -> learner.weights().values().stream()).toList();
  }

  private static List<Tensor> memory(List<Trainee> learners) {
    return learners.stream().flatMap(learner -> learner.updates().memory().stream()).toList();
  }

  /** Where it stands, and how many updates each of those that learn has taken. */
  private static double[] figures(Standing standing, List<Trainee> learners) {
    return DoubleStream.concat(
            DoubleStream.of(standing.seen(), standing.sum()),
            learners.stream().mapToDouble(learner -> learner.updates().taken()))
        .toArray();
  }

  private static void put(NpzWriter npz, String name, Collection<Tensor> tensors)
      throws IOException {
    int i = 0;
    for (Tensor tensor : tensors) {
      if (tensor.dtype() == DType.DOUBLE) {
        npz.put(name + i++, tensor.toDoubles());
      } else {
        npz.put(name + i++, tensor.toFloats());
      }
    }
  }

  private static double[] figures(List<Standing.Epoch> epochs) {
    double[] figures = new double[FIGURES * epochs.size()];
    for (int i = 0; i < epochs.size(); i++) {
      figures[FIGURES * i] = epochs.get(i).loss();
      figures[FIGURES * i + 1] = orNaN(epochs.get(i).validationLoss());
      figures[FIGURES * i + 2] = orNaN(epochs.get(i).validationAccuracy());
    }
    return figures;
  }

  private static double orNaN(@Nullable Double figure) {
    return figure == null ? Double.NaN : figure;
  }

  /** Whether there is something to go on from. */
  boolean exists() {
    return Files.exists(file);
  }

  /** Removes it, once nothing goes on from it. */
  void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw OutputFile.refused(file, e);
    }
  }

  /**
   * Writes weights and memory back.
   *
   * @param learners as they were saved
   * @param best where the best epoch's weights are kept; empty where they are not
   * @param rows of an epoch
   * @return where the training stood
   * @throws BadInputException where the file is damaged or of another network
   */
  Standing load(List<Trainee> learners, Optional<KeptWeights> best, int rows) {
    Map<String, NpyArray> arrays = arrays();
    double[] standing = numbers(arrays, STANDING, 2 + learners.size());
    for (int i = 0; i < standing.length; i++) {
      if (i != 1 && !isWhole(standing[i], i == 0 ? rows : (double) Long.MAX_VALUE)) {
        throw damaged("it stands at row %s, step %s".formatted(standing[0], standing[i]));
      }
    }
    TensorScope.run(
        () -> {
          restore(arrays, "weight", weights(learners));
          restore(arrays, "memory", memory(learners));
          best.filter(kept -> arrays.containsKey("best0"))
              .ifPresent(
                  kept -> {
                    kept.keep();
                    restore(arrays, "best", kept.copies());
                  });
        });
    for (int i = 0; i < learners.size(); i++) {
      learners.get(i).updates().goOnAfter((long) standing[2 + i]);
    }
    return new Standing(epochs(arrays), (int) standing[0], standing[1]);
  }

  private static boolean isWhole(double number, double most) {
    return number >= 0 && number <= most && number == Math.rint(number);
  }

  private Map<String, NpyArray> arrays() {
    try {
      return Npz.read(file);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + "; " + advice, e);
    }
  }

  private BadInputException damaged(String reason) {
    return new BadInputException(
        "%s is damaged or of another network: %s; %s".formatted(file, reason, advice));
  }

  private List<Standing.Epoch> epochs(Map<String, NpyArray> arrays) {
    NpyArray array = arrays.get(EPOCHS);
    double[] figures = numbers(arrays, EPOCHS, array == null ? 0 : array.size());
    List<Standing.Epoch> epochs = new ArrayList<>();
    for (int i = 0; i + FIGURES <= figures.length; i += FIGURES) {
      epochs.add(new Standing.Epoch(figures[i], orNull(figures[i + 1]), orNull(figures[i + 2])));
    }
    return epochs;
  }

  private static @Nullable Double orNull(double figure) {
    return Double.isNaN(figure) ? null : figure;
  }

  private void restore(Map<String, NpyArray> arrays, String name, Collection<Tensor> tensors) {
    int i = 0;
    for (Tensor tensor : tensors) {
      double[] values = numbers(arrays, name + i++, Math.toIntExact(tensor.count()));
      Autograd.noGrad(() -> InPlace.copy(tensor, Tensors.of(values, tensor.shape())));
    }
  }

  private double[] numbers(Map<String, NpyArray> arrays, String name, int count) {
    NpyArray array = arrays.get(name);
    if (array == null || array.isText() || array.size() != count) {
      throw damaged("it does not hold %d numbers called %s".formatted(count, name));
    }
    double[] numbers = new double[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = array.number(i);
    }
    return numbers;
  }
}
