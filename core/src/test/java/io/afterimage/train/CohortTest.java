package io.afterimage.train;

import static io.afterimage.train.Numbers.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TrainingForm;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.Cohort.Recipe;
import io.afterimage.train.Trainer.Settings;
import io.afterimage.train.Trainer.Trained;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeakedTensors.class)
class CohortTest {
  private static final int POOL = 90;
  private static final int COLUMNS = 6;
  private static final Shape ROW = new Shape(COLUMNS);
  private static final Run RUN = new Run(3, 2, Progress.NONE, new AtomicBoolean());

  private final OnnxModel graph = Architectures.mlp(3, 8).over(ROW, Run.of(0));
  private final Examples pool = pool(1, POOL);
  private final Examples others = pool(2, 70);

  @TempDir Path folder;

  private static Examples pool(long seed, int rows) {
    RandomGenerator random = Run.of(seed).random("pool");
    float[] x = new float[rows * COLUMNS];
    int[] classes = new int[rows];
    for (int row = 0; row < rows; row++) {
      classes[row] = row % 3;
      for (int column = 0; column < COLUMNS; column++) {
        x[row * COLUMNS + column] =
            (float) (random.nextGaussian() + (column == classes[row] ? 2 : 0));
      }
    }
    return Examples.ofClasses(Architecture.INPUT, x, ROW, classes);
  }

  private static List<Pupil> pupils(int count) {
    // Halves of different sizes: some end an epoch with a shorter batch, some take fewer steps.
    return IntStream.range(0, count)
        .mapToObj(
            i -> new Pupil("p" + i, Arrays.copyOf(RUN.shuffled("half/" + i, POOL), 30 + 3 * i)))
        .toList();
  }

  private Recipe recipe(Settings settings) {
    return Recipe.of(Loss.crossEntropy(graph), new Optimiser.Sgd(0.1, 0.9, false, 0), settings);
  }

  private static Recipe withPace(Recipe recipe, Pace pace) {
    return new Recipe(recipe.loss(), recipe.optimiser(), recipe.settings(), pace, 0);
  }

  private List<Trained> validated(
      List<Pupil> pupils, Recipe recipe, Optional<TrainedModels> cache) {
    return Cohort.train(graph, pool, Optional.of(others), pupils, recipe, cache, RUN);
  }

  private List<Trained> train(List<Pupil> pupils, Recipe recipe, Optional<TrainedModels> cache) {
    return Cohort.train(graph, pool, pupils, recipe, cache, RUN);
  }

  @Test
  void eachModelIsTheOneThatTheTrainerMakesOfItsRowsAlone() {
    List<Pupil> pupils = pupils(6);
    Recipe recipe = recipe(Settings.of(4, 16));
    List<Trained> together = train(pupils, recipe, Optional.empty());
    for (int i = 0; i < pupils.size(); i++) {
      Trained alone = train(pupils.subList(i, i + 1), recipe, Optional.empty()).get(0);
      same(together.get(i), alone);
    }
  }

  @Test
  void theLearningRateOfAStackFollowsItsSchedule() {
    List<Pupil> pupils = pupils(4);
    Recipe recipe = withPace(recipe(Settings.of(4, 16)), new Pace(Pace.Curve.COSINE, 1, 0.1, 2));
    List<Trained> together = train(pupils, recipe, Optional.empty());
    for (int i = 0; i < pupils.size(); i++) {
      same(together.get(i), train(pupils.subList(i, i + 1), recipe, Optional.empty()).get(0));
    }
  }

  @Test
  void aModelThatReachesItsGoalEarlierStopsEarlier() {
    List<Pupil> pupils = pupils(4);
    Recipe recipe = recipe(Settings.of(30, 16).until(0.45));
    List<Trained> together = train(pupils, recipe, Optional.empty());
    assertThat(together.stream().map(t -> t.record().losses().size()).distinct())
        .hasSizeGreaterThan(1);
    for (int i = 0; i < pupils.size(); i++) {
      same(together.get(i), train(pupils.subList(i, i + 1), recipe, Optional.empty()).get(0));
    }
  }

  @Test
  void eachModelStopsByItsOwnValidationLossAndTakesItsBestWeights() {
    List<Pupil> pupils = pupils(6);
    Recipe recipe = recipe(new Settings(200, 16, 3, 0));
    List<Trained> together = validated(pupils, recipe, Optional.empty());
    for (int i = 0; i < pupils.size(); i++) {
      Trained alone = validated(pupils.subList(i, i + 1), recipe, Optional.empty()).get(0);
      same(together.get(i), alone);
      List<Double> losses = together.get(i).record().validationLosses();
      int kept = together.get(i).record().kept();
      assertThat(losses.size()).isEqualTo(kept + 3).isLessThan(200);
      assertThat(losses.get(kept - 1)).isEqualTo(lowest(losses));
      assertThat(loss(together.get(i).model())).isCloseTo(lowest(losses), within(1e-4));
    }
    assertThat(together.stream().map(t -> t.record().kept()).distinct()).hasSizeGreaterThan(1);
  }

  @Test
  void withPatienceAndNothingToValidateOnTheTrainingLossDecides() {
    List<Pupil> pupils = pupils(4);
    Recipe recipe = recipe(new Settings(200, 16, 2, 0));
    List<Trained> together = train(pupils, recipe, Optional.empty());
    for (int i = 0; i < pupils.size(); i++) {
      TrainingRecord record = together.get(i).record();
      assertThat(record.losses().get(record.kept() - 1)).isEqualTo(lowest(record.losses()));
      same(together.get(i), train(pupils.subList(i, i + 1), recipe, Optional.empty()).get(0));
    }
  }

  @Test
  void theOrderOfModelsDoesNotMatter() {
    List<Pupil> pupils = pupils(5);
    List<Pupil> turned = new ArrayList<>(pupils);
    Collections.reverse(turned);
    Recipe recipe = recipe(Settings.of(2, 16));
    List<Trained> forwards = train(pupils, recipe, Optional.empty());
    List<Trained> backwards = train(turned, recipe, Optional.empty());
    for (int i = 0; i < pupils.size(); i++) {
      same(forwards.get(i), backwards.get(pupils.size() - 1 - i));
    }
  }

  @Test
  void modelsThatDrawAreTrainedOneByOne() {
    OnnxModel drops = TrainingForm.of(graph, TrainingForm.BatchNorm.NONE, 0.5);
    assertThat(StackedStep.suits(graph, pool, Loss.crossEntropy(graph))).isTrue();
    assertThat(StackedStep.suits(drops, pool, Loss.crossEntropy(drops))).isFalse();
  }

  @Test
  void whatIsTrainedIsKeptAndFoundAgain() throws IOException {
    List<Pupil> pupils = pupils(3);
    Recipe recipe = recipe(new Settings(4, 16, 2, 0));
    List<Trained> first = validated(pupils, recipe, Optional.of(new TrainedModels(folder)));
    List<Long> written = times();
    List<Trained> again = validated(pupils, recipe, Optional.of(new TrainedModels(folder)));
    assertThat(again.stream().map(t -> t.model().sha256()))
        .containsExactlyElementsOf(first.stream().map(t -> t.model().sha256()).toList());
    assertThat(again.stream().map(Trained::record))
        .containsExactlyElementsOf(first.stream().map(Trained::record).toList());
    assertThat(times()).isEqualTo(written);
  }

  @Test
  void anotherRecipeOrOtherRowsAreNotFound() throws IOException {
    List<Pupil> pupils = pupils(1);
    TrainedModels cache = new TrainedModels(folder);
    train(pupils, recipe(Settings.of(1, 16)), Optional.of(cache));
    train(pupils, recipe(Settings.of(2, 16)), Optional.of(cache));
    Pupil fewer = new Pupil("p0", Arrays.copyOf(pupils.get(0).rows(), 29));
    train(List.of(fewer), recipe(Settings.of(1, 16)), Optional.of(cache));
    Recipe usual = recipe(Settings.of(1, 16));
    Loss smoothed = Loss.crossEntropy(graph, 0.1);
    train(pupils, Recipe.of(smoothed, usual.optimiser(), usual.settings()), Optional.of(cache));
    train(pupils, withPace(usual, new Pace(Pace.Curve.COSINE, 1, 0.1, 0)), Optional.of(cache));
    Examples varied = new Varied(pool, new Noisy(0.1, RUN), 0);
    Cohort.train(graph, varied, pupils, usual, Optional.of(cache), RUN);
    validated(pupils, usual, Optional.of(cache));
    assertThat(times()).hasSize(14);
  }

  @Test
  void aDamagedFileIsTrainedAgain() throws IOException {
    List<Pupil> pupils = pupils(1);
    Recipe recipe = recipe(Settings.of(1, 16));
    Trained first = train(pupils, recipe, Optional.of(new TrainedModels(folder))).get(0);
    for (Path file : files()) {
      byte[] bytes = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
    }
    Trained again = train(pupils, recipe, Optional.of(new TrainedModels(folder))).get(0);
    assertThat(again.model().sha256()).isEqualTo(first.model().sha256());
  }

  @Test
  void aDivergingModelIsNamed() {
    Recipe recipe = Recipe.of(Loss.crossEntropy(graph), Optimiser.Sgd.of(1e6), Settings.of(50, 16));
    assertThatThrownBy(() -> train(pupils(3), recipe, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageMatching("model p\\d: the loss became .* lower --learning-rate.*");
  }

  @Test
  void aModelWithoutRowsIsRefused() {
    assertThatThrownBy(() -> new Pupil("p", new int[0]))
        .isInstanceOf(BadInputException.class)
        .hasMessage("model p has no rows to learn from");
  }

  // ---- helpers

  private static double lowest(List<Double> losses) {
    return Collections.min(losses);
  }

  /** Of the others. */
  private double loss(OnnxModel model) {
    try (SupervisedStep step =
        new SupervisedStep(model, others, Loss.crossEntropy(model), Optimiser.Sgd.of(0.1))) {
      return step.score(others).loss();
    }
  }

  private List<Path> files() throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private List<Long> times() throws IOException {
    List<Long> times = new ArrayList<>();
    for (Path file : files()) {
      times.add(Files.getLastModifiedTime(file).toMillis());
    }
    return times;
  }

  private static void same(Trained found, Trained expected) {
    assertThat(found.record().losses()).hasSameSizeAs(expected.record().losses());
    assertThat(found.record().kept()).isEqualTo(expected.record().kept());
    Map<String, float[]> a = parameters(found.model());
    Map<String, float[]> b = parameters(expected.model());
    assertThat(a.keySet()).isEqualTo(b.keySet());
    b.forEach(
        (name, values) -> {
          float[] own = a.getOrDefault(name, new float[0]);
          for (int i = 0; i < values.length; i++) {
            assertThat(own[i]).isCloseTo(values[i], within(1e-4f));
          }
        });
  }
}
