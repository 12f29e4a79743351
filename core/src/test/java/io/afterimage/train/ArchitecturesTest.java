package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Threads;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every architecture learns something, and ONNX Runtime scores it as the trainer does. */
@ExtendWith(NoLeakedTensors.class)
class ArchitecturesTest {
  private static final int ROWS = 48;
  private static final Head THREE = new Head.Classes(3);

  @BeforeEach
  void oneThread() {
    Threads.setIntraOp(1);
  }

  /**
   * A network and rows for it.
   *
   * @param tokens how many tokens there are; 0 for rows of numbers
   */
  record Built(String name, Architecture architecture, Shape row, int tokens) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Built> classifiers() {
    return Stream.of(
        new Built("logistic", Architectures.mlp(THREE), new Shape(6), 0),
        new Built("mlp", Architectures.mlp(THREE, 16, 8), new Shape(6), 0),
        new Built("sigmoids", Architectures.sigmoids(THREE, 16, 8), new Shape(2, 3), 0),
        new Built("lenet", Architectures.lenet(THREE), new Shape(1, 8, 8), 0),
        new Built("lenet on plain pictures", Architectures.lenet(THREE), new Shape(8, 8), 0),
        new Built("resnet", Architectures.resnet(THREE, 4, 1), new Shape(3, 9, 8), 0),
        new Built("gru", Architectures.gru(THREE, 8, 2, 0), new Shape(5, 3), 0),
        new Built("gru on tokens", Architectures.gru(THREE, 8, 1, 9), new Shape(5), 9),
        new Built("transformer", Architectures.transformer(THREE, 8, 2, 2, 0), new Shape(5, 3), 0),
        new Built(
            "transformer on tokens",
            Architectures.transformer(THREE, 8, 4, 1, 9),
            new Shape(5),
            9));
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void learnsAndIsScoredAsItWasTrained(Built built) {
    float[] x = rows(built);
    int[] classes = classes(x, built);
    OnnxModel fresh = built.architecture().over(built.row(), Run.of(1));
    Examples examples = Examples.ofClasses(Architecture.INPUT, x, built.row(), classes);
    Trainer.Trained trained =
        Trainer.train(
            fresh,
            examples,
            Loss.crossEntropy(fresh),
            Optimiser.Adam.of(0.01),
            Trainer.Settings.of(30, 16),
            Run.of(2));
    List<Double> losses = trained.record().losses();
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.7 * Math.log(3));
    assertSameScores(trained.model(), x, built.row(), Layers.PROBABILITIES);
  }

  private static float[] rows(Built built) {
    RandomGenerator random = Run.of(3).random("rows");
    float[] x = new float[ROWS * built.row().size()];
    for (int i = 0; i < x.length; i++) {
      x[i] = built.tokens() > 0 ? random.nextInt(built.tokens()) : (float) random.nextGaussian();
    }
    return x;
  }

  /** Three classes by the row's sum. */
  private static int[] classes(float[] x, Built built) {
    int size = built.row().size();
    double[] sums = new double[ROWS];
    for (int i = 0; i < x.length; i++) {
      sums[i / size] += x[i];
    }
    double[] sorted = sums.clone();
    Arrays.sort(sorted);
    return Arrays.stream(sums)
        .mapToInt(sum -> sum < sorted[ROWS / 3] ? 0 : sum < sorted[2 * ROWS / 3] ? 1 : 2)
        .toArray();
  }

  private static void assertSameScores(OnnxModel model, float[] x, Shape row, String output) {
    double[] expected = Numbers.answers(model, x, row, output);
    Dataset rows =
        Dataset.of(
            "rows", new Schema(Map.of("x", Role.FEATURE)), List.of(new Column.Array("x", x, row)));
    try (OnnxTarget target = OnnxTarget.open(model, OnnxOptions.DEFAULTS)) {
      assertThat(target.scores(rows).values()).containsExactly(expected, within(1e-5));
    }
  }

  @Test
  void anMlpLearnsValuesToo() {
    float[] x = {0, 1, 2, 3, 4, 5, 6, 7};
    double[] y = {0, 2, 4, 6, 8, 10, 12, 14};
    OnnxModel fresh = Architectures.mlp(new Head.Value(), 16).over(new Shape(1), Run.of(4));
    Trainer.Trained trained =
        Trainer.train(
            fresh,
            Examples.ofValues(Architecture.INPUT, x, new Shape(1), y),
            Loss.squaredError(fresh),
            Optimiser.Adam.of(0.03),
            Trainer.Settings.of(300, 8),
            Run.of(5));
    assertThat(trained.record().losses().get(299)).isLessThan(0.1);
    assertSameScores(trained.model(), x, new Shape(1), Layers.VALUE);
  }

  @Test
  void anAutoencoderRebuildsRowsOfFewKinds() {
    Shape shape = new Shape(1, 4, 4);
    float[] x = new float[40 * 16];
    for (int i = 0; i < x.length; i++) {
      x[i] = (i / 16 + i) % 4 == 0 ? 1 : 0;
    }
    for (boolean coins : new boolean[] {false, true}) {
      OnnxModel fresh = Architectures.autoencoder(coins, 12, 3).over(shape, Run.of(6));
      Loss loss = coins ? Loss.binaryCrossEntropy(fresh) : Loss.squaredError(fresh);
      Trainer.Trained trained =
          Trainer.train(
              fresh,
              Examples.ofThemselves(Architecture.INPUT, x, shape),
              loss,
              Optimiser.Adam.of(0.02),
              Trainer.Settings.of(200, 20),
              Run.of(7));
      List<Double> losses = trained.record().losses();
      assertThat(losses.get(199)).as("coins: " + coins).isLessThan(0.2 * losses.get(0));
      assertThat(trained.model().outputs().get(0).shape()).contains("1", "4");
    }
  }

  @Test
  void matrixFactorisationLearnsRatingsAndItsScoresAreThoseOfOnnxRuntime() {
    int[] who = IntStream.range(0, 60).map(i -> i % 6).toArray();
    int[] what = IntStream.range(0, 60).map(i -> i / 6).toArray();
    double[] rating = new double[60];
    Arrays.setAll(rating, i -> 3 + (who[i] % 2 == what[i] % 2 ? 1 : -1));
    Dataset rows = ratings(who, what, rating);
    OnnxModel fresh =
        Recommender.write(
            (Column.Categorical) rows.column("user"),
            (Column.Categorical) rows.column("film"),
            4,
            3,
            Run.of(8));
    Trainer.Trained trained =
        Trainer.train(
            fresh,
            Examples.ofValues(fresh, rows, rating),
            Loss.squaredError(fresh),
            Optimiser.Adam.of(0.03),
            Trainer.Settings.of(100, 20),
            Run.of(9));
    assertThat(trained.record().losses().get(99)).isLessThan(0.05);
    try (OnnxTarget target = OnnxTarget.open(trained.model(), OnnxOptions.DEFAULTS)) {
      double[] scores = target.scores(rows).values();
      for (int i = 0; i < 60; i++) {
        assertThat(scores[i]).isCloseTo(rating[i], within(0.9));
      }
    }
  }

  @Test
  void aRankingPutsWhatUsersChoseAheadOfWhatTheyDidNot() {
    // Everybody chose the five films of their own half.
    int[] who = IntStream.range(0, 30).map(i -> i / 5).toArray();
    int[] what = IntStream.range(0, 30).map(i -> i % 5 + (i / 5 % 2) * 5).toArray();
    Dataset rows = ratings(who, what, new double[30]);
    Column.Categorical users = (Column.Categorical) rows.column("user");
    Column.Categorical films = (Column.Categorical) rows.column("film");
    OnnxModel fresh = Recommender.write(users, films, 4, 0, Run.of(10));
    Trainer.Trained trained =
        Trainer.train(
            fresh,
            new PairExamples(users, films, Run.of(11)),
            Loss.ranking(fresh),
            Optimiser.Adam.of(0.05),
            Trainer.Settings.of(100, 10),
            Run.of(12));
    assertThat(trained.record().losses().get(99)).isLessThan(0.2 * Math.log(2));
  }

  private static Dataset ratings(int[] who, int[] what, double[] rating) {
    List<String> users = IntStream.range(0, 6).mapToObj(i -> "u" + i).toList();
    List<String> films = IntStream.range(0, 10).mapToObj(i -> "f" + i).toList();
    return Dataset.of(
        "ratings",
        new Schema(
            new LinkedHashMap<>(
                Map.of("user", Role.FEATURE, "film", Role.FEATURE, "rating", Role.LABEL))),
        List.of(
            new Column.Categorical("user", who, users),
            new Column.Categorical("film", what, films),
            new Column.Numeric("rating", rating)));
  }

  @Test
  void widthIsThatOfResNet18() {
    OnnxModel resnet =
        Architectures.resnet(new Head.Classes(10), 64, 2).over(new Shape(3, 32, 32), Run.of(13));
    assertThat(resnet.parameterCount()).isEqualTo(11_173_962);
  }

  @Test
  void sizesThatDoNotFitAreNamed() {
    assertThatThrownBy(() -> Architectures.mlp(THREE, 0).over(new Shape(3), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--hidden");
    assertThatThrownBy(
            () -> Architectures.transformer(THREE, 8, 3, 1, 0).over(new Shape(4, 2), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--heads 3");
    assertThatThrownBy(() -> Architectures.gru(THREE, 8, 1, 0).over(new Shape(4), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--vocabulary");
    assertThatThrownBy(() -> Architectures.resnet(THREE, 4, 1).over(new Shape(4), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("channels x height x width");
  }
}
