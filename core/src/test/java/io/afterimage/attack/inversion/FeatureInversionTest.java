package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.attack.inversion.FeatureInversion.By;
import io.afterimage.attack.inversion.PublicPeople.Distances;
import io.afterimage.attack.inversion.decoder.DecoderSettings;
import io.afterimage.attack.inversion.picture.InnerLayer;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.FeatureTarget;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.ObservedFeatures;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.QueryMeter;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class FeatureInversionTest {
  private static final Run RUN = Run.of(5);
  private static final FeatureInversion ATTACK = new FeatureInversion();
  private static final Split SPLIT = PublicPeople.split(400, 800, RUN);

  /** The pixels of these digits are noise: neighbours have little in common. */
  private static final DescentSettings DESCENT =
      new DescentSettings(300, 0.01, 0.9, 20, 1e-3, 1e-3, 256);

  private static InterpretedTarget opened(OnnxModel model) {
    return InterpretedTarget.of(
        OnnxTarget.open(model, OnnxOptions.DEFAULTS.withClasses(Digits.CLASSES)));
  }

  private static InterpretedTarget fresh(Architecture layers, Shape shape) {
    return opened(layers.over(shape, RUN));
  }

  /** A network of 48 hidden units that was trained, but not until it knew its rows by heart. */
  private static InterpretedTarget trained() {
    OnnxModel fresh = Architectures.mlp(10, 48).over(Digits.SHAPE, RUN);
    float[] pixels = ((Column.Array) SPLIT.members().inputs().get(0)).values();
    Examples rows =
        Examples.ofClasses(Architecture.INPUT, pixels, Digits.SHAPE, SPLIT.members().classes());
    return opened(
        Trainer.train(
                fresh,
                rows,
                Loss.crossEntropy(fresh),
                Optimiser.Adam.of(0.003),
                Trainer.Settings.of(3, 20),
                RUN)
            .model());
  }

  private static Reconstructions run(
      FeatureTarget target, Split split, By by, Map<String, String> changed) {
    FeatureInversion.Settings settings =
        FeatureInversion.settings(Optional.of(by), 10, DESCENT, DecoderSettings.small(16, 60));
    return ATTACK.run(target, split, SettingsForm.of(settings).with(changed), RUN);
  }

  // ---- what the papers found

  /** Mahendran and Vedaldi: what the first layers keep is nearly the picture, later ones less. */
  @Test
  void byDescentTheFirstLayersGiveThePictureAwayAndLaterOnesLess() {
    try (InterpretedTarget lenet = fresh(Architectures.lenet(10), Digits.SHAPE)) {
      assertThat(lenet.layers()).contains("relu2", "relu11");
      Distances first =
          PublicPeople.distances(run(lenet, SPLIT, By.DESCENT, Map.of("layer", "relu2")), SPLIT);
      Distances last =
          PublicPeople.distances(run(lenet, SPLIT, By.DESCENT, Map.of("layer", "relu11")), SPLIT);
      assertThat(first.all()).isLessThan(0.01 * first.classMean());
      assertThat(last.all()).isGreaterThan(10 * first.all());
    }
  }

  /** More linear values than pixels, and no regulariser: there is one picture, and it is found. */
  @Test
  void byDescentThePictureBehindAnInvertibleLayerIsFoundExactly() {
    try (InterpretedTarget wide = fresh(Architectures.mlp(10, 256), Digits.SHAPE)) {
      Reconstructions rebuilt =
          run(
              wide,
              SPLIT,
              By.DESCENT,
              Map.of("layer", "dense1", "alpha-norm", "0", "total-variation", "0"));
      Distances distances = PublicPeople.distances(rebuilt, SPLIT);
      assertThat(distances.members()).isLessThan(1e-6);
      assertThat(distances.nonMembers()).isLessThan(1e-6);
      Dataset first = row(SPLIT.members(), rebuilt.origins().id(0));
      double told = wide.scores(first).probabilities().get(0, rebuilt.classes()[0]);
      assertThat(rebuilt.confidence()[0]).isCloseTo(told, within(1e-3));
      for (int row = 0; row < rebuilt.count(); row++) {
        List<Stage> strip = rebuilt.stages().of(row);
        float[] end = rebuilt.picture(row);
        assertThat(strip.get(0).picture()).isEqualTo(rebuilt.startOf(row));
        assertThat(PublicPeople.distance(strip.get(strip.size() - 1).picture(), end))
            .isLessThan(0.01 * PublicPeople.distance(strip.get(0).picture(), end));
      }
    }
  }

  private static Dataset row(Dataset rows, String id) {
    int row =
        IntStream.range(0, rows.rows())
            .filter(i -> rows.id(i).equals(id))
            .findFirst()
            .orElseThrow();
    return rows.select(new int[] {row});
  }

  /** Dosovitskiy and Brox; the layer gives away whoever is shown to it, member or not. */
  @Test
  void byADecoderTheLayerBeforeTheScoresShowsMoreThanTheClass() {
    try (InterpretedTarget target = trained()) {
      Distances distances =
          PublicPeople.distances(run(target, SPLIT, By.DECODER, Map.of("features", "100")), SPLIT);
      assertThat(distances.all()).isLessThan(0.8 * distances.classMean());
      // Four standard errors of the difference: wrong in 1 of 16,000 runs.
      assertThat(distances.nonMembers())
          .isCloseTo(distances.members(), within(0.1 * distances.members()));
    }
  }

  // ---- orders of pixels

  private static final Shape LAST = new Shape(8, 9, 3);

  /** Pictures of three channels, each a slope of its own. */
  private static Dataset colours(String name, int rows, Shape shape) {
    float[] pixels = new float[rows * shape.size()];
    for (int row = 0; row < rows; row++) {
      RandomGenerator random = RUN.random(name + row);
      double[] slopes = random.doubles(9, -1, 1).toArray();
      for (int channel = 0; channel < 3; channel++) {
        for (int y = 0; y < 8; y++) {
          for (int x = 0; x < 9; x++) {
            int at = shape.equals(LAST) ? (y * 9 + x) * 3 + channel : (channel * 8 + y) * 9 + x;
            double pixel =
                slopes[3 * channel]
                    + slopes[3 * channel + 1] * (y - 4) / 4
                    + slopes[3 * channel + 2] * (x - 4) / 4;
            pixels[row * shape.size() + at] = (float) pixel;
          }
        }
      }
    }
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("x", Role.FEATURE);
    return Dataset.of(name, new Schema(roles), List.of(new Column.Array("x", pixels, shape)));
  }

  @Test
  void coloursAreRebuiltInAnyOrderOfChannels() {
    for (Shape shape : List.of(LAST, new Shape(3, 8, 9))) {
      Split split =
          new Split(
              colours("members", 20, shape),
              colours("others", 20, shape),
              Optional.of(colours("public", 400, shape)),
              Optional.empty());
      try (InterpretedTarget target = fresh(Architectures.mlp(10, 100), shape)) {
        double rough = error(descended(target, split, "0"), split);
        double smooth = error(descended(target, split, "1"), split);
        // Half of the hidden units answer for 216 pixels; neighbours alike tell the others.
        assertThat(smooth).as("descent, %s", shape).isLessThan(0.1);
        assertThat(rough).isGreaterThan(0.5);
        Reconstructions decoded = run(target, split, By.DECODER, Map.of());
        assertThat(error(decoded, split)).as("decoder, %s", shape).isLessThan(0.25);
      }
    }
  }

  private static Reconstructions descended(FeatureTarget target, Split split, String variation) {
    return run(target, split, By.DESCENT, Map.of("total-variation", variation, "alpha-norm", "0"));
  }

  /** The mean squared difference by the pixels' mean square. */
  private static double error(Reconstructions rebuilt, Split split) {
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < rebuilt.count(); i++) {
      Dataset rows = rebuilt.origins().isMember(i) ? split.members() : split.nonMembers();
      float[] truth = ((Column.Array) row(rows, rebuilt.origins().id(i)).inputs().get(0)).values();
      sum += PublicPeople.distance(rebuilt.picture(i), truth);
      squares += PublicPeople.distance(new float[truth.length], truth);
    }
    return sum / squares;
  }

  // ---- its contract

  private static InterpretedTarget small;

  @BeforeAll
  static void open() {
    small = fresh(Architectures.mlp(10, 32, 16), Digits.SHAPE);
  }

  @AfterAll
  static void close() {
    small.close();
  }

  @Test
  void theLayerBeforeTheScoresIsTheDefault() {
    Dataset probe = SPLIT.members().select(new int[] {0});
    assertThat(InnerLayer.of(small, Optional.empty(), probe).name()).isEqualTo("relu4");
    try (InterpretedTarget softmax = fresh(Architectures.softmax(10), Digits.SHAPE)) {
      // Flattened pixels are no features.
      assertThat(InnerLayer.of(softmax, Optional.empty(), probe).name()).isEqualTo("dense1");
    }
  }

  @Test
  void anUnknownLayerIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> run(small, SPLIT, By.DESCENT, Map.of("layer", "conv7")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("conv7")
        .hasMessageContaining("dense1, relu2, dense3, relu4");
  }

  @Test
  void picturesDescendingTogetherDoNotTouchOneAnother() {
    Map<String, String> together = Map.of("steps", "40", "features", "5");
    Map<String, String> apart = Map.of("steps", "40", "features", "5", "together", "3");
    float[] whole = run(small, SPLIT, By.DESCENT, together).pixels();
    assertThat(run(small, SPLIT, By.DESCENT, apart).pixels()).containsExactly(whole, within(1e-4f));
    for (float pixel : whole) {
      assertThat(pixel).isBetween(0f, 1f);
    }
  }

  @Test
  void theStartIsKeyedByTheRecord() {
    Reconstructions few = run(small, SPLIT, By.DESCENT, Map.of("steps", "1", "features", "2"));
    Reconstructions more = run(small, SPLIT, By.DESCENT, Map.of("steps", "1", "features", "4"));
    assertThat(more.origins().members().ids()).startsWith(ids(few));
    assertThat(Arrays.copyOf(more.start(), 128)).containsExactly(Arrays.copyOf(few.start(), 128));
  }

  private static String[] ids(Reconstructions rebuilt) {
    return rebuilt.origins().members().ids().toArray(String[]::new);
  }

  private static FeatureTarget metered(QueryMeter meter) {
    return (FeatureTarget) MeteredTarget.of(small, meter);
  }

  @Test
  void aShortBudgetEndsTheDescentWithWhatItHas() {
    QueryMeter meter = QueryMeter.of(200);
    Reconstructions rebuilt =
        run(metered(meter), SPLIT, By.DESCENT, Map.of("layer", "relu4", "features", "5"));
    // Ten records: features, answers, reconstructions' answers, and 17 evaluations.
    assertThat(meter.spent()).isEqualTo(200);
    assertThat(rebuilt.steps()).containsOnly(16);
    QueryMeter none = QueryMeter.of(39);
    assertThatThrownBy(() -> run(metered(none), SPLIT, By.DESCENT, Map.of("features", "5")))
        .isInstanceOf(BudgetExhaustedException.class);
    assertThat(none.spent()).isZero();
  }

  @Test
  void aShortBudgetTeachesTheDecoderWithFewerRows() {
    QueryMeter meter = QueryMeter.of(100);
    run(
        metered(meter),
        SPLIT,
        By.DECODER,
        Map.of("layer", "relu4", "features", "5", "epochs", "1"));
    assertThat(meter.spent()).isEqualTo(100);
  }

  /** Whoever sees inner values alone has a decoder, and nothing to descend through. */
  @Test
  @SuppressWarnings("try") // the scope is there to close
  void whoDoesNotHoldTheNetworkDecodes() {
    FeatureTarget observed = new ObservedFeatures(small);
    assertThat(Attacks.reaches(ATTACK, observed)).isTrue();
    assertThat(Attacks.reaches(new MiFace(), observed)).isFalse();
    try (TensorScope scope = new TensorScope()) {
      Tensor x = observed.input(SPLIT.members().select(new int[] {0})).requireGrad();
      assertThat(observed.features(x, "relu4").requiresGrad()).isFalse();
      assertThat(small.features(x, "relu4").requiresGrad()).isTrue();
    }
    FeatureInversion.Settings settings =
        SettingsForm.of(ATTACK.small()).with(Map.of("features", "5"));
    assertThat(ATTACK.run(observed, SPLIT, settings, RUN).stages().rows())
        .as("a decoder takes no way")
        .isEmpty();
    assertThat(ATTACK.run(small, SPLIT, settings, RUN).stages().rows()).isNotEmpty();
    assertThatThrownBy(() -> run(observed, SPLIT, By.DESCENT, Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageEndingWith("the adversary sees inner values alone; give --by decoder");
  }

  @Test
  void onlyTheDecoderNeedsPublicRows() {
    Split alone = Split.of(SPLIT.members(), SPLIT.nonMembers());
    assertThat(run(small, alone, By.DESCENT, Map.of("steps", "2")).count()).isEqualTo(20);
    FeatureInversion.Settings decoding =
        SettingsForm.of(ATTACK.small()).with(Map.of("by", "decoder"));
    assertThat(ATTACK.refusal(alone, ATTACK.small())).isEmpty();
    assertThat(ATTACK.refusal(alone, decoding).orElseThrow()).startsWith("needs --population");
    assertThatThrownBy(() -> run(small, alone, By.DECODER, Map.of()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--population");
  }

  @Test
  void aTargetWithScoresAloneAsFeaturesIsInvertedFromThem() {
    SoftmaxModel model = SoftmaxModel.fit(SPLIT.members(), Digits.CLASSES, Digits.SHAPE, 50);
    assertThat(run(model, SPLIT, By.DESCENT, Map.of("steps", "20")).count()).isEqualTo(20);
  }

  @Test
  void settingsHaveBounds() {
    SettingsForm<FeatureInversion.Settings> form = SettingsForm.of(ATTACK.defaults());
    for (String[] bad :
        new String[][] {
          {"features", "0"}, {"public-rows", "49"}, {"low", "1e10"}, {"high", "1e10"},
          {"steps", "0"}, {"step-length", "0"}, {"momentum", "1"}, {"standstill", "0"},
          {"alpha-norm", "-1"}, {"total-variation", "-1"}, {"together", "0"}, {"filters", "0"}
        }) {
      assertThatThrownBy(() -> form.with(Map.of(bad[0], bad[1])))
          .as(bad[0])
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("--" + bad[0]);
    }
  }
}
