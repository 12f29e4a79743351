package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.RecipeScores;
import io.afterimage.target.OnnxTarget;
import io.afterimage.tensor.NoLeakedTensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Reference models that take the target's place. */
@ExtendWith(NoLeakedTensors.class)
class RecipeTest {
  private static final Run RUN = new Run(5, 2, Progress.NONE, new AtomicBoolean());
  private static final int ROWS = 100;
  private static final ReferenceSettings MODELS =
      new ReferenceSettings(8, Optional.empty(), 0, 20, 0.01, OptionalInt.empty());

  @TempDir Path folder;

  @Test
  void eachModelGivesItsOwnMembersAwayWhoeverTheTargetsAre() {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = Overfitted.on(split.members(), RUN)) {
      for (String id : List.of("membership-lira", "membership-rmia", "membership-r")) {
        RecipeScores scores = scores(id, leaky, split, MODELS.references());
        assertThat(scores.people().ids()).hasSize(2 * ROWS);
        assertThat(scores.notes()).isNotEmpty();
        scores
            .signals()
            .forEach(
                (name, of) -> {
                  double mean =
                      IntStream.range(0, of.length)
                          .mapToDouble(m -> Auc.of(signal(of[m], scores.learned()[m])))
                          .average()
                          .orElseThrow();
                  assertThat(mean).as(id + "/" + name).isGreaterThan(NullAuc.most(ROWS));
                });
      }
    }
  }

  @Test
  void everyPersonIsComparedWithAsManyModelsOnEitherSide() {
    Split split = Overfitted.split(30, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, RUN);
      References all =
          References.of(target, suspects, List.of(UnaryOperator.identity()), MODELS, RUN);
      for (int model = 0; model < MODELS.references(); model++) {
        References others = all.inPlace(model);
        for (int i = 0; i < 60; i++) {
          double own = others.target(i);
          assertThat(all.learned(model, i) ? all.with(i) : all.without(i)).contains(own);
          assertThat(others.with(i)).hasSize(3);
          assertThat(all.with(i)).contains(others.with(i));
          assertThat(others.without(i)).hasSize(3);
          assertThat(all.without(i)).contains(others.without(i));
        }
      }
    }
  }

  @Test
  void twoModelsCannotTakeTurns() {
    Split split = Overfitted.split(30, RUN);
    try (OnnxTarget target = Overfitted.on(split.members(), RUN)) {
      MembershipRmia rmia = new MembershipRmia();
      ReferenceSettings two =
          new ReferenceSettings(2, Optional.empty(), 1, 20, 0.01, OptionalInt.empty());
      assertThat(rmia.ofRecipe(target, split, new MembershipRmia.Settings(two, 1, 0.3), RUN))
          .isEmpty();
    }
  }

  private RecipeScores scores(String id, OnnxTarget target, Split split, int models) {
    Record settings =
        SettingsForm.of(Attacks.named(id).defaults())
            .with(
                Map.of(
                    "references", String.valueOf(models), "batch", "20", "learning-rate", "0.01"));
    return Attacks.ofRecipe(Attacks.named(id), target, split, settings, RUN.sharing(folder))
        .orElseThrow();
  }

  private static Signal signal(double[] scores, boolean[] learned) {
    return new Signal(
        IntStream.range(0, scores.length)
            .filter(i -> learned[i])
            .mapToDouble(i -> scores[i])
            .toArray(),
        IntStream.range(0, scores.length)
            .filter(i -> !learned[i])
            .mapToDouble(i -> scores[i])
            .toArray());
  }
}
