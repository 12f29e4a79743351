package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.Attack;
import io.afterimage.attack.fixture.Auc;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.NullAuc;
import io.afterimage.attack.fixture.Overfitted;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.Answers;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.BoostedTrees;
import io.afterimage.train.Forests;
import io.afterimage.train.LabelledTable;
import io.afterimage.train.Matrix;
import io.afterimage.train.TreeRecipe;
import java.io.IOException;
import java.nio.file.Files;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks on trees, which compare them with trees. */
@ExtendWith(NoLeakedTensors.class)
class TreeReferencesTest {
  private static final Run RUN = new Run(5, 2, Progress.NONE, new AtomicBoolean());
  private static final int ROWS = 200;
  private static final int PIXELS = 64;
  private static final ReferenceSettings MODELS =
      new ReferenceSettings(16, Optional.empty(), 0, 20, 0.01, OptionalInt.empty());
  private static final Forests.Settings DRAWN = Forests.Settings.forest(30, PIXELS);
  private static final TreeRecipe REMEMBERING = new TreeRecipe.OfForest(DRAWN.withoutBootstrap());
  private static final TreeRecipe BREIMANS = new TreeRecipe.OfForest(DRAWN);
  private static final TreeRecipe BOOSTED = new BoostedTrees(12, 6, 31, 0.4);

  @TempDir Path folder;

  static List<TreeRecipe> recipes() {
    return List.of(REMEMBERING, BREIMANS, BOOSTED);
  }

  /** The mean area of the likelihood ratio's two signals. */
  private static double lira(ScoreTarget target, Split split, Run run) {
    return attack(target, split, run).signals().values().stream()
        .mapToDouble(Auc::of)
        .average()
        .orElseThrow();
  }

  private static MembershipScores attack(ScoreTarget target, Split split, Run run) {
    MembershipLira attack = new MembershipLira();
    return attack.run(target, split, new MembershipLira.Settings(MODELS, 64, 0, false), run);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void treesThatKnowTheirRowsGiveThemAwayBesideTreesMoreThanBesideNetworks(TreeRecipe recipe) {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget leaky = on(split.members(), recipe)) {
      double besideTrees = lira(leaky, split, RUN);
      ScoreTarget unknownGraph = CountingTarget.of(leaky, Answers.EXACT, p -> p);
      assertThat(besideTrees)
          .isGreaterThan(NullAuc.most(ROWS))
          .isGreaterThan(lira(unknownGraph, split, RUN) + 0.05);
    }
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void treesThatKnowOtherRowsTellNothing(TreeRecipe recipe) {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget innocent = on(Overfitted.digits("strangers", ROWS, RUN), recipe)) {
      for (Attack<?, ScoreTarget, MembershipScores> attack :
          List.of(new MembershipLira(), new MembershipRmia(), new MembershipR())) {
        run(attack, innocent, split)
            .signals()
            .forEach(
                (name, signal) ->
                    assertThat(Auc.of(signal))
                        .as("%s %s", attack.info().id(), name)
                        .isBetween(NullAuc.least(ROWS), NullAuc.most(ROWS)));
      }
    }
  }

  private <S extends Record> MembershipScores run(
      Attack<S, ScoreTarget, MembershipScores> attack, ScoreTarget target, Split split) {
    return attack.run(target, split, attack.defaults(), RUN.sharing(folder));
  }

  /** What the file does not say: the report tells what was taken for it. */
  @Test
  void whatTreesWereGrownOnIsFoundByHowSureTheyAre() {
    assertThat(note(REMEMBERING))
        .matches(
            "16 reference models that are forests of 30 trees of depth \\d+ at most, leaves of at"
                + " least 1 rows, grown anew on every row of theirs");
    assertThat(note(BREIMANS))
        .endsWith("least 1 rows, grown anew on samples drawn with replacement");
    assertThat(note(new TreeRecipe.OfForest(DRAWN.withMinLeaf(3))))
        .endsWith("least 3 rows, grown anew on samples drawn with replacement");
    assertThat(note(BOOSTED))
        .matches(
            "16 reference models that are boosted trees, 12 rounds of depth 6 and \\d+ leaves at"
                + " most, rate 0\\.[36], grown anew");
  }

  private String note(TreeRecipe recipe) {
    Split split = Overfitted.split(ROWS, RUN);
    try (OnnxTarget target = on(split.members(), recipe)) {
      return run(new MembershipR(), target, split).notes().get(0);
    }
  }

  /** The references never see who is a member: the other way round they are the same models. */
  @ParameterizedTest
  @MethodSource("recipes")
  void modelsDoNotDependOnWhoWasAMember(TreeRecipe recipe) {
    Split split = Overfitted.split(60, RUN);
    Split turned = Split.of(split.nonMembers(), split.members());
    try (OnnxTarget target = on(split.members(), recipe)) {
      References one = references(target, split, RUN);
      References other = references(target, turned, RUN);
      for (int i = 0; i < 120; i++) {
        int there = (i + 60) % 120;
        assertThat(other.with(there)).isEqualTo(one.with(i));
        assertThat(other.without(there)).isEqualTo(one.without(i));
      }
    }
  }

  private static References references(ScoreTarget target, Split split, Run run) {
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, run);
    return References.of(target, suspects, List.of(UnaryOperator.identity()), MODELS, run);
  }

  @ParameterizedTest
  @MethodSource("recipes")
  void modelsOnceGrownAreFoundAgain(TreeRecipe recipe) throws IOException {
    Split split = Overfitted.split(60, RUN);
    Run sharing = RUN.sharing(folder);
    try (OnnxTarget target = on(split.members(), recipe)) {
      References fresh = references(target, split, sharing.keyed("one attack"));
      List<Path> kept = models();
      assertThat(kept).hasSizeGreaterThan(MODELS.references());
      Files.delete(kept.get(3));
      Files.write(kept.get(4), new byte[] {1, 2, 3});
      References again = references(target, split, sharing.keyed("another attack"));
      assertThat(models()).isEqualTo(kept);
      for (int i = 0; i < 120; i++) {
        assertThat(again.with(i)).isEqualTo(fresh.with(i));
        assertThat(again.without(i)).isEqualTo(fresh.without(i));
      }
    }
  }

  private List<Path> models() throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".onnx")).sorted().toList();
    }
  }

  @Test
  void boostedValuesGiveTheirRowsAway() {
    Split split = patients(Task.REGRESSION);
    LabelledTable rows =
        new LabelledTable(encoded(split.members()), doses(split.members()), List.of());
    try (OnnxTarget leaky = open(new BoostedTrees(40, 6, 40, 0.3), rows)) {
      Split arrays = Split.of(array(split.members()), array(split.nonMembers()));
      MembershipScores scores = attack(leaky, arrays, RUN);
      assertThat(scores.notes().get(0)).contains("boosted trees, 40 rounds");
      scores
          .signals()
          .forEach(
              (name, signal) ->
                  assertThat(Auc.of(signal)).as(name).isGreaterThan(NullAuc.most(ROWS)));
    }
  }

  private static Split patients(Task task) {
    return Split.of(
        Patients.draw("members", ROWS, task, RUN), Patients.draw("others", ROWS, task, RUN));
  }

  private static double[] doses(Dataset rows) {
    return ((Column.Numeric) rows.label().orElseThrow()).values();
  }

  private static Matrix encoded(Dataset rows) {
    Encoder encoder = Encoder.fit(patients(Task.REGRESSION).members());
    return new Matrix(encoder.encode(rows), encoder.width());
  }

  /** The same patients as arrays of numbers, as a graph without an encoder takes them. */
  private static Dataset array(Dataset rows) {
    Matrix table = encoded(rows);
    return Dataset.of(
        rows.name(),
        new Schema(Map.of("x", Role.FEATURE, "response", Role.LABEL)),
        List.of(
            new Column.Array("x", table.values(), new Shape(table.columns())),
            rows.label().orElseThrow()));
  }

  /** Trees grown on these digits. */
  private static OnnxTarget on(Dataset digits, TreeRecipe recipe) {
    Column.Array pixels = (Column.Array) digits.inputs().get(0);
    double[] classes = IntStream.of(digits.classes()).asDoubleStream().toArray();
    return open(
        recipe, new LabelledTable(new Matrix(pixels.values(), PIXELS), classes, Digits.CLASSES));
  }

  private static OnnxTarget open(TreeRecipe recipe, LabelledTable rows) {
    return OnnxTarget.open(recipe.grow(rows, RUN), OnnxOptions.DEFAULTS);
  }
}
