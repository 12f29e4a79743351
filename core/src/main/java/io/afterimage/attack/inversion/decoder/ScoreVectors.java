package io.afterimage.attack.inversion.decoder;

import io.afterimage.attack.common.Posteriors;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import java.util.Arrays;

/**
 * Answers as an inversion network is given them: one number a class.
 *
 * <p>Probabilities differ most by their logarithms, which Yang et al. feed with a constant added
 * that keeps them above the 0 of a class that is not shown. Here:
 *
 * <ul>
 *   <li>Whole answers: the logarithms less their mean over the classes, which is what a softmax
 *       does not lose of the scores before it. Logarithms below -50 count as -50, which is the
 *       constant of the authors; where answers are rounded or noisy, below that of half a unit of
 *       the last digit or of the noise's scale, because no more can be read there.
 *   <li>Answers cut to the top k: 0 for a class that is not shown, else the logarithm plus the
 *       constant by which the least that was shown for the public rows becomes 1.
 *   <li>Labels alone: 1 for the class, else 0.
 * </ul>
 *
 * <p>Shapes: [rows, classes], row after row.
 */
public final class ScoreVectors {
  private static final double LEAST_LOG = -50;

  private final Answers known;
  private final double floor;
  private final double shift;
  private final Predictions seen;

  private ScoreVectors(Predictions seen, Answers known) {
    this.seen = seen;
    this.known = known;
    double unit = Math.pow(10, -known.decimals().orElse(Integer.MAX_VALUE)) / 2;
    this.floor = Math.max(LEAST_LOG, Math.log(Math.max(unit, known.noiseScale())));
    this.shift = 1 - leastShown(seen);
  }

  /**
   * Those of a target.
   *
   * @param seen what it answered about the public rows
   * @param known what is public about its answers
   */
  public static ScoreVectors of(Predictions seen, Answers known) {
    return new ScoreVectors(seen, known);
  }

  private double leastShown(Predictions answers) {
    return Arrays.stream(answers.values()).filter(p -> p > 0).map(this::log).min().orElse(0);
  }

  private double log(double p) {
    return Math.max(floor, Math.log(p));
  }

  /** Answers of the same target. */
  public float[] of(Predictions answers) {
    if (answers.meaning() == Meaning.LABEL) {
      return floats(answers.values());
    }
    boolean cut = known.topK().isPresent() && answers.meaning() == Meaning.PROBABILITIES;
    return cut ? shown(answers) : centred(answers);
  }

  private float[] shown(Predictions answers) {
    return floats(answers.map(p -> p > 0 ? Math.max(0, log(p) + shift) : 0).values());
  }

  private float[] centred(Predictions answers) {
    Posteriors posteriors = Posteriors.of(answers, known);
    int classes = answers.columns();
    float[] vectors = new float[answers.values().length];
    double[] logs = new double[classes];
    for (int row = 0; row < answers.rows(); row++) {
      for (int c = 0; c < classes; c++) {
        logs[c] = Math.max(floor, posteriors.logP(row, c));
      }
      double mean = Arrays.stream(logs).average().orElseThrow();
      for (int c = 0; c < classes; c++) {
        vectors[row * classes + c] = (float) (logs[c] - mean);
      }
    }
    return vectors;
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /**
   * For each class the vector of an answer that is as sure of it as the target typically is: the
   * class has the median, over the public rows, of the class answered, every other class the mean
   * of those that were not.
   */
  public float[] sure() {
    int classes = seen.columns();
    float[] vectors = of(seen);
    double[] tops = new double[seen.rows()];
    double sum = 0;
    for (int row = 0; row < tops.length; row++) {
      tops[row] = vectors[row * classes + seen.label(row)];
      for (int c = 0; c < classes; c++) {
        sum += vectors[row * classes + c];
      }
      sum -= tops[row];
    }
    float[] sure = new float[classes * classes];
    Arrays.fill(sure, (float) (sum / (tops.length * (classes - 1.0))));
    Arrays.sort(tops);
    for (int c = 0; c < classes; c++) {
      sure[c * classes + c] = (float) tops[tops.length / 2];
    }
    return sure;
  }
}
