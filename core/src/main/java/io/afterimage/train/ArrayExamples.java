package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.data.Shape;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

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

  /** What is to be answered. */
  sealed interface Answers {
    int rows();

    Tensor of(int[] rows);

    long bits(int row);
  }

  /** A class each. */
  record Classes(int[] classes) implements Answers {
    Classes {
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
    Values {
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
    long[] shape = new long[row.rank() + 1];
    shape[0] = rows.length;
    for (int axis = 0; axis < row.rank(); axis++) {
      shape[axis + 1] = row.extent(axis);
    }
    return Map.of(input, Value.of(Tensors.of(chosen, shape)));
  }

  @Override
  public Tensor targets(int[] rows) {
    return answers.of(rows);
  }

  @Override
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      ByteBuffer bytes = ByteBuffer.allocate(4 * row.size() + 8);
      for (int i = 0; i < rows(); i++) {
        bytes.clear();
        for (int j = i * row.size(); j < (i + 1) * row.size(); j++) {
          bytes.putFloat(x[j]);
        }
        digest.update(bytes.putLong(answers.bits(i)).array());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
