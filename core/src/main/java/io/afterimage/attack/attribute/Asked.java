package io.afterimage.attack.attribute;

import java.util.Arrays;

/**
 * What the model answered about people for every candidate value.
 *
 * @param people their rows
 * @param responses what is known of each
 * @param answers person after person, one for each candidate value
 * @param logShares log of how common each candidate value is
 */
record Asked(int[] people, double[] responses, double[] answers, double[] logShares) {
  private static final int MOST_ROUNDS = 200;

  /** How likely each value is for a person, as logarithms up to a constant. */
  double[] logPosterior(ErrorModel error, int person) {
    double[] log = new double[logShares.length];
    for (int v = 0; v < log.length; v++) {
      double likelihood = error.logLikelihood(responses[person], answers[person * log.length + v]);
      log[v] = logShares[v] + likelihood;
    }
    return log;
  }

  /**
   * The model's error where nobody's value is known: the most likely one by expectation and
   * maximisation (Dempster, Laird, Rubin 1977), with each person's value hidden and the shares of
   * values fixed.
   */
  ErrorModel error(ErrorModel.Fit fit) {
    int values = logShares.length;
    double[] repeated = new double[answers.length];
    Arrays.setAll(repeated, pair -> responses[pair / values]);
    double[] weights = new double[answers.length];
    Arrays.setAll(weights, pair -> Math.exp(logShares[pair % values]));
    for (int round = 0; round < MOST_ROUNDS; round++) {
      ErrorModel error = fit.of(repeated, answers, weights);
      if (reweigh(error, weights) < 1e-9) {
        return error;
      }
    }
    return fit.of(repeated, answers, weights);
  }

  /** Writes each person's posterior into the weights; the greatest change of one. */
  private double reweigh(ErrorModel error, double[] weights) {
    double change = 0;
    for (int person = 0; person < people.length; person++) {
      double[] p = logPosterior(error, person);
      double greatest = Arrays.stream(p).max().orElseThrow();
      if (greatest == Double.NEGATIVE_INFINITY) {
        continue; // impossible whatever the value: this person teaches nothing
      }
      Arrays.setAll(p, v -> Math.exp(p[v] - greatest));
      double sum = Arrays.stream(p).sum();
      for (int v = 0; v < p.length; v++) {
        int pair = person * p.length + v;
        change = Math.max(change, Math.abs(weights[pair] - p[v] / sum));
        weights[pair] = p[v] / sum;
      }
    }
    return change;
  }
}
