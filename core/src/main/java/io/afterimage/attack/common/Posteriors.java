package io.afterimage.attack.common;

import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.Arrays;

/**
 * The class probabilities behind a target's answers, as exactly as an adversary can restore them
 * who knows what is public about the answers.
 *
 * <ul>
 *   <li>Logits keep the precision that probabilities near 0 and 1 lose: log p and log(1 - p) are
 *       taken from them directly.
 *   <li>Top-k: what the shown classes leave of 1 is shared evenly among the hidden ones, so that
 *       the answer of a binary classifier comes back whole.
 *   <li>Temperature is undone: p is proportional to q^T.
 *   <li>Rounding to d decimals: 0 stands for less than half a unit of the last digit, and its
 *       logarithm is that of half a unit. Equal answers stay equal.
 * </ul>
 *
 * <p>Every logarithm is finite. Shapes: [rows, classes].
 */
public final class Posteriors {
  private static final double SMALLEST = 1e-300;

  private final int classes;
  private final double[] logP;
  private final double[] logNotP;

  private Posteriors(int rows, int classes) {
    this.classes = classes;
    this.logP = new double[rows * classes];
    this.logNotP = new double[rows * classes];
  }

  /** Those behind a classifier's scores. */
  public static Posteriors of(Predictions answers, Answers known) {
    Posteriors posteriors = new Posteriors(answers.rows(), answers.columns());
    double unit = Math.pow(10, -known.decimals().orElse(0));
    double floor = known.decimals().isPresent() ? unit / 2 : SMALLEST;
    for (int row = 0; row < answers.rows(); row++) {
      double[] answer = answers.row(row);
      switch (answers.meaning()) {
        case LOGITS, LOG_PROBABILITIES -> posteriors.fromLogits(row, answer, known.temperature());
        case PROBABILITIES -> {
          if (known.topK().isPresent()) {
            shareRest(answer);
          }
          posteriors.fromProbabilities(row, answer, known.temperature(), floor);
        }
        case VALUE, LABEL ->
            throw new IllegalArgumentException("no probabilities in " + answers.meaning());
      }
    }
    return posteriors;
  }

  public int rows() {
    return logP.length / classes;
  }

  public int classes() {
    return classes;
  }

  /** p(class). */
  public double p(int row, int c) {
    return Math.exp(logP(row, c));
  }

  /** Natural logarithm of p(class), finite. */
  public double logP(int row, int c) {
    return logP[row * classes + c];
  }

  /** Natural logarithm of 1 - p(class), finite. */
  public double logNotP(int row, int c) {
    return logNotP[row * classes + c];
  }

  /** Natural logarithm of p / (1 - p) of a class, finite. */
  public double logit(int row, int c) {
    return logP(row, c) - logNotP(row, c);
  }

  private void fromProbabilities(int row, double[] q, double temperature, double floor) {
    if (temperature != 1) {
      double[] logits = new double[classes];
      Arrays.setAll(logits, c -> Math.log(Math.max(q[c], floor)));
      fromLogits(row, logits, temperature);
      return;
    }
    for (int c = 0; c < classes; c++) {
      logP[row * classes + c] = Math.log(Math.max(Math.min(q[c], 1), floor));
      logNotP[row * classes + c] = Math.log(Math.max(Math.min(1 - q[c], 1), floor));
    }
  }

  /**
   * log(1 - p) of the most probable class is the logarithm of the others' sum: 1 - p itself would
   * be 0 from a lead of 37 on. Logarithms end at that of {@link #SMALLEST}.
   */
  private void fromLogits(int row, double[] logits, double temperature) {
    int top = 0;
    for (int c = 1; c < classes; c++) {
      top = logits[c] > logits[top] ? c : top;
    }
    double others = 0;
    for (int c = 0; c < classes; c++) {
      others += c == top ? 0 : Math.exp(temperature * (logits[c] - logits[top]));
    }
    double logSum = Math.log1p(others);
    for (int c = 0; c < classes; c++) {
      double log = temperature * (logits[c] - logits[top]) - logSum;
      double logNot = c == top ? Math.log(others) - logSum : Math.log1p(-Math.exp(log));
      logP[row * classes + c] = Math.max(log, Math.log(SMALLEST));
      logNotP[row * classes + c] = Math.max(logNot, Math.log(SMALLEST));
    }
  }

  private static void shareRest(double[] shown) {
    double rest = 1;
    int hidden = 0;
    for (double p : shown) {
      rest -= p;
      hidden += p == 0 ? 1 : 0;
    }
    for (int c = 0; c < shown.length; c++) {
      shown[c] = shown[c] == 0 ? Math.max(rest, 0) / hidden : shown[c];
    }
  }
}
