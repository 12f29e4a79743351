package io.afterimage.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.ReadOptions;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.ShadowReport.Shadow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeakedTensors.class)
class ShadowTrainingTest {
  private static final int ROWS = 240;
  private static final int PEOPLE = 80;
  private static final int MODELS = 6;

  @TempDir private Path folder;

  /** Three records of each person; the label follows from the age. */
  private List<String> lines() {
    RandomGenerator random = Run.of(1).random("table");
    List<String> lines = new ArrayList<>();
    for (int row = 0; row < ROWS; row++) {
      int age = 20 + random.nextInt(60);
      lines.add("r%d,p%d,%d,%s".formatted(row, row % PEOPLE, age, age > 50 ? "high" : "low"));
    }
    return lines;
  }

  private ShadowSpec spec(List<String> lines, String out, Optional<Path> cache, boolean resume)
      throws IOException {
    List<String> table = new ArrayList<>(List.of("id,who,age,label"));
    table.addAll(lines);
    Path file = Files.write(folder.resolve("members.csv"), table);
    TrainingSpec training =
        new TrainingSpec(
            new Network.OfBlueprint(Blueprint.MLP, Blueprint.Sizes.DEFAULTS, List.of()),
            Map.of(TrainingSpec.MEMBERS, file),
            ReadOptions.builder().label("label").rowId("id").person("who").build(),
            Optional.empty(),
            Recipe.of(new Optimiser.Adam(0.01, 0.9, 0.999, 1e-8, 0), 5),
            Optional.empty(),
            folder.resolve(out),
            resume,
            List.of("train"));
    return new ShadowSpec(training, MODELS, 0.5, cache);
  }

  private static ShadowReport train(ShadowSpec spec, Run run) {
    return ShadowTraining.run(spec, run, remark -> {});
  }

  /** Whether each model learned from each record, by the record's id. */
  private Map<String, List<String>> membership(String out) throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve(out).resolve("membership.csv"));
    Map<String, List<String>> coins = new TreeMap<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = List.of(line.replace("\"", "").split(",", -1));
      coins.put(cells.get(0), cells.subList(1, cells.size()));
    }
    return coins;
  }

  @Test
  void everyModelLearnsFromTheRecordsThatItsCoinsChose() throws IOException {
    ShadowReport report = train(spec(lines(), "run", Optional.empty(), false), Run.of(3));
    Map<String, List<String>> coins = membership("run");
    assertThat(coins).hasSize(ROWS);
    assertThat(report.models()).hasSize(MODELS);
    for (int i = 0; i < MODELS; i++) {
      Shadow shadow = report.models().get(i);
      int own = i;
      long learned = coins.values().stream().filter(row -> row.get(own).equals("1")).count();
      assertThat((long) shadow.rows()).isEqualTo(learned);
      // 80 coins of one half: beyond 40 +- 25 in one of 10^7 models.
      assertThat(learned).isBetween(45L, 195L);
      OnnxModel model = OnnxModel.read(folder.resolve("run").resolve(shadow.file()));
      assertThat(model.sha256()).isEqualTo(shadow.sha256());
      assertThat(shadow.losses()).hasSize(5);
    }
    assertThat(folder.resolve("run/cache")).doesNotExist();
    assertThat(Files.readString(folder.resolve("run/training.json")))
        .contains("afterimage/shadows/1", "\"models\" : " + MODELS);
  }

  @Test
  void everyModelIsValidatedOnTheNonMembersAndTheRecordSaysSo() throws IOException {
    ShadowSpec plain = spec(lines(), "run", Optional.empty(), false);
    TrainingSpec training = plain.training();
    Path members = requireNonNull(training.files().get(TrainingSpec.MEMBERS));
    List<String> table = Files.readAllLines(members);
    Path others = Files.write(folder.resolve("others.csv"), table.subList(0, 61));
    Recipe recipe = training.recipe();
    TrainingSpec validated =
        new TrainingSpec(
            training.network(),
            Map.of(TrainingSpec.MEMBERS, members, TrainingSpec.NONMEMBERS, others),
            training.reading(),
            training.layout(),
            patient(recipe, 30, 2),
            training.saving(),
            training.out(),
            false,
            training.command());
    ShadowReport report = train(new ShadowSpec(validated, MODELS, 0.5, plain.cache()), Run.of(3));
    for (Shadow shadow : report.models()) {
      assertThat(shadow.validationLosses()).hasSameSizeAs(shadow.losses());
      assertThat(shadow.kept()).isBetween(1, shadow.losses().size());
      assertThat(requireNonNull(shadow.nonmembers()).loss())
          .isCloseTo(shadow.validationLosses().get(shadow.kept() - 1), within(1e-4));
    }
    assertThat(requireNonNull(report.data().get("nonmembers")).rows()).isEqualTo(60);
    assertThat(report.settings().path("recipe").path("patience").asInt()).isEqualTo(2);
  }

  private static Recipe patient(Recipe recipe, int epochs, int patience) {
    return new Recipe(
        recipe.objective(),
        recipe.labelSmoothing(),
        recipe.huberDelta(),
        recipe.optimiser(),
        recipe.pace(),
        epochs,
        recipe.batch(),
        patience,
        recipe.clipNorm(),
        recipe.batchNorm(),
        recipe.dropout(),
        recipe.augmentation(),
        recipe.noise());
  }

  @Test
  void aPersonsRecordsStayTogether() throws IOException {
    train(spec(lines(), "run", Optional.empty(), false), Run.of(3));
    Map<String, List<String>> coins = membership("run");
    for (int person = 0; person < PEOPLE; person++) {
      List<String> first = coins.getOrDefault("r" + person, List.of());
      assertThat(coins.get("r" + (person + PEOPLE))).isEqualTo(first);
      assertThat(coins.get("r" + (person + 2 * PEOPLE))).isEqualTo(first);
    }
  }

  @Test
  void theOrderOfRecordsDoesNotMoveACoin() throws IOException {
    train(spec(lines(), "run", Optional.empty(), false), Run.of(3));
    List<String> turned = lines();
    Collections.reverse(turned);
    train(spec(turned, "turned", Optional.empty(), false), Run.of(3));
    assertThat(membership("turned")).isEqualTo(membership("run"));
  }

  @Test
  void whatIsInTheCacheIsNotTrainedAgain() throws IOException {
    Path cache = folder.resolve("cache");
    ShadowReport first = train(spec(lines(), "run", Optional.of(cache), false), Run.of(3));
    Map<Path, FileTime> written = times(cache);
    ShadowReport again = train(spec(lines(), "again", Optional.of(cache), false), Run.of(3));
    assertThat(again.models()).isEqualTo(first.models());
    assertThat(times(cache)).isEqualTo(written).hasSize(2 * MODELS);
  }

  private static Map<Path, FileTime> times(Path folder) throws IOException {
    Map<Path, FileTime> times = new TreeMap<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        times.put(file, Files.getLastModifiedTime(file));
      }
    }
    return times;
  }

  @Test
  void stoppedAndResumedItEndsInTheSameModels() throws IOException {
    AtomicBoolean cancelled = new AtomicBoolean();
    Progress afterTheFirst = (work, done, total) -> cancelled.set(true);
    Run stopped = new Run(3, 2, afterTheFirst, cancelled);
    Run free = new Run(3, 2, Progress.NONE, new AtomicBoolean());
    ShadowSpec spec = spec(lines(), "stopped", Optional.empty(), false);
    assertThatThrownBy(() -> train(spec, stopped))
        .isInstanceOf(CancelledException.class)
        .hasMessageMatching("stopped; [1-6] of 6 models are trained and saved, and --resume .*");
    assertThat(times(folder.resolve("stopped/cache"))).isNotEmpty();
    ShadowReport resumed = train(spec(lines(), "stopped", Optional.empty(), true), free);
    ShadowReport whole = train(spec(lines(), "whole", Optional.empty(), false), free);
    assertThat(resumed.models()).isEqualTo(whole.models());
  }

  @Test
  void stoppedBeforeAnyIsTrainedItDoesNotSayThatSomethingIsSaved() throws IOException {
    ShadowSpec spec = spec(lines(), "stopped", Optional.empty(), false);
    Run stopped = new Run(3, 2, Progress.NONE, new AtomicBoolean(true));
    assertThatThrownBy(() -> train(spec, stopped))
        .isInstanceOf(CancelledException.class)
        .hasMessage(
            "stopped before any of 6 models was trained, so none is saved; --resume starts again");
    assertThat(train(spec(lines(), "stopped", Optional.empty(), true), Run.of(3)).models())
        .hasSize(MODELS);
  }

  @Test
  void whatCannotBeIsRefused() throws IOException {
    ShadowSpec good = spec(lines(), "run", Optional.empty(), false);
    TrainingSpec training = good.training();
    assertThatThrownBy(() -> new ShadowSpec(training, 1, 0.5, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--models");
    assertThatThrownBy(() -> new ShadowSpec(training, 4, 1, Optional.empty()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--share");
    ShadowSpec few = new ShadowSpec(training, 4, 1e-6, Optional.empty());
    assertThatThrownBy(() -> train(few, Run.of(3)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("leaves shadow-1 0 of 240 rows");
    List<String> table = new ArrayList<>();
    for (int row = 0; row < 30_000; row++) {
      table.add("r%d,p%d,%d,%s".formatted(row, row, row % 60, row % 2 == 0 ? "high" : "low"));
    }
    ShadowSpec large = spec(table, "large", Optional.empty(), false);
    assertThatThrownBy(
            () -> train(new ShadowSpec(large.training(), 10_000, 0.5, large.cache()), Run.of(3)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--models is 10000 of 30000 rows");
    ShadowSpec resumed = spec(lines(), "nowhere", Optional.empty(), true);
    assertThatThrownBy(() -> train(resumed, Run.of(3)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--resume");
  }
}
