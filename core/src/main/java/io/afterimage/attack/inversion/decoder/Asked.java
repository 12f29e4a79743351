package io.afterimage.attack.inversion.decoder;

import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * Asks a target once about each row.
 *
 * @param target who is asked
 * @param run stops the asking when the user does
 */
public record Asked(LabelTarget target, Run run) {
  private static final int NUMBERS_AT_ONCE = 1 << 25;

  /** The answers about these rows and then those. */
  public Predictions about(List<Dataset> parts) {
    Asker asker = new Asker(target, 1, run);
    List<Predictions> answers = parts.stream().map(asker::ask).toList();
    return new Predictions(
        answers.stream().flatMapToDouble(a -> DoubleStream.of(a.values())).toArray(),
        answers.get(0).columns(),
        answers.get(0).meaning());
  }

  /**
   * The target's probability of each picture's class; where it shows labels alone, 1 for the class
   * that it names.
   *
   * @param input the name of the column that holds the pictures
   * @param pixels picture after picture
   */
  public double[] confidence(String input, Shape shape, float[] pixels, int[] classes) {
    Schema schema = new Schema(Map.of(input, Role.FEATURE));
    double[] confidence = new double[classes.length];
    int atOnce = Math.max(1, NUMBERS_AT_ONCE / shape.size());
    for (int from = 0; from < classes.length; from += atOnce) {
      int to = Math.min(classes.length, from + atOnce);
      float[] some = Arrays.copyOfRange(pixels, from * shape.size(), to * shape.size());
      Column.Array pictures = new Column.Array(input, some, shape);
      Predictions answers = about(List.of(Dataset.of("rebuilt", schema, List.of(pictures))));
      double[] own = confidence(answers, Arrays.copyOfRange(classes, from, to));
      System.arraycopy(own, 0, confidence, from, own.length);
    }
    return confidence;
  }

  private double[] confidence(Predictions answers, int[] classes) {
    double[] confidence = new double[classes.length];
    if (answers.meaning() == Meaning.LABEL) {
      Arrays.setAll(confidence, i -> answers.get(i, classes[i]));
    } else {
      Posteriors posteriors = Posteriors.of(answers, target.answers());
      Arrays.setAll(confidence, i -> posteriors.p(i, classes[i]));
    }
    return confidence;
  }
}
