package io.afterimage.audit;

import io.afterimage.base.Access;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.train.Classifier;
import io.afterimage.train.Matrix;
import java.util.List;
import java.util.Optional;

/** A control's model, asked as the audited one is. */
record ClassifierTarget(String name, Classifier classifier, Encoder encoder, List<String> classes)
    implements ScoreTarget {
  @Override
  public TargetInfo info() {
    return new TargetInfo(
        name, Task.CLASSIFICATION, classes, Meaning.PROBABILITIES, Access.SCORES, Optional.empty());
  }

  @Override
  public Predictions scores(Dataset rows) {
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    double[] values = new double[rows.rows() * classes.size()];
    for (int row = 0; row < rows.rows(); row++) {
      double[] probabilities = classifier.probabilities(table, row);
      System.arraycopy(probabilities, 0, values, row * classes.size(), classes.size());
    }
    return new Predictions(values, classes.size(), Meaning.PROBABILITIES);
  }
}
