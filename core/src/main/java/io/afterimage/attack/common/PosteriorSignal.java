package io.afterimage.attack.common;

/**
 * What one row's class probabilities say about its membership, as a number that is greater for
 * members. All are finite; natural logarithms.
 */
public enum PosteriorSignal {
  /** Minus the cross-entropy of the true class, log p(y). Yeom et al. 2018. */
  LOSS("loss") {
    @Override
    public double of(Posteriors posteriors, int row, int y) {
      return posteriors.logP(row, y);
    }
  },

  /**
   * Logarithm of the greatest probability, whatever the true class: Salem et al. 2019, adversary 3.
   */
  CONFIDENCE("confidence") {
    @Override
    public double of(Posteriors posteriors, int row, int y) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < posteriors.classes(); c++) {
        greatest = Math.max(greatest, posteriors.logP(row, c));
      }
      return greatest;
    }
  },

  /** Minus the entropy, sum of p log p. Salem et al. 2019; Song and Mittal 2021. */
  ENTROPY("entropy") {
    @Override
    public double of(Posteriors posteriors, int row, int y) {
      double sum = 0;
      for (int c = 0; c < posteriors.classes(); c++) {
        sum += posteriors.p(row, c) * posteriors.logP(row, c);
      }
      return sum;
    }
  },

  /**
   * Minus the modified entropy, (1 - p(y)) log p(y) + sum over c ≠ y of p(c) log(1 - p(c)): unlike
   * entropy it tells a sure right answer from a sure wrong one. Song and Mittal 2021, equation 8.
   */
  MODIFIED_ENTROPY("modified-entropy") {
    @Override
    public double of(Posteriors posteriors, int row, int y) {
      double sum = Math.exp(posteriors.logNotP(row, y)) * posteriors.logP(row, y);
      for (int c = 0; c < posteriors.classes(); c++) {
        sum += c == y ? 0 : posteriors.p(row, c) * posteriors.logNotP(row, c);
      }
      return sum;
    }
  };

  private final String id;

  PosteriorSignal(String id) {
    this.id = id;
  }

  /** Its name in findings: {@code modified-entropy}. */
  public String id() {
    return id;
  }

  /** The signal of a row whose true class is y. */
  public abstract double of(Posteriors posteriors, int row, int y);
}
