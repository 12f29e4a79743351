package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.graph.Value;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Map;

/**
 * Examples that are to be answered as somebody else answered them, whatever their labels say.
 *
 * @param source the rows
 * @param answers probabilities of the classes, or values
 */
record Taught(Examples source, Predictions answers) implements Examples {
  Taught {
    check(source.rows() == answers.rows(), "%d rows but %d answers", source.rows(), answers.rows());
  }

  @Override
  public int rows() {
    return source.rows();
  }

  @Override
  public Map<String, Value> inputs(int[] rows) {
    return source.inputs(rows);
  }

  @Override
  public Tensor targets(int[] rows) {
    int columns = answers.columns();
    float[] chosen = new float[rows.length * columns];
    for (int i = 0; i < chosen.length; i++) {
      chosen[i] = (float) answers.get(rows[i / columns], i % columns);
    }
    return Tensors.of(chosen, rows.length, columns);
  }

  @Override
  public Examples inEpoch(int epoch) {
    return new Taught(source.inEpoch(epoch), answers);
  }

  @Override
  public Examples resident(TensorScope owner) {
    return new Taught(source.resident(owner), answers);
  }

  @Override
  public String sha256() {
    Sha256 sha256 = new Sha256();
    sha256.add(source.sha256());
    for (double value : answers.values()) {
      sha256.add(Double.doubleToLongBits(value));
    }
    return sha256.hex();
  }
}
