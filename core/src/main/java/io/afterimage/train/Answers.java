package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Shape;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;

/** What is to be answered. */
sealed interface Answers {
  int rows();

  Tensor of(int[] rows);

  long bits(int row);

  /** A class each. */
  record Classes(int[] classes) implements Answers {
    public Classes {
      for (int i = 0; i < classes.length; i++) {
        check(classes[i] >= 0, "row %d has no label; drop it", i);
      }
    }

    @Override
    public int rows() {
      return classes.length;
    }

    @Override
    public Tensor of(int[] rows) {
      return Tensors.of(Arrays.stream(rows).mapToLong(i -> classes[i]).toArray(), rows.length);
    }

    @Override
    public long bits(int row) {
      return classes[row];
    }
  }

  /** A value each. */
  record Values(double[] values) implements Answers {
    public Values {
      for (int i = 0; i < values.length; i++) {
        check(Double.isFinite(values[i]), "the label of row %d is %s; drop it", i, values[i]);
      }
    }

    @Override
    public int rows() {
      return values.length;
    }

    @Override
    public Tensor of(int[] rows) {
      float[] chosen = new float[rows.length];
      for (int i = 0; i < rows.length; i++) {
        chosen[i] = (float) values[rows[i]];
      }
      return Tensors.of(chosen, rows.length, 1);
    }

    @Override
    public long bits(int row) {
      return Double.doubleToLongBits(values[row]);
    }
  }

  /** The rows themselves. */
  record Rows(float[] cells, Shape shape) implements Answers {
    @Override
    public int rows() {
      return cells.length / shape.size();
    }

    @Override
    public Tensor of(int[] rows) {
      float[] chosen = new float[Math.multiplyExact(rows.length, shape.size())];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(cells, rows[i] * shape.size(), chosen, i * shape.size(), shape.size());
      }
      return Tensors.of(chosen, ArrayExamples.extents(shape, rows.length));
    }

    /** Nothing that the rows do not say. */
    @Override
    public long bits(int row) {
      return 0;
    }
  }
}
