package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.NpzWriter;
import io.afterimage.data.ReadOptions;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Parameter;
import io.afterimage.graph.ValueInfo;
import io.afterimage.target.Batch;
import io.afterimage.target.Fixture;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs of a fixed batch are trained on any number of rows where those provably do not mix. */
@ExtendWith(NoLeakedTensors.class)
class FixedBatchesTest {
  /** Fixtures of a fixed batch that is not made free, or whose rows are no array of numbers. */
  private static final Set<String> OTHERS =
      Set.of(
          "jax-attention-batch1",
          "odd-mixing-batch",
          "sklearn-columns-batch1",
          "torch-recommender-batch1");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch-lenet-batch1",
        "torch-gru-batch1",
        "torch-vit-legacy-batch1",
        "torch-vgg-batch1",
        "sklearn-mlp-batch1",
        "keras-gru-tf2onnx-batch1",
        "jax-mlp-batch3"
      })
  void isMadeFreeTrainedAndWrittenFree(String name) {
    assertFreed(name);
  }

  static Stream<String> fixtures() {
    return Fixture.NAMES.stream()
        .filter(name -> name.contains("batch") && !OTHERS.contains(name))
        .filter(name -> Fixture.of(name).onnx().parameterCount() > 0);
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  @Tag("slow")
  void everyFixtureIsMadeFreeTrainedAndWrittenFree(String name) {
    assertFreed(name);
  }

  private void assertFreed(String name) {
    TrainingReport report = train(spec(name, 20, Optional.of(8)));
    assertThat(report.notes()).anyMatch(note -> note.contains("was rewritten to take any number"));
    assertThat(report.epochs()).allMatch(epoch -> Double.isFinite(epoch.loss()));
    OnnxModel written = OnnxModel.read(folder.resolve("out/model.onnx"));
    assertThat(trained(written)).isEqualTo(trained(Fixture.of(name).onnx()));
    try (OnnxTarget target = OnnxTarget.open(written, OnnxOptions.DEFAULTS)) {
      assertThat(target.batch().kind()).isEqualTo(Batch.Kind.FREE);
    }
  }

  private static List<String> trained(OnnxModel model) {
    return model.parameters().stream()
        .filter(Parameter::trainable)
        .map(Parameter::name)
        .sorted()
        .toList();
  }

  @Test
  void patternsOfParametersHoldInTheRewrittenGraph() {
    Network all =
        new Network.OfModel(Fixture.file("torch-lenet-batch1"), true, List.of(), List.of());
    OnnxModel file = Fixture.of("torch-lenet-batch1").onnx();
    String frozen = trained(file).get(0);
    Network less =
        new Network.OfModel(Fixture.file("torch-lenet-batch1"), true, List.of(), List.of(frozen));
    assertThat(parameters(less)).isLessThan(parameters(all)).isPositive();
  }

  private long parameters(Network network) {
    TrainingSpec spec = spec("torch-lenet-batch1", 20, Optional.of(8));
    Path out = folder.resolve("out" + network.hashCode());
    return train(with(spec, network, out)).start().parameters();
  }

  private static TrainingSpec with(TrainingSpec spec, Network network, Path out) {
    return new TrainingSpec(
        network,
        spec.files(),
        spec.reading(),
        spec.layout(),
        spec.recipe(),
        spec.saving(),
        out,
        false,
        List.of());
  }

  @Test
  void rowsThatAreBuiltAgainAreTrainedTogetherToo() {
    Recipe recipe = recipe(Optional.of(8), Optional.of(Objective.RECONSTRUCTION));
    rebuilder().write(folder.resolve("rebuilds.onnx"));
    Network network =
        new Network.OfModel(folder.resolve("rebuilds.onnx"), false, List.of(), List.of());
    TrainingReport report =
        train(
            new TrainingSpec(
                network,
                Map.of(TrainingSpec.MEMBERS, rows("members", new long[] {4}, 20, 2)),
                ReadOptions.builder().label("y").build(),
                Optional.empty(),
                recipe,
                Optional.empty(),
                folder.resolve("out"),
                false,
                List.of()));
    assertThat(report.notes()).anyMatch(note -> note.contains("was rewritten to take any number"));
    assertThat(OnnxModel.read(folder.resolve("out/model.onnx")).inputs().get(0).dimensions().get(0))
        .matches(batch -> !batch.isFixed());
  }

  /** Four numbers of one row, over a Reshape that holds the batch. */
  private static OnnxModel rebuilder() {
    GraphBuilder g = new GraphBuilder("rebuilds");
    g.input("x", ElementType.FLOAT, 1, 4);
    g.initializer("w", new float[16], 4, 4);
    String product = g.node("MatMul", "x", "w").to("product");
    g.node("Reshape", product, g.initializer("shape", new long[] {1, 4}, 2)).to("y");
    g.output("y", ElementType.FLOAT, 1, 4);
    return g.build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "jax-attention-batch1 | 20 |   | --batch-size is 20, but jax-attention-batch1.onnx takes exactly 1 at once",
        "jax-attention-batch1 | 20 | 8 | give --batch-size 1, or export it with a free batch",
        "determinants-batch3 | 21 | 1 | give --batch-size 3, or export it with a free batch",
        "determinants-batch3 | 20 | 3 | --members has 20 rows, but determinants-batch3.onnx takes exactly 3 at once"
      })
  void moreOrFewerRowsThanAFixedBatchAreRefused(
      String name, int rows, Integer batch, String message) {
    TrainingSpec spec = spec(name, rows, Optional.ofNullable(batch));
    assertThatThrownBy(() -> train(spec))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
    assertThat(folder.resolve("out/model.onnx")).doesNotExist();
  }

  @Test
  void manyModelsNeedAGraphOfAnyNumberOfRows() {
    TrainingSpec training = spec("jax-attention-batch1", 20, Optional.of(1));
    Network anew =
        new Network.OfModel(Fixture.file("jax-attention-batch1"), false, List.of(), List.of());
    ShadowSpec spec =
        new ShadowSpec(with(training, anew, training.out()), 2, 0.5, Optional.empty());
    assertThatThrownBy(() -> ShadowTraining.run(spec, Run.of(3), remark -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--models needs a graph of any number of rows");
  }

  @ParameterizedTest
  @CsvSource({"jax-attention-batch1, 1", "determinants-batch3, 3"})
  void aFixedBatchIsTrainedInStepsOfItsSize(String name, int batch) {
    TrainingReport report = train(spec(name, 12, Optional.of(batch)));
    assertThat(report.epochs()).allMatch(epoch -> Double.isFinite(epoch.loss()));
    assertThat(report.scores().values()).allMatch(score -> Double.isFinite(score.loss()));
  }

  // ---- rows

  private static TrainingReport train(TrainingSpec spec) {
    return Training.run(spec, Run.of(3), remark -> {});
  }

  private TrainingSpec spec(String name, int rows, Optional<Integer> batch) {
    if (name.equals("determinants-batch3")) {
      Path file = folder.resolve(name + ".onnx");
      determinants().write(file);
      return spec(file, determinants(), 2, rows, batch);
    }
    Fixture fixture = Fixture.of(name);
    int classes = fixture.task() == Task.REGRESSION ? 0 : fixture.classes().size();
    return spec(Fixture.file(name), fixture.onnx(), classes, rows, batch);
  }

  /** Scores of two classes from an operator of which nothing says that it keeps rows apart. */
  private static OnnxModel determinants() {
    GraphBuilder g = new GraphBuilder("determinants");
    g.input("x", ElementType.FLOAT, 3, 4);
    g.initializer("w", new float[16], 4, 4);
    g.initializer("v", new float[2], 1, 2);
    String product = g.node("MatMul", "x", "w").to("product");
    String squares =
        g.node("Reshape", product, g.initializer("squares", new long[] {3, 2, 2}, 3)).to("s");
    String volumes = g.node("Det", squares).to("volumes");
    String column =
        g.node("Reshape", volumes, g.initializer("column", new long[] {3, 1}, 2)).to("c");
    g.node("Softmax", g.node("MatMul", column, "v").to("scores")).with("axis", 1).to("y");
    g.output("y", ElementType.FLOAT, 3, 2);
    return g.build();
  }

  private TrainingSpec spec(
      Path model, OnnxModel graph, int classes, int rows, Optional<Integer> batch) {
    ValueInfo input = graph.inputs().get(0);
    long[] row =
        input.dimensions().stream().skip(1).mapToLong(ValueInfo.Dimension::extent).toArray();
    Map<String, Path> files = new LinkedHashMap<>();
    files.put(TrainingSpec.MEMBERS, rows("members", row, rows, classes));
    files.put(TrainingSpec.NONMEMBERS, rows("nonmembers", row, 12, classes));
    return new TrainingSpec(
        new Network.OfModel(model, true, List.of(), List.of()),
        files,
        ReadOptions.builder().label("y").build(),
        Optional.empty(),
        recipe(batch, Optional.empty()),
        Optional.empty(),
        folder.resolve("out"),
        false,
        List.of());
  }

  private static Recipe recipe(Optional<Integer> batch, Optional<Objective> objective) {
    Recipe usual = Recipe.of(Optimiser.Sgd.of(0.001), 1);
    return new Recipe(
        objective,
        0,
        1,
        usual.optimiser(),
        usual.pace(),
        1,
        batch,
        0,
        0,
        usual.batchNorm(),
        0,
        usual.augmentation(),
        0);
  }

  /** Rows between 0 and 1, with a label of so many classes, or a number where there are none. */
  private Path rows(String role, long[] row, int rows, int classes) {
    int[] extents =
        IntStream.concat(IntStream.of(rows), Arrays.stream(row).mapToInt(e -> (int) e)).toArray();
    RandomGenerator random = Run.of(1).random(role);
    float[] x = new float[Arrays.stream(extents).reduce(1, Math::multiplyExact)];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    Path file = folder.resolve(role + ".npz");
    try (NpzWriter npz = new NpzWriter(Files.newOutputStream(file))) {
      npz.put("x", x, extents);
      if (classes > 0) {
        npz.put("y", IntStream.range(0, rows).map(i -> i % classes).toArray());
      } else {
        npz.put("y", Gaussians.floats(rows, random), rows);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }
}
