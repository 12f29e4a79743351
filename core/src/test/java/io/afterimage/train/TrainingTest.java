package io.afterimage.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.NpyArray;
import io.afterimage.data.Npz;
import io.afterimage.data.NpzWriter;
import io.afterimage.data.ReadOptions;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TrainingForm.BatchNorm;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Threads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@ExtendWith(NoLeakedTensors.class)
class TrainingTest {
  private static final TrainingSpec.Saving RARELY = new TrainingSpec.Saving(Duration.ofHours(1), 0);

  @TempDir private Path folder;

  @AfterEach
  void oneThread() {
    Threads.setIntraOp(1);
  }

  /** Three towns and an age, from which the label follows. */
  private Path table(String name, long seed, int rows) {
    RandomGenerator random = Run.of(seed).random("table");
    List<String> lines = new ArrayList<>(List.of("age,town,label"));
    for (int row = 0; row < rows; row++) {
      int age = 20 + random.nextInt(60);
      int town = random.nextInt(3);
      String label = town == 2 ? "high" : age > 50 ? "middle" : "low";
      lines.add(age + "," + List.of("Aix", "Ulm", "Bath").get(town) + "," + label);
    }
    try {
      return Files.write(folder.resolve(name), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recipe recipe(int epochs, int patience, double dropout) {
    return new Recipe(
        Optional.empty(),
        0,
        1,
        Optimiser.AdamW.of(0.01, 0.01),
        new Pace(Pace.Curve.COSINE, 1, 0.1, 5),
        epochs,
        Optional.of(32),
        patience,
        5,
        BatchNorm.NONE,
        dropout,
        Augmentation.NONE,
        0);
  }

  private TrainingSpec spec(Network network, Recipe recipe, String out, boolean resume) {
    return new TrainingSpec(
        network,
        Map.of(
            TrainingSpec.MEMBERS, table("members.csv", 1, 300),
            TrainingSpec.NONMEMBERS, table("others.csv", 2, 100)),
        ReadOptions.builder().label("label").build(),
        Optional.empty(),
        recipe,
        Optional.of(RARELY),
        folder.resolve(out),
        resume,
        List.of("train"));
  }

  private static Network mlp() {
    return new Network.OfBlueprint(
        Blueprint.MLP, new Blueprint.Sizes(List.of(16, 8), 0, 0, 0, 0, 0, false), List.of());
  }

  private static TrainingReport train(TrainingSpec spec, Run run) {
    return Training.run(spec, run, remark -> {});
  }

  /** A run that is stopped once so many steps are taken. */
  private static Run stoppedAfter(long seed, int steps) {
    AtomicBoolean cancelled = new AtomicBoolean();
    Progress progress = (work, done, total) -> cancelled.set(done >= steps);
    return new Run(seed, 1, progress, cancelled);
  }

  @Test
  void aTableBecomesAModelThatOnnxRuntimeScoresAndARecord() throws IOException {
    TrainingSpec spec = spec(mlp(), recipe(40, 0, 0), "run", false);
    TrainingReport report = train(spec, Run.of(3));
    assertThat(report.epochs()).hasSize(40);
    assertThat(report.epochs().get(39).loss()).isLessThan(report.epochs().get(0).loss());
    assertThat(report.classes()).containsExactly("high", "low", "middle");
    assertThat(requireNonNull(report.data().get("members")).rows()).isEqualTo(300);
    assertThat(Files.readString(spec.out().resolve("training.json")))
        .contains(
            "afterimage/training/1", "\"done\"", "AdamW", requireNonNull(report.model()).sha256());
    assertThat(spec.out().resolve("checkpoint.npz")).doesNotExist();
    Dataset rows = DataReader.read(spec.files(), spec.reading()).get("nonmembers");
    OnnxModel model = OnnxModel.read(spec.out().resolve("model.onnx"));
    assertThat(model.sha256()).isEqualTo(requireNonNull(report.model()).sha256());
    try (OnnxTarget target = OnnxTarget.open(model, OnnxOptions.DEFAULTS)) {
      Predictions answers = target.scores(rows);
      int[] classes = rows.classes();
      long right = IntStream.range(0, 100).filter(i -> answers.label(i) == classes[i]).count();
      assertThat(requireNonNull(report.scores().get("nonmembers")).accuracy())
          .isCloseTo(right / 100.0, within(1e-9))
          .isGreaterThan(0.9);
    }
  }

  @Test
  void stoppedAnywhereAndResumedItIsByteForByteWhatItWouldHaveBeen() throws IOException {
    Recipe recipe = recipe(6, 4, 0.2);
    train(spec(mlp(), recipe, "whole", false), Run.of(4));
    // An epoch has ten steps: stopped in the last of one, between two and within one.
    for (int steps : new int[] {0, 9, 10, 17, 30}) {
      String out = "stopped" + steps;
      assertThatThrownBy(() -> train(spec(mlp(), recipe, out, false), stoppedAfter(4, steps)))
          .isInstanceOf(CancelledException.class);
      assertThat(folder.resolve(out).resolve("checkpoint.npz")).isNotEmptyFile();
      assertThat(folder.resolve(out).resolve("model.onnx")).doesNotExist();
      train(spec(mlp(), recipe, out, true), Run.of(4));
      for (String file : List.of("model.onnx", "training.json")) {
        assertThat(folder.resolve(out).resolve(file))
            .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
      }
    }
  }

  @Test
  void aModelOfDoublesIsResumedInTheSameBits() throws IOException {
    Path model = folder.resolve("doubles.onnx");
    doubles().write(model);
    Recipe recipe = recipe(6, 4, 0);
    Network network = model(model, false, List.of());
    Path members = coins("coins.csv", 5, 300);
    Path others = coins("more-coins.csv", 6, 60);
    train(coins(network, members, others, recipe, "whole", false), Run.of(4));
    TrainingSpec begun = coins(network, members, others, recipe, "stopped", false);
    assertThatThrownBy(() -> train(begun, stoppedAfter(4, 33)))
        .isInstanceOf(CancelledException.class);
    NpyArray weight =
        requireNonNull(Npz.read(folder.resolve("stopped/checkpoint.npz")).get("weight0"));
    assertThat(weight.number(0)).isNotEqualTo((float) weight.number(0));
    train(coins(network, members, others, recipe, "stopped", true), Run.of(4));
    for (String file : List.of("model.onnx", "training.json")) {
      assertThat(folder.resolve("stopped").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("whole").resolve(file));
    }
  }

  /** Two layers that compute in 64 bits. */
  private static OnnxModel doubles() {
    GraphBuilder g = new GraphBuilder("doubles");
    g.input("rows", ElementType.DOUBLE, "N", 2);
    g.initializer("w", new double[16], 2, 8);
    g.initializer("v", new double[16], 8, 2);
    String hidden = g.node("Tanh", g.node("MatMul", "rows", "w").to("a")).to("h");
    String scores = g.node("MatMul", hidden, "v").to("s");
    g.output(g.node("Softmax", scores).with("axis", 1).to("p"), ElementType.DOUBLE, "N", 2);
    return g.build();
  }

  private TrainingSpec coins(
      Network network, Path members, Path others, Recipe recipe, String out, boolean resume) {
    return new TrainingSpec(
        network,
        Map.of(TrainingSpec.MEMBERS, members, TrainingSpec.NONMEMBERS, others),
        ReadOptions.builder().label("label").build(),
        Optional.empty(),
        recipe,
        Optional.of(RARELY),
        folder.resolve(out),
        resume,
        List.of());
  }

  @Test
  void patienceEndsTheTrainingAndTakesTheBestWeights() {
    // Labels of a coin: from some epoch on the others' loss only rises.
    Path members = coins("coins.csv", 5, 60);
    Path others = coins("more-coins.csv", 6, 60);
    TrainingSpec spec = coins(mlp(), members, others, recipe(300, 3, 0), "patient", false);
    TrainingReport report = train(spec, Run.of(7));
    assertThat(report.epochs().size()).isLessThan(300);
    assertThat(report.kept()).isEqualTo(report.epochs().size() - 3);
    assertThat(requireNonNull(report.scores().get("nonmembers")).loss())
        .isEqualTo(report.epochs().get(requireNonNull(report.kept()) - 1).validationLoss());
  }

  private Path coins(String name, long seed, int rows) {
    RandomGenerator random = Run.of(seed).random("coins");
    List<String> lines = new ArrayList<>(List.of("x,y,label"));
    for (int row = 0; row < rows; row++) {
      lines.add(
          random.nextGaussian()
              + ","
              + random.nextGaussian()
              + ","
              + (random.nextBoolean() ? "a" : "b"));
    }
    try {
      return Files.write(folder.resolve(name), lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aModelFileIsTrainedAnewOrFromItsWeightsAndFrozenPartsStay() {
    train(spec(mlp(), recipe(20, 0, 0), "first", false), Run.of(8));
    Path file = folder.resolve("first/model.onnx");
    Recipe one = recipe(1, 0, 0);
    TrainingReport anew = train(spec(model(file, false, List.of()), one, "anew", false), Run.of(9));
    TrainingReport further =
        train(spec(model(file, true, List.of("dense0*")), one, "further", false), Run.of(9));
    assertThat(further.epochs().get(0).loss()).isLessThan(0.5 * anew.epochs().get(0).loss());
    assertThat(further.start().sha256()).isNotEqualTo(anew.start().sha256());
    assertThat(further.start().parameters()).isLessThan(anew.start().parameters());
  }

  private static Network model(Path file, boolean fromWeights, List<String> freeze) {
    return new Network.OfModel(file, fromWeights, List.of(), freeze);
  }

  @Test
  void anotherSettingSeedOrFileIsNotResumed() {
    assertThatThrownBy(() -> train(spec(mlp(), recipe(5, 0, 0), "run", false), stoppedAfter(10, 8)))
        .isInstanceOf(CancelledException.class);
    assertRefused(spec(mlp(), recipe(6, 0, 0), "run", true), 10, "epochs was 5, not 6");
    assertRefused(spec(mlp(), recipe(5, 0, 0), "run", true), 11, "seed was 10, not 11");
    assertRefused(spec(mlp(), recipe(5, 0, 0), "run", false), 10, "holds a training already");
    TrainingSpec other =
        new TrainingSpec(
            mlp(),
            Map.of(
                TrainingSpec.MEMBERS, table("members.csv", 12, 300),
                TrainingSpec.NONMEMBERS, table("others.csv", 2, 100)),
            ReadOptions.builder().label("label").build(),
            Optional.empty(),
            recipe(5, 0, 0),
            Optional.of(RARELY),
            folder.resolve("run"),
            true,
            List.of());
    assertRefused(other, 10, "data.members.sha256 was \"");
    Network wider =
        new Network.OfBlueprint(
            Blueprint.MLP, new Blueprint.Sizes(List.of(16, 9), 0, 0, 0, 0, 0, false), List.of());
    assertRefused(
        spec(wider, recipe(5, 0, 0), "run", true),
        10,
        "settings.network.sizes.hidden was [16,8], not [16,9] (by 'train'); give the same, or start again in another --out");
    assertRefused(spec(mlp(), recipe(5, 0, 0), "nowhere", true), 10, "no training");
  }

  private static void assertRefused(TrainingSpec spec, long seed, String message) {
    assertThatThrownBy(() -> train(spec, Run.of(seed)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void whatIsLeftToDefaultsStandsInTheRecordAsItWasUsed() {
    Recipe usual = Recipe.of(Optimiser.Adam.of(0.01), 1);
    JsonNode recipe = train(spec(mlp(), usual, "usual", false), Run.of(1)).settings().get("recipe");
    assertThat(recipe.get("objective").asString()).isEqualTo("CROSS_ENTROPY");
    assertThat(recipe.get("batch").asInt()).isEqualTo(64);
  }

  @Test
  void rolesOfTheSameRowsAreRefusedInWhateverOrderTheyStand() throws IOException {
    Path members = coins("coins.csv", 5, 20);
    List<String> lines = new ArrayList<>(Files.readAllLines(members));
    Collections.reverse(lines.subList(1, lines.size()));
    Path others = Files.write(folder.resolve("reversed.csv"), lines);
    assertRefused(
        coins(mlp(), members, others, Recipe.of(Optimiser.Adam.of(0.01), 1), "same", false),
        1,
        "--members and --nonmembers hold the same rows");
  }

  @Test
  void aDamagedCheckpointIsRefused() throws IOException {
    assertThatThrownBy(() -> train(spec(mlp(), recipe(5, 0, 0), "run", false), stoppedAfter(13, 8)))
        .isInstanceOf(CancelledException.class);
    Path checkpoint = folder.resolve("run/checkpoint.npz");
    byte[] bytes = Files.readAllBytes(checkpoint);
    Map<String, NpyArray> arrays = Npz.read(checkpoint);
    Files.write(checkpoint, Arrays.copyOf(bytes, bytes.length / 2));
    assertNotResumed("checkpoint.npz");
    for (double[] standing : new double[][] {{-1, 0, 8}, {301, 0, 8}, {0.5, 0, 8}, {0, 0, -1}}) {
      try (NpzWriter npz = new NpzWriter(Files.newOutputStream(checkpoint))) {
        for (NpyArray array : arrays.values()) {
          boolean stands = array.name().equals("standing");
          npz.put(
              array.name(),
              IntStream.range(0, array.size())
                  .mapToDouble(i -> stands ? standing[i] : array.number(i))
                  .toArray());
        }
      }
      assertNotResumed("it stands at row " + standing[0]);
    }
  }

  private void assertNotResumed(String reason) {
    assertThatThrownBy(() -> train(spec(mlp(), recipe(5, 0, 0), "run", true), Run.of(13)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("checkpoint.npz")
        .hasMessageContaining(reason)
        .hasMessageEndingWith("; start again in another --out");
  }

  // ---- arrays

  /** Rows of so many numbers, of two classes. */
  private TrainingSpec arrays(
      Network network, int width, IntFunction<Number> cell, Recipe recipe, String out) {
    int rows = 40;
    Path file = folder.resolve(out + ".npz");
    float[] cells = new float[rows * width];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = cell.apply(i).floatValue();
    }
    try (NpzWriter npz = new NpzWriter(Files.newOutputStream(file))) {
      npz.put("x", cells, rows, width);
      npz.put("y", IntStream.range(0, rows).map(i -> i % 2).toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new TrainingSpec(
        network,
        Map.of(TrainingSpec.MEMBERS, file),
        ReadOptions.builder().label("y").build(),
        Optional.empty(),
        recipe,
        Optional.of(RARELY),
        folder.resolve(out),
        false,
        List.of("train"));
  }

  private static Network gru(int vocabulary) {
    return new Network.OfBlueprint(
        Blueprint.GRU, new Blueprint.Sizes(List.of(), 4, 1, 0, vocabulary, 0, false), List.of());
  }

  @Test
  void inputsThatNoNetworkLearnsFromAreNamedAndTheTrainingStops() {
    Recipe usual = Recipe.of(Optimiser.Adam.of(0.001), 3);
    TrainingSpec huge = arrays(mlp(), 4, i -> (i % 7 - 3) * 1e29, usual, "huge");
    List<String> remarks = new ArrayList<>();
    assertThatThrownBy(() -> Training.run(huge, Run.of(1), remarks::add))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("the loss became ")
        .hasMessageContaining("scale the inputs");
    assertThat(remarks)
        .anyMatch(remark -> remark.contains("reaches 3.00e+29; networks learn from"));
    assertThat(folder.resolve("huge/model.onnx")).doesNotExist();
    TrainingSpec once =
        arrays(mlp(), 4, i -> (i % 7 - 3) * 1e29, Recipe.of(Optimiser.Adam.of(0.001), 1), "once");
    assertRefused(once, 1, "the loss became ");
  }

  @Test
  void aModelThatIsWorseThanOneAnswerForAllIsSaidToBe() {
    TrainingSpec large =
        arrays(mlp(), 4, i -> (i * 37 % 101) * 40, Recipe.of(Optimiser.Adam.of(1e-6), 2), "large");
    List<String> remarks = new ArrayList<>();
    TrainingReport report = Training.run(large, Run.of(1), remarks::add);
    assertThat(report.notes())
        .anyMatch(
            note ->
                note.matches(
                    "after 2 epochs the loss on the members is .*, where one answer for all would"
                        + " reach 0\\.693: .*"));
    assertThat(remarks).containsAll(report.notes());
    assertThat(train(spec(mlp(), recipe(20, 0, 0), "good", false), Run.of(1)).notes()).isEmpty();
  }

  @Test
  void aTokenBeyondTheVocabularyIsNamedWithItsRow() {
    Recipe one = Recipe.of(Optimiser.Adam.of(0.01), 1);
    assertRefused(
        arrays(gru(9), 3, i -> i == 16 ? 12 : i % 9, one, "beyond"),
        1,
        "row members:5 of --members holds token 12 at step 2, but --vocabulary 9 has tokens 0 to 8; raise it to 13 at least");
    assertRefused(
        arrays(gru(9), 3, i -> i == 16 ? -1 : i % 9, one, "below"),
        1,
        "row members:5 of --members holds -1.0 at step 2, which is no number of a token");
    assertRefused(arrays(gru(9), 3, i -> i == 16 ? 0.5 : i % 9, one, "between"), 1, "holds 0.5 at");
    assertRefused(
        spec(gru(9), one, "table", false), 1, "--vocabulary is for rows of token numbers");
    assertThat(train(arrays(gru(9), 3, i -> i % 9, one, "good"), Run.of(1)).epochs()).hasSize(1);
  }

  @Test
  void whoeverStopsATrainingIsToldWhatIsSaved() {
    assertThatThrownBy(() -> train(spec(mlp(), recipe(5, 0, 0), "run", false), stoppedAfter(1, 8)))
        .hasMessage("stopped; what was trained is saved, and --resume continues it");
  }

  @Test
  void parametersOfDoublesAreWrittenWhole() {
    Path model = folder.resolve("doubles.onnx");
    doubles().write(model);
    Path members = coins("coins.csv", 5, 300);
    TrainingReport report =
        train(
            coins(
                model(model, false, List.of()),
                members,
                coins("more-coins.csv", 6, 60),
                recipe(3, 0, 0),
                "doubles",
                false),
            Run.of(4));
    OnnxModel written = OnnxModel.read(folder.resolve("doubles/model.onnx"));
    Dataset rows =
        requireNonNull(
            DataReader.read(
                    Map.of(TrainingSpec.MEMBERS, members),
                    ReadOptions.builder().label("label").build())
                .get(TrainingSpec.MEMBERS));
    try (OnnxTarget target = OnnxTarget.open(written, OnnxOptions.DEFAULTS)) {
      Predictions answers = target.scores(rows);
      double loss =
          IntStream.range(0, rows.rows())
              .mapToDouble(row -> -Math.log(answers.row(row)[rows.classes()[row]]))
              .average()
              .orElseThrow();
      // Weights of 32 bits would move it by some 1e-8.
      assertThat(requireNonNull(report.scores().get("members")).loss())
          .isCloseTo(loss, within(1e-12));
    }
  }
}
