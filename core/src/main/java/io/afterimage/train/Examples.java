package io.afterimage.train;

import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Map;

/** What a graph is trained on. */
public interface Examples {
  int rows();

  /** The graph's inputs for these rows, in the innermost scope. */
  Map<String, Value> inputs(int[] rows);

  /** What is to be answered for these rows, in the innermost scope. */
  Tensor targets(int[] rows);

  /** SHA-256 of everything that is learned from, in hexadecimal. */
  String sha256();

  /** What is shown in this epoch: the same, unless examples vary. */
  default Examples inEpoch(int epoch) {
    return this;
  }

  /** The same examples, held in native memory by the owner where they fit. */
  default Examples resident(TensorScope owner) {
    return this;
  }

  /**
   * The same rows, to be answered as somebody else answers them (distillation).
   *
   * @param answers probabilities of the classes, or values
   */
  default Examples taught(Predictions answers) {
    return new Taught(this, answers);
  }

  /**
   * Arrays of one class each, for a graph of one input.
   *
   * @param x row after row
   * @param row the shape of one row
   * @param classes the class of each row
   */
  static Examples ofClasses(String input, float[] x, Shape row, int[] classes) {
    return new ArrayExamples(input, x, row, new Answers.Classes(classes));
  }

  /** Arrays of one value each, for a graph of one input. */
  static Examples ofValues(String input, float[] x, Shape row, double[] values) {
    return new ArrayExamples(input, x, row, new Answers.Values(values));
  }

  /** Arrays that are to be answered by themselves, for a graph of one input. */
  static Examples ofThemselves(String input, float[] x, Shape row) {
    return new ArrayExamples(input, x, row, new Answers.Rows(x, row));
  }

  /**
   * A dataset's columns of one class each, for a graph that takes them: by name where it has an
   * input for each, else as the one array that its one input takes.
   *
   * @param classes the class of each row, in the order of the graph's answers
   */
  static Examples ofClasses(OnnxModel model, Dataset rows, int[] classes) {
    return new ColumnExamples(model, rows, new Answers.Classes(classes));
  }

  /** A dataset's columns of one value each, for a graph that takes them. */
  static Examples ofValues(OnnxModel model, Dataset rows, double[] values) {
    return new ColumnExamples(model, rows, new Answers.Values(values));
  }
}
