package io.afterimage.attack.attribute;

import java.util.Arrays;

/** How a model errs: how likely a response is given the model's answer. */
@FunctionalInterface
interface ErrorModel {
  /**
   * Natural logarithm of the likelihood, up to a constant; -∞ where it is impossible.
   *
   * @param response what is known of the person: a value, or a class as an index
   * @param answer what the model says, in the same terms
   */
  double logLikelihood(double response, double answer);

  /** Learns an error model from pairs of a response and an answer, each with a weight. */
  @FunctionalInterface
  interface Fit {
    ErrorModel of(double[] responses, double[] answers, double[] weights);
  }

  /** A regressor's error: normal around 0, as wide as its mean square. */
  static ErrorModel gaussian(double[] responses, double[] answers, double[] weights) {
    double squares = 0;
    double sum = 0;
    for (int i = 0; i < weights.length; i++) {
      squares += weights[i] * (responses[i] - answers[i]) * (responses[i] - answers[i]);
      sum += weights[i];
    }
    double variance = Math.max(squares / sum, 1e-18); // a model without error still tells apart
    return (response, answer) -> -(response - answer) * (response - answer) / (2 * variance);
  }

  /** A classifier's error as P(true y | answer ŷ). */
  static Fit trueGivenAnswer(int classes) {
    return (responses, answers, weights) -> {
      double[][] shares = shares(classes, answers, responses, weights);
      return (response, answer) -> Math.log(shares[(int) answer][(int) response]);
    };
  }

  /** A classifier's error as P(answer ŷ | true y). */
  static Fit answerGivenTrue(int classes) {
    return (responses, answers, weights) -> {
      double[][] shares = shares(classes, responses, answers, weights);
      return (response, answer) -> Math.log(shares[(int) response][(int) answer]);
    };
  }

  /** P(outcome | given); uniform where the given class was never seen, which says nothing. */
  private static double[][] shares(
      int classes, double[] given, double[] outcomes, double[] weights) {
    double[][] counts = new double[classes][classes];
    for (int i = 0; i < weights.length; i++) {
      counts[(int) given[i]][(int) outcomes[i]] += weights[i];
    }
    for (double[] row : counts) {
      double sum = Arrays.stream(row).sum();
      Arrays.setAll(row, c -> sum > 0 ? row[c] / sum : 1.0 / classes);
    }
    return counts;
  }
}
