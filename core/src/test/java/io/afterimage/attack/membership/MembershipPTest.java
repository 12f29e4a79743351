package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.common.Confidences;
import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class MembershipPTest {
  private static final Run RUN = Run.of(31);
  private static final MembershipP ATTACK = new MembershipP();
  private static final int ROWS = 200;

  private static MembershipScores attack(OnnxTarget target, Split split) {
    return ATTACK.run(target, split, ATTACK.defaults(), RUN);
  }

  private static Signal signal(MembershipScores scores, String name) {
    return Objects.requireNonNull(scores.signals().get(name), name);
  }

  @Test
  void aNetworkThatKnowsItsRowsByHeartGivesThemAway() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      attack(leaky, split)
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal)).as(name).isGreaterThan(NullAuc.most(ROWS)));
    }
  }

  @Test
  void aNetworkThatKnowsOtherRowsTellsNothing() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget innocent = Overfitted.on(Overfitted.digits("strangers", ROWS, RUN), RUN)) {
      attack(innocent, split)
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal))
                      .as(name)
                      .isBetween(NullAuc.least(ROWS), NullAuc.most(ROWS)));
    }
  }

  /** Each score by itself: the public rows are counted, those of the person's class or all. */
  @Test
  void scoresAreSharesOfThePublicAboutWhomTheModelErrsMore() {
    Split split = Overfitted.split(50, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      Dataset members = split.members();
      Dataset population = split.population().orElseThrow();
      double[] own = Confidences.of(target.scores(members), target, members);
      double[] others = Confidences.of(target.scores(population), target, population);
      int[] ownClasses = members.classes();
      int[] classes = population.classes();
      MembershipScores scores = attack(target, split);
      for (int i = 0; i < own.length; i++) {
        int person = i;
        int[] alike =
            IntStream.range(0, others.length)
                .filter(j -> classes[j] == ownClasses[person])
                .toArray();
        int[] all = IntStream.range(0, others.length).toArray();
        assertThat(signal(scores, "loss").members()[i])
            .isCloseTo(below(others, all, own[i]), within(1e-12));
        assertThat(signal(scores, "loss-per-class").members()[i])
            .isCloseTo(below(others, alike.length < 10 ? all : alike, own[i]), within(1e-12));
      }
    }
  }

  private static double below(double[] values, int[] among, double one) {
    return Arrays.stream(among)
        .mapToDouble(i -> values[i] < one ? 1 : values[i] == one ? 0.5 : 0)
        .average()
        .orElseThrow();
  }

  @Test
  void withoutPublicRowsItSaysWhatItNeeds() {
    Dataset rows = Patients.draw("rows", 60, Task.REGRESSION, RUN);
    assertThat(ATTACK.refusal(Split.of(rows, rows)))
        .contains(
            "needs --population: at least 50 public rows of the same kind with their label, not 0");
    assertThat(ATTACK.refusal(new Split(rows, rows, Optional.of(rows), Optional.empty())))
        .isEmpty();
  }
}
