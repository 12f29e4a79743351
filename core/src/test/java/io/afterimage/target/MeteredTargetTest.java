package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.data.Dataset;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeteredTargetTest {
  private static final Dataset ROWS =
      Tables.of("rows", Tables.numbers("p_a", 0.2, 0.4, 0.9), Tables.numbers("p_b", 0.8, 0.6, 0.1));
  private static final ScoreTarget TARGET = RecordedTarget.of("scores.csv", List.of(ROWS));

  @Test
  void countsRowsOnceWhateverIsAsked() {
    QueryMeter meter = QueryMeter.counting();
    ScoreTarget target = MeteredTarget.of(TARGET, meter);
    assertThat(target.scores(ROWS).values()).isEqualTo(TARGET.scores(ROWS).values());
    assertThat(target.labels(ROWS)).containsExactly(1, 1, 0);
    assertThat(meter.spent()).isEqualTo(6);
    assertThat(target.queriesLeft()).isEmpty();
  }

  @Test
  void turnsAwayWhatTheBudgetDoesNotCoverAndSpendsNothingOnIt() {
    QueryMeter meter = QueryMeter.of(4);
    ScoreTarget target = MeteredTarget.of(TARGET, meter);
    target.scores(ROWS);
    assertThatThrownBy(() -> target.scores(ROWS)).isInstanceOf(BudgetExhaustedException.class);
    assertThat(meter.spent()).isEqualTo(3);
    assertThat(target.queriesLeft()).hasValue(1);
    assertThat(target.labels(ROWS.select(new int[] {0}))).containsExactly(1);
    assertThat(target.queriesLeft()).hasValue(0);
  }

  @Test
  void oneMeterMayStandBeforeSeveralTargets() {
    QueryMeter meter = QueryMeter.of(5);
    MeteredTarget.of(TARGET, meter).scores(ROWS);
    ScoreTarget other = MeteredTarget.of(TARGET, meter);
    assertThatThrownBy(() -> other.scores(ROWS)).isInstanceOf(BudgetExhaustedException.class);
  }

  @Test
  void isNeverOverdrawnBySeveralThreads() {
    int budget = 1000;
    QueryMeter meter = QueryMeter.of(budget);
    ScoreTarget target = MeteredTarget.of(TARGET, meter);
    AtomicInteger answered = new AtomicInteger();
    IntStream.range(0, 2000)
        .parallel()
        .forEach(
            i -> {
              try {
                target.scores(ROWS);
                answered.incrementAndGet();
              } catch (BudgetExhaustedException e) {
                assertThat(meter.spent()).isEqualTo(budget - budget % 3);
              }
            });
    assertThat(answered).hasValue(budget / 3);
  }

  @Test
  void showsNoMoreThanTheTargetBehindIt() {
    LabelTarget labelsAlone =
        new LabelTarget() {
          @Override
          public TargetInfo info() {
            return TARGET.info();
          }

          @Override
          public int[] labels(Dataset rows) {
            return TARGET.labels(rows);
          }
        };
    LabelTarget metered = MeteredTarget.of(labelsAlone, QueryMeter.counting());
    assertThat(metered).isNotInstanceOf(ScoreTarget.class);
    assertThat(metered.labels(ROWS)).containsExactly(1, 1, 0);
    assertThat(MeteredTarget.of(TARGET, QueryMeter.counting()))
        .isInstanceOf(ScoreTarget.class)
        .isNotInstanceOf(FeatureTarget.class);
  }

  @Test
  void aBudgetOfNothingIsRefused() {
    assertThatThrownBy(() -> QueryMeter.of(0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--query-budget must be 1 or more");
  }
}
