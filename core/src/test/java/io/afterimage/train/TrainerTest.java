package io.afterimage.train;

import static io.afterimage.train.Numbers.answers;
import static io.afterimage.train.Numbers.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Threads;
import io.afterimage.train.Optimiser.Adam;
import io.afterimage.train.Optimiser.Sgd;
import io.afterimage.train.Trainer.Settings;
import io.afterimage.train.Trainer.Trained;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class TrainerTest {

  @BeforeEach
  void oneThread() {
    Threads.setIntraOp(1);
  }

  @Test
  void aNetworkOverColumnsAnswersInOnnxRuntimeAsItWasTrained() {
    Dataset rows = Tables.mixed(400, 1);
    Encoder encoder = Encoder.fit(rows);
    Architecture mlp = Architectures.mlp(3, 16);
    float[] x = encoder.encode(rows);
    Shape width = new Shape(encoder.width());
    Examples examples = Examples.ofClasses("x", x, width, rows.classes());
    OnnxModel fresh = mlp.over(width, Run.of(2));
    OnnxModel trained = train(fresh, examples, 40, 3).model();
    OnnxModel exported = mlp.over(encoder, Run.of(2)).withParameters(parameters(trained));
    double[] expected = answers(trained, x, width, Layers.PROBABILITIES);
    try (OnnxTarget target = OnnxTarget.open(exported, OnnxOptions.DEFAULTS)) {
      Predictions answers = target.scores(rows);
      assertThat(answers.values()).containsExactly(expected, within(1e-5));
      assertThat(accuracy(answers, rows.classes())).isGreaterThan(0.97);
    }
  }

  @Test
  void trainingOnColumnsEqualsTrainingOnTheEncodedRowsBitByBit() {
    Dataset rows = Tables.mixed(100, 25);
    Encoder encoder = Encoder.fit(rows);
    Shape width = new Shape(encoder.width());
    Architecture mlp = Architectures.mlp(3, 5);
    Examples encoded = Examples.ofClasses("x", encoder.encode(rows), width, rows.classes());
    OnnxModel onColumns = mlp.over(encoder, Run.of(26));
    Examples columns = Examples.ofClasses(onColumns, rows, rows.classes());
    assertThat(train(onColumns, columns, 4, 27).record().losses())
        .isEqualTo(train(mlp.over(width, Run.of(26)), encoded, 4, 27).record().losses());
  }

  @Test
  void columnsThatTheGraphDoesNotTakeAreNamed() {
    Dataset rows = Tables.mixed(10, 28);
    OnnxModel wide = Architectures.softmax(3).over(new Shape(7), Run.of(1));
    assertThatThrownBy(() -> Examples.ofClasses(wide, rows, rows.classes()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("column town is not");
    Dataset numbers =
        Dataset.of("numbers", new Schema(Map.of("age", Role.FEATURE)), List.of(rows.column("age")));
    Examples narrow = Examples.ofClasses(wide, numbers, rows.classes());
    assertThatThrownBy(() -> train(wide, narrow, 1, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("1 numbers a row");
  }

  @Test
  void softmaxRegressionReachesTheLossOfItsExactFit() {
    Dataset rows = Tables.mixed(300, 4);
    Encoder encoder = Encoder.fit(rows, List.of("income", "town"));
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    Shape width = new Shape(encoder.width());
    Examples examples = Examples.ofClasses("x", table.values(), width, rows.classes());
    OnnxModel fresh = Architectures.softmax(3).over(width, Run.of(5));
    Trained trained =
        Trainer.train(
            fresh,
            examples,
            Loss.crossEntropy(fresh),
            new Sgd(1, 0.9, true, 0),
            Settings.of(400, 300),
            Run.of(6));
    // A tenth of the exact fit's usual ridge moves its loss by less than the tolerance.
    LogisticRegression exact = LogisticRegression.fit(table, rows.classes(), 3, 0.01, Run.of(1));
    double loss =
        IntStream.range(0, 300)
            .mapToDouble(row -> -Math.log(exact.probabilities(table, row)[rows.classes()[row]]))
            .average()
            .orElseThrow();
    assertThat(trained.record().losses().get(399)).isCloseTo(loss, within(5e-3));
  }

  @Test
  void linearRegressionReachesTheLeastSquares() {
    RandomGenerator random = Run.of(7).random("rows");
    float[] x = Gaussians.floats(200 * 3, random);
    double[] y = new double[200];
    Arrays.setAll(y, row -> 2 * x[row * 3] - x[row * 3 + 1] + 0.5 + 0.1 * random.nextGaussian());
    OnnxModel fresh = Architectures.linearRegression().over(new Shape(3), Run.of(8));
    Trained trained =
        Trainer.train(
            fresh,
            Examples.ofValues("x", x, new Shape(3), y),
            Loss.squaredError(fresh),
            new Sgd(0.1, 0.9, false, 0),
            Settings.of(300, 200),
            Run.of(9));
    LeastSquares exact = LeastSquares.fit(new Matrix(x, 3), y, 0);
    Map<String, float[]> found = parameters(trained.model());
    float[] weights = found.getOrDefault("dense0.weight", new float[0]);
    assertThat(weights).hasSize(3);
    for (int i = 0; i < 3; i++) {
      assertThat((double) weights[i]).isCloseTo(exact.weights()[i], within(1e-4));
    }
  }

  @Test
  void oneSeedGivesOneResultBitByBitAndAnotherSeedAnother() {
    Examples examples = noise(64, new Shape(5), 2, 10);
    OnnxModel fresh = Architectures.mlp(2, 7).over(new Shape(5), Run.of(11));
    assertThat(train(fresh, examples, 5, 12).model().sha256())
        .isEqualTo(train(fresh, examples, 5, 12).model().sha256())
        .isNotEqualTo(train(fresh, examples, 5, 13).model().sha256());
    assertThat(fresh.sha256())
        .isEqualTo(Architectures.mlp(2, 7).over(new Shape(5), Run.of(11)).sha256());
  }

  @Test
  void lenetLearnsPicturesByHeart() {
    Shape shape = new Shape(1, 8, 8);
    RandomGenerator random = Run.of(14).random("pictures");
    float[] x = new float[40 * 64];
    for (int i = 0; i < x.length; i++) {
      x[i] = random.nextFloat();
    }
    int[] classes = IntStream.range(0, 40).map(i -> i % 4).toArray();
    OnnxModel fresh = Architectures.lenet(4).over(shape, Run.of(15));
    OnnxModel trained = train(fresh, Examples.ofClasses("x", x, shape, classes), 150, 16).model();
    Dataset rows =
        Dataset.of(
            "pictures",
            new Schema(Map.of("picture", Role.FEATURE)),
            List.of(new Column.Array("picture", x, shape)));
    try (OnnxTarget target = OnnxTarget.open(trained, OnnxOptions.DEFAULTS)) {
      assertThat(accuracy(target.scores(rows), classes)).isEqualTo(1);
    }
  }

  @Test
  void theRecordSaysHowTheModelCameAbout() {
    Examples examples = noise(30, new Shape(2), 2, 17);
    OnnxModel fresh = Architectures.softmax(2).over(new Shape(2), Run.of(18));
    TrainingRecord record = train(fresh, examples, 3, 19).record();
    assertThat(record.losses()).hasSize(3);
    assertThat(record.modelSha256()).isEqualTo(fresh.sha256());
    assertThat(record.dataSha256())
        .isEqualTo(examples.sha256())
        .isNotEqualTo(noise(30, new Shape(2), 2, 20).sha256());
    assertThat(record.seed()).isEqualTo(19);
    assertThat(record.threads()).isEqualTo(1);
  }

  @Test
  void eachEpochSeesEveryExampleOnceInItsOwnOrder() {
    List<int[]> batches = new java.util.ArrayList<>();
    Trainer.run(
        batch -> {
          batches.add(batch.rows());
          return 0;
        },
        10,
        Settings.of(2, 4),
        Run.of(21));
    int[] first = batches.stream().limit(3).flatMapToInt(Arrays::stream).toArray();
    int[] second = batches.stream().skip(3).flatMapToInt(Arrays::stream).toArray();
    assertThat(batches).extracting(batch -> batch.length).containsExactly(4, 4, 2, 4, 4, 2);
    assertThat(first).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(second).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(first).isNotEqualTo(second);
  }

  @Test
  void patienceEndsTrainingThatNoLongerHelps() {
    AtomicInteger epoch = new AtomicInteger();
    double[] losses = {3, 2, 2.5, 2.1, 1};
    Settings impatient = new Settings(5, 10, 2, 0);
    assertThat(Trainer.run(batch -> losses[epoch.getAndIncrement()], 10, impatient, Run.of(1)))
        .containsExactly(3.0, 2.0, 2.5, 2.1);
  }

  @Test
  void trainingEndsWithTheFirstEpochThatReachesItsGoal() {
    AtomicInteger epoch = new AtomicInteger();
    double[] losses = {3, 2, 1, 0.5};
    Settings settings = Settings.of(4, 10).until(1.5);
    assertThat(Trainer.run(batch -> losses[epoch.getAndIncrement()], 10, settings, Run.of(1)))
        .containsExactly(3.0, 2.0, 1.0);
  }

  @Test
  void trainingThatDivergesSaysWhatToChange() {
    Examples examples = noise(64, new Shape(5), 2, 22);
    OnnxModel fresh = Architectures.mlp(2, 7).over(new Shape(5), Run.of(23));
    assertThatThrownBy(
            () ->
                Trainer.train(
                    fresh,
                    examples,
                    Loss.crossEntropy(fresh),
                    Sgd.of(1e6),
                    Settings.of(50, 16),
                    Run.of(24)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("lower --learning-rate");
  }

  @Test
  void trainingStopsOnRequest() {
    Run stopped = new Run(1, 1, Progress.NONE, new AtomicBoolean(true));
    assertThatThrownBy(() -> Trainer.run(batch -> 0, 10, Settings.of(1, 5), stopped))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void whatCannotBeTrainedIsNamed() {
    assertThatThrownBy(() -> Examples.ofClasses("x", new float[0], new Shape(2), new int[0]))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no rows");
    assertThatThrownBy(
            () -> Examples.ofClasses("x", new float[] {1, Float.NaN}, new Shape(2), new int[1]))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("row 0 holds NaN");
    assertThatThrownBy(() -> Examples.ofClasses("x", new float[2], new Shape(2), new int[] {-1}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("row 0 has no label");
    assertThatThrownBy(() -> Architectures.lenet(2).over(new Shape(1, 2, 2), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("too small");
    assertThatThrownBy(() -> Settings.of(0, 1)).hasMessageContaining("--epochs");
  }

  private static Trained train(OnnxModel model, Examples examples, int epochs, long seed) {
    return Trainer.train(
        model,
        examples,
        Loss.crossEntropy(model),
        Adam.of(0.01),
        Settings.of(epochs, 32),
        Run.of(seed));
  }

  private static Examples noise(int rows, Shape shape, int classes, long seed) {
    RandomGenerator random = Run.of(seed).random("noise");
    float[] x = Gaussians.floats(rows * shape.size(), random);
    return Examples.ofClasses("x", x, shape, random.ints(rows, 0, classes).toArray());
  }

  private static double accuracy(Predictions answers, int[] classes) {
    return IntStream.range(0, classes.length)
            .filter(row -> answers.label(row) == classes[row])
            .count()
        / (double) classes.length;
  }
}
