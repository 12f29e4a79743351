package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.data.NpzWriter;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Training from the command line: a table, pictures, a model file, a stop, and what goes wrong. */
class TrainTest {
  private static final int SIDE = 8;

  @TempDir private Path folder;

  @BeforeEach
  void rows() {
    Irises.file(folder.resolve("members.csv"), 1, 120);
    Irises.file(folder.resolve("others.csv"), 2, 60);
  }

  private Ended train(String out, String options) {
    return Ended.of(words(out, options).toArray(String[]::new));
  }

  private List<String> words(String out, String options) {
    List<String> words = new ArrayList<>(List.of("train", "--out", folder.resolve(out).toString()));
    for (String word : options.strip().split("\\s+", -1)) {
      words.add(word.matches(".*\\.(csv|npz|onnx|pt)") ? file(word).toString() : word);
    }
    return words;
  }

  private Path file(String name) {
    return name.startsWith("sklearn") ? Irises.MODEL.resolveSibling(name) : folder.resolve(name);
  }

  @Test
  void aTableBecomesAModelAndARecord() throws IOException {
    Ended ended =
        train(
            "run",
            "--architecture mlp --hidden 16 --members members.csv --nonmembers others.csv --label"
                + " species --epochs 40 --learning-rate 0.01 --label-smoothing 0.05 --schedule cosine"
                + " --warm-up 3 --json");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    JsonNode report = JsonMapper.shared().readTree(ended.out());
    assertThat(report.path("schema").asString()).isEqualTo("afterimage/training/1");
    assertThat(report.path("epochs").size()).isEqualTo(40);
    assertThat(report.path("scores").path("nonmembers").path("accuracy").asDouble())
        .isGreaterThan(0.8);
    assertThat(JsonMapper.shared().readTree(Files.readString(folder.resolve("run/training.json"))))
        .isEqualTo(report);
    try (OnnxTarget target =
        OnnxTarget.open(folder.resolve("run/model.onnx"), OnnxOptions.DEFAULTS)) {
      assertThat(target.info().classes()).hasSize(3);
    }
  }

  @Test
  void aModelFileIsTrainedFromFreshWeights() {
    Ended ended =
        train(
            "shadow",
            "--model sklearn-logistic.onnx --members members.csv --nonmembers others.csv --label"
                + " species --epochs 60 --learning-rate 0.1 --optimiser adam");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    assertThat(ended.out()).contains("epoch 60: loss", "nonmembers: loss", "model.onnx");
  }

  @Test
  void picturesAreLearnedWithShiftsAndMirrors() throws IOException {
    pictures("digits.npz", 90);
    Ended ended =
        train(
            "pictures",
            "--architecture resnet --width 4 --layers 1 --members digits.npz --label y --epochs 12"
                + " --optimiser sgd --nesterov --learning-rate 0.05 --shift 1 --flip --clip-norm 5"
                + " --batch-size 30 --json");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    JsonNode report = JsonMapper.shared().readTree(ended.out());
    assertThat(report.path("scores").path("members").path("accuracy").asDouble())
        .isGreaterThan(0.9);
  }

  /** Three bright bands, one a class. */
  private void pictures(String name, int rows) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(3);
    float[] pixels = new float[rows * SIDE * SIDE];
    int[] labels = new int[rows];
    for (int row = 0; row < rows; row++) {
      labels[row] = row % 3;
      for (int i = 0; i < SIDE * SIDE; i++) {
        boolean band = i / SIDE / 2 == labels[row];
        pixels[row * SIDE * SIDE + i] = (band ? 0.8f : 0.1f) + 0.1f * random.nextFloat();
      }
    }
    try (NpzWriter npz = new NpzWriter(Files.newOutputStream(folder.resolve(name)))) {
      npz.put("x", pixels, rows, 1, SIDE, SIDE);
      npz.put("y", labels);
    }
  }

  @Test
  @Tag("slow")
  void stoppedAndResumedItEndsInTheSameBytes() throws Exception {
    String options =
        "--architecture mlp --members members.csv --nonmembers others.csv --label species --epochs"
            + " 3000 --batch-size 8 --dropout 0.1 --patience 2999";
    Forked forked = Forked.start("-Xmx512m", words("stopped", options));
    forked.awaitRemark("training: ");
    Ended stopped = forked.interrupted();
    assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.CANCELLED);
    assertThat(stopped.err()).contains("--resume").doesNotContain("\tat ");
    assertThat(folder.resolve("stopped/checkpoint.npz")).isNotEmptyFile();
    assertThat(folder.resolve("stopped/model.onnx")).doesNotExist();
    assertThat(train("stopped", options + " --resume").code()).isEqualTo(ExitCode.OK);
    assertThat(train("whole", options).code()).isEqualTo(ExitCode.OK);
    assertThat(folder.resolve("stopped/model.onnx"))
        .hasSameBinaryContentAs(folder.resolve("whole/model.onnx"));
  }

  @Test
  void manyModelsAreTrainedEachOnItsOwnShare() throws IOException {
    Ended ended =
        train(
            "many",
            "--architecture mlp --members members.csv --label species --epochs 20 --learning-rate"
                + " 0.01 --models 4 --share 0.6");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    assertThat(ended.out())
        .contains(
            "4 models, each from ",
            "rows that a model learned from: loss ",
            "the other members: loss ");
    JsonNode record = JsonMapper.shared().readTree(folder.resolve("many/training.json"));
    assertThat(record.path("models").size()).isEqualTo(4);
    for (JsonNode model : record.path("models")) {
      Path file = folder.resolve("many").resolve(model.path("file").asString());
      try (OnnxTarget target = OnnxTarget.open(file, OnnxOptions.DEFAULTS)) {
        assertThat(target.info().classes()).hasSize(3);
      }
    }
    assertThat(Files.readAllLines(folder.resolve("many/membership.csv"))).hasSize(121);
  }

  @Test
  void oneModelIsTrainedOnOneThreadAndManyOnAllProcessorsUnlessToldOtherwise() {
    String options = "--architecture mlp --members members.csv --label species --epochs 1 --json";
    assertThat(threads(train("one", options))).isEqualTo(1);
    assertThat(threads(train("two", options + " --threads 2"))).isEqualTo(2);
    assertThat(threads(train("many", options + " --models 2")))
        .isEqualTo(Runtime.getRuntime().availableProcessors());
  }

  private static int threads(Ended ended) {
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    return JsonMapper.shared().readTree(ended.out()).path("threads").asInt();
  }

  @Test
  void manyModelsAreValidatedAndStopEarly() throws IOException {
    Ended ended =
        train(
            "many",
            "--architecture mlp --members members.csv --nonmembers others.csv --label species"
                + " --epochs 400 --learning-rate 0.05 --patience 2 --models 4");
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    assertThat(ended.out()).contains("the other members: loss ", "nonmembers: loss ");
    JsonNode record = JsonMapper.shared().readTree(folder.resolve("many/training.json"));
    assertThat(record.path("data").path("nonmembers").path("rows").asInt()).isEqualTo(60);
    for (JsonNode model : record.path("models")) {
      int epochs = model.path("losses").size();
      assertThat(model.path("validationLosses").size()).isEqualTo(epochs).isLessThan(400);
      assertThat(model.path("kept").asInt()).isEqualTo(epochs - 2);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--members members.csv --label species | --architecture",
        "--architecture mlp --members members.csv --label species --models 1 | --models",
        "--architecture mlp --members members.csv --label species --models 4 --share 2 | --share",
        "--architecture mlp --members members.csv --label species --share 0.5 | --models",
        "--architecture mlp --members members.csv --label species --models 4 --checkpoint-every 1m | --checkpoint-every",
        "--architecture mlp --members members.csv --label species --models 4 --checkpoint-epochs 2 | --checkpoint-epochs",
        "--architecture mlp --members members.csv --label species --models 4 --checkpoint-every soon | --checkpoint-every",
        "--architecture mlp --label species | --members",
        "--architecture perceptron --members members.csv --label species | --architecture",
        "--architecture mlp --model sklearn-logistic.onnx --members members.csv | --architecture",
        "--architecture mlp --members members.csv | --label",
        "--architecture mlp --members members.csv --nonmembers members.csv --label species | same rows",
        "--architecture mlp --members members.csv --label colour | colour",
        "--architecture mlp --members members.csv --label species --loss guess | --loss",
        "--architecture mlp --members members.csv --label species --epochs 0 | --epochs",
        "--architecture mlp --members members.csv --label species --batch-size 500 | --batch-size",
        "--architecture mlp --members members.csv --label species --batch-size -1 | --batch-size",
        "--architecture mlp --members members.csv --label species --learning-rate 0 | --learning-rate",
        "--architecture mlp --members members.csv --label species --learning-rate NaN | --learning-rate",
        "--architecture mlp --members members.csv --label species --weight-decay -1 | --weight-decay",
        "--architecture mlp --members members.csv --label species --optimiser lion | --optimiser",
        "--architecture mlp --members members.csv --label species --optimiser sgd --momentum 1 | --momentum",
        "--architecture mlp --members members.csv --label species --dropout 1 | --dropout",
        "--architecture mlp --members members.csv --label species --hidden 0 | --hidden",
        "--architecture mlp --members members.csv --label species --schedule sine | --schedule",
        "--architecture mlp --members members.csv --label species --checkpoint-every soon | --checkpoint-every",
        "--architecture mlp --members members.csv --label species --train dense* | --model",
        "--architecture mlp --members members.csv --label species --shift 1 | --shift",
        "--architecture lenet --members members.csv --label species | channels x height x width",
        "--architecture gru --members members.csv --label species | --vocabulary",
        "--architecture matrix-factorisation --members members.csv --label species | --user",
        "--architecture mlp --members one-class.csv --label species | species",
        "--architecture mlp --members empty.csv --label species | empty.csv",
        "--architecture mlp --members members.csv --label species --optimiser sgd --learning-rate 1e6 --epochs 50 --loss squared-error | --learning-rate",
        "--model sklearn-forest.onnx --members members.csv --label species | trees",
        "--model sklearn-logistic.onnx --members members.csv --label species --freeze nothing* | nothing*",
        "--model sklearn-logistic.onnx --members members.csv --label species --freeze * | no parameter",
        "--model weights.pt --members members.csv --label species | torch.onnx.export",
        "--architecture mlp --members members.csv --label species --resume | --resume",
      })
  void whatIsWrongIsSaidInOneLine(String options, String named) throws IOException {
    List<String> lines = Irises.lines(4, 30);
    Files.write(folder.resolve("empty.csv"), lines.subList(0, 1));
    Files.write(
        folder.resolve("one-class.csv"),
        lines.stream().filter(line -> !line.matches(".*,[12]")).toList());
    Files.write(folder.resolve("weights.pt"), new byte[] {'P', 'K', 3, 4});
    Ended ended = train("bad", options);
    assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err().strip().lines().filter(line -> line.startsWith("afterimage: ")))
        .hasSize(1)
        .allSatisfy(line -> assertThat(line).contains(named).hasSizeLessThan(700));
    assertThat(ended.err()).doesNotContain("internal error", "\tat ");
    assertThat(folder.resolve("bad/model.onnx")).doesNotExist();
  }

  @Test
  void aFolderThatHoldsSomethingElseIsLeftAlone() throws IOException {
    Files.createDirectories(folder.resolve("mine"));
    Files.writeString(folder.resolve("mine/letter.txt"), "dear");
    Ended ended =
        train("mine", "--architecture mlp --members members.csv --label species --epochs 1");
    assertThat(ended.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(ended.err()).contains("something else");
    try (var files = Files.list(folder.resolve("mine"))) {
      assertThat(files.map(Path::getFileName).map(Path::toString)).containsExactly("letter.txt");
    }
  }
}
