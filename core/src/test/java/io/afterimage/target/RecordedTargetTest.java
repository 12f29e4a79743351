package io.afterimage.target;

import static io.afterimage.target.Tables.numbers;
import static io.afterimage.target.Tables.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Dataset;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedTargetTest {
  private static final Dataset MEMBERS =
      Tables.of("members", numbers("p_no", 0.9, 0.25, 0.5), numbers("p_yes", 0.1, 0.75, 0.5));
  private static final Dataset NONMEMBERS =
      Tables.of("nonmembers", numbers("p_no", 0.3), numbers("p_yes", 0.7));

  @Test
  void answersForItsOwnRowsInAnyOrder() {
    RecordedTarget target = RecordedTarget.of("scores.csv", List.of(MEMBERS, NONMEMBERS));
    assertThat(target.info().classes()).containsExactly("no", "yes");
    assertThat(target.scores(MEMBERS.select(new int[] {1, 0})).values())
        .containsExactly(0.25, 0.75, 0.9, 0.1);
    assertThat(target.scores(NONMEMBERS).row(0)).containsExactly(0.3, 0.7);
    assertThat(target.labels(MEMBERS)).containsExactly(0, 1, 0);
  }

  @Test
  void refusesEveryOtherRow() {
    RecordedTarget target = RecordedTarget.of("scores.csv", List.of(MEMBERS));
    assertThatThrownBy(() -> target.scores(NONMEMBERS))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "scores.csv holds no answer about record nonmembers:0; predictions answer for their own rows alone");
  }

  @Test
  void aColumnValueIsARegressors() {
    Dataset doses = Tables.of("members", numbers("value", 3.5, -2));
    RecordedTarget target = RecordedTarget.of("doses.csv", List.of(doses));
    assertThat(target.info().task()).isEqualTo(Task.REGRESSION);
    assertThat(target.scores(doses).values()).containsExactly(3.5, -2);
  }

  @Test
  void roundedAndTruncatedProbabilitiesAreTaken() {
    Dataset cut = Tables.of("members", numbers("p_a", 0.7), numbers("p_b", 0), numbers("p_c", 0));
    assertThat(RecordedTarget.of("cut.csv", List.of(cut)).scores(cut).row(0))
        .containsExactly(0.7, 0, 0);
  }

  @Test
  void namesWhatIsWrong() {
    refuses("needs a column p_CLASS", Tables.of("members", numbers("age", 3)));
    refuses("needs a column p_CLASS", Tables.of("members", numbers("p_yes", 0.3)));
    refuses("both must come from one model", MEMBERS, Tables.of("other", numbers("value", 1)));
    refuses(
        "record members:0: p_b must be a probability between 0 and 1, but is 3.0",
        Tables.of("members", numbers("p_a", 0.3), numbers("p_b", 3)));
    refuses(
        "p_a must be a probability between 0 and 1, but is NaN",
        Tables.of("members", numbers("p_a", Double.NaN), numbers("p_b", 0.5)));
    refuses("add up to 2.0", Tables.of("members", numbers("p_a", 1), numbers("p_b", 1)));
    refuses("add up to 0.0", Tables.of("members", numbers("p_a", 0), numbers("p_b", 0)));
    refuses(
        "column p_a of members must hold numbers",
        Tables.of("members", texts("p_a", "high"), numbers("p_b", 1)));
    refuses("record members:0 stands twice", MEMBERS, MEMBERS);
    refuses(
        "value must be a number, but is Infinity",
        Tables.of("members", numbers("value", Double.POSITIVE_INFINITY)));
  }

  private static void refuses(String message, Dataset... tables) {
    assertThatThrownBy(() -> RecordedTarget.of("scores.csv", List.of(tables)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }
}
