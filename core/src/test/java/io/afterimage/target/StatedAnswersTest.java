package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Dataset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Targets of others, whose answers are not what they say of them. */
class StatedAnswersTest {
  private static final Dataset ROWS = Tables.of("rows", Tables.numbers("x", 1, 2));

  /** A target of three classes that says this of its answers, and gives those. */
  private record Told(Meaning meaning, Answers answers, int columns, double... values)
      implements ScoreTarget {
    @Override
    public TargetInfo info() {
      boolean classifies = meaning != Meaning.VALUE;
      return new TargetInfo(
          "theirs",
          classifies ? Task.CLASSIFICATION : Task.REGRESSION,
          classifies ? List.of("a", "b", "c") : List.of(),
          meaning,
          meaning == Meaning.LABEL ? Access.LABEL : Access.SCORES,
          Optional.empty());
    }

    @Override
    public Predictions scores(Dataset rows) {
      return new Predictions(values, columns, meaning);
    }
  }

  private static void passes(Meaning meaning, Answers said, double... values) {
    int columns = meaning == Meaning.VALUE ? 1 : 3;
    ScoreTarget target =
        MeteredTarget.of(new Told(meaning, said, columns, values), QueryMeter.counting());
    assertThat(target.scores(ROWS).values()).isEqualTo(values);
  }

  private static void refused(Meaning meaning, Answers said, String why, double... values) {
    int columns = meaning == Meaning.VALUE ? 1 : 3;
    ScoreTarget target =
        MeteredTarget.of(new Told(meaning, said, columns, values), QueryMeter.counting());
    assertThatThrownBy(() -> target.scores(ROWS))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "theirs, row 2 of those asked about: the answer " + why + "; look at the target");
  }

  @Test
  void moreDigitsThanSaidAreRefused() {
    Answers two = Answers.EXACT.rounded(2);
    passes(Meaning.PROBABILITIES, two, 0.25, 0.25, 0.5, 0.1f, 0.29f, 0.61);
    String why = "has more digits than the 2 after the point that the target says it rounds to";
    refused(Meaning.PROBABILITIES, two, why, 0.25, 0.25, 0.5, 0.1, 0.205, 0.695);
    passes(Meaning.VALUE, two, (float) 1234567.25, -3.1);
    passes(Meaning.VALUE, Answers.EXACT.rounded(15), 1e300, 0.1);
    refused(Meaning.VALUE, two, why, 12.5, 12.501);
  }

  @Test
  void moreClassesThanSaidAreRefused() {
    Answers two = Answers.EXACT.cutTo(2);
    passes(Meaning.PROBABILITIES, two, 0.25, 0.5, 0, 1, 0, 0);
    refused(
        Meaning.PROBABILITIES,
        two,
        "shows 3 classes, but the target says that it shows 2",
        0.25,
        0.5,
        0,
        0.2,
        0.2,
        0.6);
  }

  /** Nothing would be left for the class that is hidden; a file of one digit may add up to more. */
  @Test
  void shownClassesThatAddUpToMoreThanOneAreRefused() {
    Answers two = Answers.EXACT.cutTo(2);
    passes(Meaning.PROBABILITIES, two, 0.5, 0.5, 0, 0.6, 0.5, 0);
    refused(
        Meaning.PROBABILITIES,
        two,
        "leaves less than nothing for the hidden classes: the 2 shown add up to 1.5",
        0.5,
        0.5,
        0,
        0.75,
        0.75,
        0);
    passes(Meaning.PROBABILITIES, two.rounded(0), 1, 1, 0, 1, 0, 0);
    Answers noisy = Answers.EXACT.noised(Answers.Noise.GAUSSIAN, 0.5).cutTo(2);
    passes(Meaning.PROBABILITIES, noisy, 0.75, 0.75, 0, 1, 1, 0);
  }

  @Test
  void scoresWhereOnlyClassesAreSaidAreRefused() {
    passes(Meaning.LABEL, Answers.EXACT, 0, 1, 0, 1, 0, 0);
    String why = "holds scores, but the target says that it names the class alone";
    refused(Meaning.LABEL, Answers.EXACT, why, 0, 1, 0, 0.2, 0.8, 0);
    refused(Meaning.LABEL, Answers.EXACT, why, 0, 1, 0, 0, 1, 1);
    refused(Meaning.LABEL, Answers.EXACT, why, 0, 1, 0, 0, 0, 0);
  }

  @Test
  void answersOfAnotherSizeAreRefused() {
    for (Told wrong :
        List.of(
            new Told(Meaning.PROBABILITIES, Answers.EXACT, 2, 0.5, 0.5, 0.2, 0.8),
            new Told(Meaning.PROBABILITIES, Answers.EXACT, 3, 0.5, 0.5, 0))) {
      ScoreTarget target = MeteredTarget.of(wrong, QueryMeter.counting());
      assertThatThrownBy(() -> target.scores(ROWS))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith("theirs gives %d numbers, ".formatted(wrong.values().length))
          .hasMessageContaining("2 rows, but says that it gives 3 a row");
    }
  }

  @Test
  void classesThatAreNoneAreRefused() {
    Told honest = new Told(Meaning.PROBABILITIES, Answers.EXACT, 3, 0, 0, 1, 1, 0, 0);
    assertThat(named(honest.info(), 2, 0).labels(ROWS)).containsExactly(2, 0);
    for (int none : new int[] {3, -1}) {
      assertThatThrownBy(() -> named(honest.info(), 0, none).labels(ROWS))
          .isInstanceOf(BadInputException.class)
          .hasMessage(
              "theirs, row 2 of those asked about: the answer names class %d, but the target has 3,"
                  + " from 0 on; look at the target",
              none);
    }
    assertThatThrownBy(() -> named(honest.info(), 0).labels(ROWS))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("names 1 classes when asked about 2 rows");
  }

  private static LabelTarget named(TargetInfo info, int... labels) {
    LabelTarget target =
        new LabelTarget() {
          @Override
          public TargetInfo info() {
            return info;
          }

          @Override
          public int[] labels(Dataset rows) {
            return labels;
          }
        };
    return MeteredTarget.of(target, QueryMeter.counting());
  }
}
