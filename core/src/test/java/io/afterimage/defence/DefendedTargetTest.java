package io.afterimage.defence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.defence.output.GaussianNoise;
import io.afterimage.defence.output.LabelOnly;
import io.afterimage.defence.output.Rounding;
import io.afterimage.defence.output.TopK;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DefendedTargetTest {
  private static final Dataset ROWS = rows(-1, -0.5, 0, 0.5, 1);

  @Test
  void answersProbabilitiesWhereTheModelAnswersLogits() {
    DefendedTarget target = defended(logistic(), new Rounding(2));
    assertThat(target.info().meaning()).isEqualTo(Meaning.PROBABILITIES);
    assertThat(target.info().access()).isEqualTo(Access.SCORES);
    assertThat(target.scores(ROWS).row(4)).containsExactly(0.27, 0.73);
    assertThat(target.answers()).isEqualTo(Answers.EXACT.rounded(2));
  }

  @Test
  void labelOnlyNarrowsTheAccess() {
    DefendedTarget target = defended(logistic(), new LabelOnly());
    assertThat(target.info().access()).isEqualTo(Access.LABEL);
    assertThat(target.info().meaning()).isEqualTo(Meaning.LABEL);
    assertThat(target.labels(ROWS)).containsExactly(0, 0, 0, 1, 1);
  }

  @Test
  void asksAgainGivesFreshNoiseAndAReplayGivesTheSame() {
    DefendedTarget target = defended(logistic(), new GaussianNoise(0.1));
    double[] first = target.scores(ROWS).values();
    double[] second = target.scores(ROWS).values();
    assertThat(second).isNotEqualTo(first);
    DefendedTarget replay = defended(logistic(), new GaussianNoise(0.1));
    assertThat(replay.scores(ROWS).values()).isEqualTo(first);
    assertThat(replay.scores(ROWS).values()).isEqualTo(second);
  }

  @Test
  void permutedRowsGivePermutedAnswers() {
    int[] order = {3, 1, 4, 0, 2};
    Predictions straight = defended(logistic(), new GaussianNoise(0.1)).scores(ROWS);
    Predictions permuted = defended(logistic(), new GaussianNoise(0.1)).scores(ROWS.select(order));
    for (int i = 0; i < order.length; i++) {
      assertThat(permuted.row(i)).isEqualTo(straight.row(order[i]));
    }
  }

  @Test
  void averagingFreshNoiseComesBackToTheAnswer() {
    int asks = 2000;
    DefendedTarget target = defended(regressor(), new GaussianNoise(3));
    double sum = 0;
    for (int i = 0; i < asks; i++) {
      sum += target.scores(ROWS).get(4, 0);
    }
    // Six standard errors: a correct noise fails in 2e-9 of seeds.
    assertThat(sum / asks).isCloseTo(1, within(6 * 3 / Math.sqrt(asks)));
  }

  @Test
  void oneRecordTwiceInABatchGetsTwoDraws() {
    Predictions twice =
        defended(regressor(), new GaussianNoise(1)).scores(ROWS.select(new int[] {0, 0}));
    assertThat(twice.get(0, 0)).isNotEqualTo(twice.get(1, 0));
  }

  @Test
  void whatNeedsClassesIsRefusedForARegressor() {
    assertThatThrownBy(() -> defended(regressor(), new TopK(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--defend top-k:1: dose.onnx is a regressor, which has no classes");
  }

  @Test
  void nothingIsLeftToDefendBehindLabels() {
    DefendedTarget labels = defended(logistic(), new LabelOnly());
    assertThatThrownBy(() -> defended(labels, new Rounding(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--defend round:1: risk.onnx gives labels alone already");
  }

  @Test
  void defencesBeforeDefencesAddUpInWhatIsPublic() {
    ScoreTarget noised = defended(logistic(), new GaussianNoise(0.1));
    assertThat(defended(noised, new Rounding(1)).answers())
        .isEqualTo(Answers.EXACT.noised(Answers.Noise.GAUSSIAN, 0.1).rounded(1));
    ScoreTarget rounded = defended(logistic(), new Rounding(1));
    assertThatThrownBy(() -> defended(rounded, new GaussianNoise(0.1)))
        .isInstanceOf(BadInputException.class);
  }

  private static DefendedTarget defended(ScoreTarget target, OutputDefence defence) {
    return new DefendedTarget(target, defence, Run.of(7));
  }

  /** Logits (0, x). */
  private static ScoreTarget logistic() {
    return target("risk.onnx", Task.CLASSIFICATION, Meaning.LOGITS, List.of("no", "yes"));
  }

  /** The value x. */
  private static ScoreTarget regressor() {
    return target("dose.onnx", Task.REGRESSION, Meaning.VALUE, List.of());
  }

  private static ScoreTarget target(String name, Task task, Meaning meaning, List<String> classes) {
    return new ScoreTarget() {
      @Override
      public TargetInfo info() {
        return new TargetInfo(name, task, classes, meaning, Access.LOGITS, Optional.empty());
      }

      @Override
      public Predictions scores(Dataset rows) {
        int columns = Math.max(1, classes.size());
        double[] values = new double[rows.rows() * columns];
        Column.Numeric x = (Column.Numeric) rows.column("x");
        for (int row = 0; row < rows.rows(); row++) {
          values[row * columns + columns - 1] = x.get(row);
        }
        return new Predictions(values, columns, meaning);
      }
    };
  }

  private static Dataset rows(double... x) {
    return Dataset.of(
        "members", new Schema(Map.of("x", Role.FEATURE)), List.of(new Column.Numeric("x", x)));
  }
}
