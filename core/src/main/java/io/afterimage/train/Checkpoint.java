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
import org.jspecify.annotations.Nullable;

/**
 * A training between two steps, in an archive of arrays: weights, the optimiser's memory, the best
 * epoch's weights, and where it stands. Draws need no saving: each has a key.
 */
final class Checkpoint {
  private static final String STANDING = "standing";
  private static final String EPOCHS = "epochs";
  private static final int FIGURES = 3;
  private static final String AGAIN = "start again in another --out";

  private final Path file;

  Checkpoint(Path file) {
    this.file = file;
  }

  void save(Standing standing, SupervisedStep step, KeptWeights best) {
    OutputFile.write(
        file,
        out -> {
          NpzWriter npz = new NpzWriter(out);
          npz.put(STANDING, new double[] {standing.seen(), standing.sum(), step.updates().taken()});
          npz.put(EPOCHS, figures(standing.epochs()));
          put(npz, "weight", step.weights().values());
          put(npz, "memory", step.updates().memory());
          put(npz, "best", best.copies());
          npz.close();
        });
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

  /**
   * Writes weights and memory back.
   *
   * @return where the training stood
   * @param rows of an epoch
   * @throws BadInputException where the file is damaged or of another network
   */
  Standing load(SupervisedStep step, KeptWeights best, int rows) {
    Map<String, NpyArray> arrays = arrays();
    double[] standing = numbers(arrays, STANDING, FIGURES);
    if (!isWhole(standing[0], rows) || !isWhole(standing[2], Long.MAX_VALUE)) {
      throw damaged("it stands at row %s, step %s".formatted(standing[0], standing[2]));
    }
    TensorScope.run(
        () -> {
          restore(arrays, "weight", step.weights().values());
          restore(arrays, "memory", step.updates().memory());
          if (arrays.containsKey("best0")) {
            best.keep();
            restore(arrays, "best", best.copies());
          }
        });
    step.updates().goOnAfter((long) standing[2]);
    return new Standing(epochs(arrays), (int) standing[0], standing[1]);
  }

  private static boolean isWhole(double number, double most) {
    return number >= 0 && number <= most && number == Math.rint(number);
  }

  private Map<String, NpyArray> arrays() {
    try {
      return Npz.read(file);
    } catch (BadInputException e) {
      throw new BadInputException(e.getMessage() + "; " + AGAIN, e);
    }
  }

  private BadInputException damaged(String reason) {
    return new BadInputException(
        "%s is damaged or of another network: %s; %s".formatted(file, reason, AGAIN));
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
