package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Shape;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.LongStream;

/** Arrays on the heap, and what each is to be answered with. */
final class ArrayExamples implements Examples {
  private final String input;
  private final float[] x;
  private final Shape row;
  private final Answers answers;

  ArrayExamples(String input, float[] x, Shape row, Answers answers) {
    check(answers.rows() > 0, "there are no rows to train on");
    check(
        x.length == (long) answers.rows() * row.size(),
        "%d numbers are not %d rows of %s",
        x.length,
        answers.rows(),
        row);
    for (int i = 0; i < x.length; i++) {
      check(
          Float.isFinite(x[i]),
          "row %d holds %s; training needs finite numbers: fill or drop it",
          i / row.size(),
          x[i]);
    }
    this.input = input;
    this.x = x;
    this.row = row;
    this.answers = answers;
  }

  /** The shape of so many rows. */
  static long[] extents(Shape row, int rows) {
    return LongStream.concat(LongStream.of(rows), Arrays.stream(row.extents()).asLongStream())
        .toArray();
  }

  @Override
  public int rows() {
    return answers.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    int size = row.size();
    float[] chosen = new float[rows.length * size];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(x, rows[i] * size, chosen, i * size, size);
    }
    return Map.of(input, Value.of(Tensors.of(chosen, extents(row, rows.length))));
  }

  @Override
  public Examples resident(TensorScope owner) {
    return Resident.of(this, (long) Float.BYTES * row.size(), owner);
  }

  @Override
  public Tensor targets(int[] rows) {
    return answers.of(rows);
  }

  @Override
  public String sha256() {
    Sha256 digest = new Sha256();
    for (int i = 0; i < rows(); i++) {
      digest.add(x, i * row.size(), row.size());
      digest.add(answers.bits(i));
    }
    return digest.hex();
  }
}
