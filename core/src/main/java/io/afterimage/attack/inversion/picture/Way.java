package io.afterimage.attack.inversion.picture;

import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.function.ObjIntConsumer;
import java.util.function.UnaryOperator;

/** The {@link Trail} of rows of numbers that descend side by side. */
public final class Way implements Descending.Watch {
  private final UnaryOperator<Tensor> kept;
  private final Trail<float[]> trail = new Trail<>();
  private long[] shape = {};

  private Way(UnaryOperator<Tensor> kept) {
    this.kept = kept;
  }

  /** Of all rows. */
  public static Way ofAll() {
    return new Way(at -> at);
  }

  /** Of these rows alone. */
  public static Way of(int[] rows) {
    return new Way(at -> select(at, rows));
  }

  /** These rows of a tensor. */
  public static Tensor select(Tensor at, int[] rows) {
    long[] longs = Arrays.stream(rows).asLongStream().toArray();
    return Indexing.indexSelect(at, 0, Tensors.of(longs, rows.length));
  }

  @Override
  public void see(Tensor at, int step) {
    trail.pass(
        step,
        () -> {
          Tensor rows = kept.apply(at);
          shape = rows.shape();
          return rows.toFloats();
        });
  }

  /** Gives where they stood, [rows, ...], and the steps that led there, from the first. */
  @SuppressWarnings("try") // scope and guard are there to close
  public void forEach(ObjIntConsumer<Tensor> stage) {
    trail.forEach(
        (numbers, step) -> {
          try (TensorScope scope = new TensorScope();
              Autograd.Guard unrecorded = Autograd.noGrad()) {
            stage.accept(Tensors.of(numbers, shape), step);
          }
        });
  }
}
