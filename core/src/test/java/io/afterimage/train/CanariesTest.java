package io.afterimage.train;

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
import io.afterimage.train.CanaryRecord.Gradient;
import io.afterimage.train.CanaryRecord.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeakedTensors.class)
class CanariesTest {
  private static final int ROWS = 400;

  @TempDir private Path folder;

  private Path table(String name, long seed, int rows) {
    RandomGenerator random = Run.of(seed).random("table");
    List<String> lines = new ArrayList<>(List.of("age,income,label"));
    for (int row = 0; row < rows; row++) {
      int age = 20 + random.nextInt(60);
      int income = random.nextInt(100_000);
      lines.add(age + "," + income + "," + List.of("low", "middle", "high").get(age % 3));
    }
    try {
      return Files.write(folder.resolve(name), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private TrainingSpec spec(Optional<CanarySpec> canaries, String out, boolean resume) {
    TrainingSpec plain =
        new TrainingSpec(
            new Network.OfBlueprint(
                Blueprint.MLP, new Blueprint.Sizes(List.of(16), 0, 0, 0, 0, 0, false), List.of()),
            Map.of(TrainingSpec.MEMBERS, table("members.csv", 1, ROWS)),
            ReadOptions.builder().label("label").build(),
            Optional.empty(),
            Recipe.of(Optimiser.Adam.of(0.01), 3),
            Optional.empty(),
            folder.resolve(out),
            resume,
            List.of("train"));
    return canaries.map(plain::with).orElse(plain);
  }

  private CanarySpec kind(String name) {
    return switch (name) {
      case "mislabelled" -> new CanarySpec.Mislabelled(200);
      case "dirac" -> new CanarySpec.Dirac(40, 2);
      default -> new CanarySpec.Own(table("own.csv", 9, 150));
    };
  }

  private static TrainingReport train(TrainingSpec spec, Run run) {
    return Training.run(spec, run, remark -> {});
  }

  private static Map<String, Boolean> coins(CanaryRecord record) {
    Map<String, Boolean> coins =
        record.rows().stream().collect(Collectors.toMap(Row::id, Row::included));
    record.gradients().forEach(g -> coins.put(g.id(), g.included()));
    return coins;
  }

  @ParameterizedTest
  @ValueSource(strings = {"mislabelled", "dirac", "own"})
  void aFairCoinPutsEachCanaryInOrLeavesItOut(String name) {
    TrainingSpec spec = spec(Optional.of(kind(name)), name, false);
    TrainingReport report = train(spec, Run.of(3));
    CanaryRecord record = CanaryRecord.read(spec.out());
    Map<String, Boolean> coins = coins(record);
    long in = coins.values().stream().filter(c -> c).count();
    // Four deviations: a fair coin leaves them once in 15,000 seeds.
    assertThat((double) in).isCloseTo(coins.size() / 2.0, within(2 * Math.sqrt(coins.size())));
    assertThat(record.model()).isEqualTo(OnnxModel.read(spec.out().resolve("model.onnx")).sha256());
    assertThat(report.notes())
        .anyMatch(note -> note.contains(coins.size() + " canaries, of which coins put " + in));
    train(spec(Optional.of(kind(name)), name + " again", false), Run.of(4));
    Map<String, Boolean> other = coins(CanaryRecord.read(folder.resolve(name + " again")));
    long same =
        coins.entrySet().stream().filter(c -> c.getValue().equals(other.get(c.getKey()))).count();
    assertThat(same).as("coins that fell alike under another seed").isLessThan(coins.size());
  }

  /** What is trained on depends on the canaries that are in, and on no other. */
  @Test
  void onlyThoseWhoseCoinSaysSoAreTrainedOn() throws IOException {
    Path own = table("own.csv", 9, 150);
    TrainingSpec spec = spec(Optional.of(new CanarySpec.Own(own)), "all", false);
    train(spec, Run.of(3));
    List<Row> rows = CanaryRecord.read(spec.out()).rows();
    List<String> lines = new ArrayList<>(Files.readAllLines(own));
    for (Row row : rows) {
      if (!row.included()) {
        lines.set(row.row() + 1, "99,1,low");
      }
    }
    Files.write(own, lines);
    TrainingSpec others = spec(Optional.of(new CanarySpec.Own(own)), "others", false);
    train(others, Run.of(3));
    assertThat(folder.resolve("others/model.onnx"))
        .hasSameBinaryContentAs(folder.resolve("all/model.onnx"));
    Row in = rows.stream().filter(Row::included).findFirst().orElseThrow();
    lines.set(in.row() + 1, "99,1,low");
    Files.write(own, lines);
    train(spec(Optional.of(new CanarySpec.Own(own)), "changed", false), Run.of(3));
    assertThat(
            Files.mismatch(folder.resolve("changed/model.onnx"), folder.resolve("all/model.onnx")))
        .isNotNegative();
  }

  @Test
  void aMislabelledCanaryIsACopyOfAMemberUnderALabelThatIsNotItsOwn() throws IOException {
    TrainingSpec spec = spec(Optional.of(new CanarySpec.Mislabelled(ROWS)), "run", false);
    TrainingReport report = train(spec, Run.of(3));
    List<String> lines = Files.readAllLines(folder.resolve("members.csv"));
    List<Row> rows = CanaryRecord.read(spec.out()).rows();
    assertThat(rows).hasSize(ROWS).extracting(Row::row).doesNotHaveDuplicates();
    assertThat(rows)
        .allSatisfy(row -> assertThat(lines.get(row.row() + 1)).doesNotEndWith("," + row.label()));
    assertThat(rows).extracting(Row::label).contains("low", "middle", "high");
    assertThat(report.data().get(TrainingSpec.MEMBERS)).extracting("rows").isEqualTo(ROWS);
  }

  /** By plain descent, a canary that is in moves its number by rate * norm / batch an epoch. */
  @Test
  void aDiracCanaryAddsItsNormToOneCoordinateOnceAnEpoch() {
    TrainingSpec spec = descent(Optional.of(new CanarySpec.Dirac(40, 1e4)), "in");
    train(spec, Run.of(3));
    List<Gradient> gradients = CanaryRecord.read(spec.out()).gradients();
    Map<String, double[]> end = Trainee.values(OnnxModel.read(spec.out().resolve("model.onnx")));
    double moved = 1e-6 * 1e4 / 64 * 3;
    for (Gradient g : gradients) {
      double[] numbers = Optional.ofNullable(end.get(g.parameter())).orElseThrow();
      double down = g.start() - numbers[g.index()];
      // The last step of an epoch has 16 rows instead of 64, where a canary weighs more.
      if (g.included()) {
        assertThat(down).as(g.id()).isBetween(.9 * moved, 4.1 * moved);
      } else {
        assertThat(down).as(g.id()).isCloseTo(0, within(.1 * moved));
      }
    }
    assertThat(gradients).extracting(Gradient::id).doesNotHaveDuplicates();
    assertThat(gradients).extracting(g -> g.parameter() + g.index()).doesNotHaveDuplicates();
  }

  private TrainingSpec descent(Optional<CanarySpec> canaries, String out) {
    TrainingSpec spec = spec(canaries, out, false);
    return new TrainingSpec(
        spec.network(),
        spec.files(),
        spec.reading(),
        spec.layout(),
        Recipe.of(new Optimiser.Sgd(1e-6, 0, false, 0), 3),
        spec.saving(),
        spec.out(),
        false,
        spec.command(),
        spec.canaries());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mislabelled", "dirac", "own"})
  void aTrainingThatWasStoppedEndsAsIfItHadNotBeen(String name) throws IOException {
    CanarySpec canaries = kind(name);
    train(spec(Optional.of(canaries), "whole", false), Run.of(3));
    AtomicBoolean cancelled = new AtomicBoolean();
    Progress progress = (work, done, total) -> cancelled.set(done >= 9);
    assertThatThrownBy(
            () ->
                train(
                    spec(Optional.of(canaries), "stopped", false),
                    new Run(3, 1, progress, cancelled)))
        .isInstanceOf(CancelledException.class);
    assertThat(folder.resolve("stopped/canaries.json")).doesNotExist();
    train(spec(Optional.of(canaries), "stopped", true), Run.of(3));
    for (String file : List.of("model.onnx", "canaries.json")) {
      assertThat(folder.resolve("stopped").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
  }

  @Test
  void onlyTheOwnerReadsWhoWasTrainedOn() throws IOException {
    TrainingSpec spec = spec(Optional.of(new CanarySpec.Mislabelled(20)), "run", false);
    train(spec, Run.of(3));
    Path file = spec.out().resolve("canaries.json");
    if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void aTrainingIsNotContinuedWithOtherCanaries() {
    AtomicBoolean cancelled = new AtomicBoolean(true);
    assertThatThrownBy(
            () ->
                train(
                    spec(Optional.of(new CanarySpec.Mislabelled(20)), "run", false),
                    new Run(3, 1, Progress.NONE, cancelled)))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(
            () -> train(spec(Optional.of(new CanarySpec.Mislabelled(30)), "run", true), Run.of(3)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--resume");
  }

  @Test
  void saysWhatCannotBeLaid() {
    assertThatThrownBy(
            () -> train(spec(Optional.of(new CanarySpec.Mislabelled(401)), "a", false), Run.of(3)))
        .hasMessage("--canaries is 401, but --members has 400 rows to copy; lower it");
    assertThatThrownBy(
            () -> train(spec(Optional.of(new CanarySpec.Dirac(60, 1)), "b", false), Run.of(3)))
        .hasMessage(
            "--canaries is 60, but there are 99 parameters to point along, of which half are left alone; lower it");
    assertThatThrownBy(() -> new CanarySpec.Mislabelled(0))
        .hasMessage("--canaries must be between 1 and 1000000, but is 0");
    assertThatThrownBy(() -> new CanarySpec.Dirac(1, Double.NaN))
        .hasMessageStartingWith("--canary-norm must be between");
  }

  @Test
  void saysWhatIsWrongWithAFileOfCanaries() throws IOException {
    assertThatThrownBy(() -> CanaryRecord.read(folder))
        .hasMessageContaining("begun with train --canaries");
    Path file = folder.resolve("canaries.json");
    for (String text :
        List.of(
            "",
            "{",
            "[]",
            "null",
            "{\"schema\":\"x\"}",
            "{\"schema\":\"afterimage/canaries/1\"}")) {
      Files.writeString(file, text);
      assertThatThrownBy(() -> CanaryRecord.read(folder))
          .as(text)
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("cannot be used");
    }
  }
}
