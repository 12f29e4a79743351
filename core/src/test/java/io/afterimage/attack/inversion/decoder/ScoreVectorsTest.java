package io.afterimage.attack.inversion.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import org.junit.jupiter.api.Test;

class ScoreVectorsTest {
  private static final double E = Math.E;

  private static Predictions probabilities(double... values) {
    return new Predictions(values, 3, Meaning.PROBABILITIES);
  }

  @Test
  void ofWholeAnswersTheLogarithmsAreCentred() {
    double sum = 1 + E + E * E;
    Predictions p = probabilities(1 / sum, E / sum, E * E / sum);
    assertThat(ScoreVectors.of(p, Answers.EXACT).of(p))
        .containsExactly(new float[] {-1, 0, 1}, within(1e-6f));
  }

  @Test
  void logitsAndTheirProbabilitiesAreTheSame() {
    Predictions logits = new Predictions(new double[] {4, 7, -2}, 3, Meaning.LOGITS);
    float[] of = ScoreVectors.of(logits, Answers.EXACT).of(logits);
    Predictions p = logits.probabilities();
    assertThat(of).containsExactly(new float[] {1, 4, -5}, within(1e-6f));
    assertThat(ScoreVectors.of(p, Answers.EXACT).of(p)).containsExactly(of, within(1e-5f));
  }

  @Test
  void aProbabilityOfNothingCountsAsTheLeastThatCanBeRead() {
    Predictions p = probabilities(1, 0, 0);
    assertThat(ScoreVectors.of(p, Answers.EXACT).of(p))
        .containsExactly(new float[] {100 / 3f, -50 / 3f, -50 / 3f}, within(1e-4f));
    float least = (float) Math.log(0.005);
    assertThat(ScoreVectors.of(p, Answers.EXACT.rounded(2)).of(p))
        .containsExactly(new float[] {-2 * least / 3, least / 3, least / 3}, within(1e-4f));
    float noise = (float) Math.log(0.1);
    assertThat(ScoreVectors.of(p, Answers.EXACT.noised(Answers.Noise.GAUSSIAN, 0.1)).of(p))
        .containsExactly(new float[] {-2 * noise / 3, noise / 3, noise / 3}, within(1e-4f));
  }

  @Test
  void aClassThatIsNotShownIsZeroAndEveryOtherAbove() {
    Predictions p = probabilities(1 / E, 1 / E, 0, 0, 1 / (E * E), 0.5);
    ScoreVectors vectors = ScoreVectors.of(p, Answers.EXACT.cutTo(2));
    assertThat(vectors.of(p))
        .containsExactly(new float[] {2, 2, 0, 0, 1, (float) (3 + Math.log(0.5))}, within(1e-6f));
    assertThat(vectors.of(probabilities(1e-9, 1, 0)))
        .containsExactly(new float[] {0, 3, 0}, within(1e-6f));
  }

  @Test
  void ofLabelsAloneTheClassIsOne() {
    Predictions labels = new Predictions(new double[] {0, 1, 0}, 3, Meaning.LABEL);
    assertThat(ScoreVectors.of(labels, Answers.EXACT).of(labels)).containsExactly(0, 1, 0);
  }

  @Test
  void aSureAnswerIsAsSureAsTheTargetTypicallyIs() {
    // Centred logarithms 2 -1 -1, -3 6 -3 and 8 -4 -4.
    Predictions p =
        new Predictions(new double[] {2, -1, -1, -3, 6, -3, 8, -4, -4}, 3, Meaning.LOGITS);
    float other = -16 / 6f;
    assertThat(ScoreVectors.of(p, Answers.EXACT).sure())
        .containsExactly(
            new float[] {6, other, other, other, 6, other, other, other, 6}, within(1e-5f));
  }
}
