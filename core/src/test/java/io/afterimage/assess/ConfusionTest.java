package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ConfusionTest {
  @Test
  void agreesWithTheBinaryFormulas() {
    // TP 6, FN 2, FP 1, TN 3.
    Confusion confusion = table(new int[][] {{3, 1}, {2, 6}});
    double ofOnes = 2 * 6.0 / (2 * 6 + 1 + 2);
    double ofZeros = 2 * 3.0 / (2 * 3 + 2 + 1);
    assertThat(confusion.macroF1()).isCloseTo((ofOnes + ofZeros) / 2, within(1e-12));
    assertThat(confusion.mcc())
        .isCloseTo((6 * 3 - 1 * 2) / Math.sqrt(7.0 * 8 * 4 * 5), within(1e-12));
  }

  @Test
  void isOneWhereEveryGuessIsRightAndMinusOneWhereTwoValuesAreExchanged() {
    Confusion right = table(new int[][] {{4, 0, 0}, {0, 5, 0}, {0, 0, 6}});
    assertThat(right.macroF1()).isEqualTo(1);
    assertThat(right.mcc()).isCloseTo(1, within(1e-12));
    assertThat(table(new int[][] {{0, 5}, {5, 0}}).mcc()).isCloseTo(-1, within(1e-12));
  }

  @Test
  void doesNotRewardTheMajorityGuess() {
    Confusion majority = table(new int[][] {{90, 0}, {10, 0}});
    assertThat(majority.mcc()).isEqualTo(0);
    assertThat(majority.macroF1()).isCloseTo(180.0 / 190 / 2, within(1e-12));
  }

  @Test
  void countsNoGuessAsAWrongOneAndNoValueThatNeverOccurs() {
    Confusion confusion = Confusion.of(3);
    confusion.add(0, 0, 1);
    confusion.add(0, -1, 1);
    confusion.add(1, 1, 2);
    assertThat(confusion.macroF1()).isCloseTo((2.0 / 3 + 1) / 2, within(1e-12));
    assertThat(confusion.mcc()).isBetween(0.5, 0.99);
  }

  private static Confusion table(int[][] counts) {
    Confusion confusion = Confusion.of(counts.length);
    for (int truth = 0; truth < counts.length; truth++) {
      for (int guess = 0; guess < counts.length; guess++) {
        confusion.add(truth, guess, counts[truth][guess]);
      }
    }
    return confusion;
  }
}
