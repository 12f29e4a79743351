package io.afterimage.attack.inversion.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Public pictures under the classes that a target is surest of. */
class PseudoLabelsTest {
  private static final int ROWS = 40;
  private static final int CLASSES = 3;

  /** Answers of which many are equal. */
  private static Predictions answers() {
    RandomGenerator random = Run.of(1).random("answers");
    double[] answers = random.ints((long) ROWS * CLASSES, 0, 6).mapToDouble(i -> i / 5.0).toArray();
    return new Predictions(answers, CLASSES, Meaning.PROBABILITIES);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 39, 40})
  void theyAreThoseOfAFullSort(int each) {
    Predictions answers = answers();
    List<Integer> rows = new ArrayList<>();
    for (int c = 0; c < CLASSES; c++) {
      int subject = c;
      IntStream.range(0, ROWS)
          .boxed()
          .sorted(
              Comparator.<Integer>comparingDouble(row -> -answers.get(row, subject))
                  .thenComparing(row -> row))
          .limit(each)
          .sorted()
          .forEach(rows::add);
    }
    PseudoLabels labels = PseudoLabels.of(answers, each);
    assertThat(labels.rows()).containsExactly(rows.stream().mapToInt(row -> row).toArray());
    assertThat(labels.classes())
        .containsExactly(IntStream.range(0, CLASSES * each).map(i -> i / each).toArray());
    assertThat(labels.count()).isEqualTo(CLASSES);
  }

  @Test
  void aPictureMayStandUnderTwoClasses() {
    Predictions answers =
        new Predictions(new double[] {0.4, 0.6, 0.3, 0.7, 0.1, 0.9}, 2, Meaning.PROBABILITIES);
    PseudoLabels labels = PseudoLabels.of(answers, 2);
    assertThat(labels.rows()).containsExactly(0, 1, 1, 2);
    assertThat(labels.of(new float[] {1, 2, 3, 4, 5, 6}, 2))
        .containsExactly(1, 2, 3, 4, 3, 4, 5, 6);
  }

  @Test
  void moreThanThereAreAreRefused() {
    assertThatThrownBy(() -> PseudoLabels.of(answers(), 41))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--top")
        .hasMessageContaining("41");
  }
}
