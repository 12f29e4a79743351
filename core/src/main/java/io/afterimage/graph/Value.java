package io.afterimage.graph;

import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** What flows along an edge of a graph. */
public sealed interface Value {
  /** Its extents: of a sequence its length, of a map its size, of an option 1 or 0. */
  long[] shape();

  /** The same with each tensor in it exchanged. */
  Value map(UnaryOperator<Tensor> change);

  /** Does something with each tensor in it. */
  void forEach(Consumer<Tensor> action);

  /** Numbers. */
  record Numbers(Tensor tensor) implements Value {
    @Override
    public long[] shape() {
      return tensor.shape();
    }

    @Override
    public Value map(UnaryOperator<Tensor> change) {
      return new Numbers(change.apply(tensor));
    }

    @Override
    public void forEach(Consumer<Tensor> action) {
      action.accept(tensor);
    }
  }

  /** Texts, in C order. */
  record Strings(List<String> values, long[] shape) implements Value {
    public Strings {
      values = List.copyOf(values);
    }

    @Override
    public Value map(UnaryOperator<Tensor> change) {
      return this;
    }

    @Override
    public void forEach(Consumer<Tensor> action) {
      // Texts hold no tensor.
    }
  }

  /** Values in a row, each of a shape of its own. */
  record Sequence(List<Value> values) implements Value {
    public Sequence {
      values = List.copyOf(values);
    }

    @Override
    public long[] shape() {
      return new long[] {values.size()};
    }

    @Override
    public Value map(UnaryOperator<Tensor> change) {
      return new Sequence(values.stream().map(v -> v.map(change)).toList());
    }

    @Override
    public void forEach(Consumer<Tensor> action) {
      values.forEach(v -> v.forEach(action));
    }
  }

  /** A value or none: the standard's optional. */
  record Option(Optional<Value> value) implements Value {
    @Override
    public long[] shape() {
      return new long[] {value.isPresent() ? 1 : 0};
    }

    @Override
    public Value map(UnaryOperator<Tensor> change) {
      return new Option(value.map(v -> v.map(change)));
    }

    @Override
    public void forEach(Consumer<Tensor> action) {
      value.ifPresent(v -> v.forEach(action));
    }
  }

  /**
   * The standard's map: the i-th element of {@code values} under the i-th key.
   *
   * @param keys a vector of texts or of whole numbers, no two alike
   * @param values a vector as long
   */
  record Dictionary(Value keys, Value values) implements Value {
    public Dictionary {
      if (keys.shape().length != 1 || !Arrays.equals(keys.shape(), values.shape())) {
        throw new IllegalArgumentException("a map has a value for each key");
      }
    }

    @Override
    public long[] shape() {
      return keys.shape();
    }

    @Override
    public Value map(UnaryOperator<Tensor> change) {
      return new Dictionary(keys.map(change), values.map(change));
    }

    @Override
    public void forEach(Consumer<Tensor> action) {
      keys.forEach(action);
      values.forEach(action);
    }
  }

  /** Numbers as a value. */
  static Value of(Tensor tensor) {
    return new Numbers(tensor);
  }
}
