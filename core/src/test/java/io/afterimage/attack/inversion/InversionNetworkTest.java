package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Patients;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.attack.inversion.InversionNetwork.Invert;
import io.afterimage.attack.inversion.PublicPeople.Distances;
import io.afterimage.attack.inversion.decoder.DecoderSettings;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class InversionNetworkTest {
  private static final Run RUN = Run.of(5);
  private static final InversionNetwork ATTACK = new InversionNetwork();
  private static final DecoderSettings DECODER = DecoderSettings.small(16, 60);
  private static final Split SPLIT = PublicPeople.split(100, 800, RUN);
  private static final ScoreTarget MODEL =
      SoftmaxModel.fit(Digits.draw("members", 400, RUN), Digits.CLASSES, Digits.SHAPE, 200);

  private static Reconstructions answers(ScoreTarget target) {
    return ATTACK.run(target, SPLIT, InversionNetwork.settings(Invert.ANSWERS, DECODER), RUN);
  }

  private static Reconstructions classes(ScoreTarget target, Map<String, String> changed) {
    InversionNetwork.Settings settings =
        SettingsForm.of(InversionNetwork.settings(Invert.CLASSES, DECODER)).with(changed);
    return ATTACK.run(target, SPLIT, settings, RUN);
  }

  /** The paper's: rows are rebuilt better from whole answers than by anyone who knows the class. */
  @Test
  void leakedAnswersShowTheirRowAndNotTheClassAlone() {
    Distances distances = PublicPeople.distances(answers(MODEL), SPLIT);
    // A linear map to ten scores keeps 9 of 64 directions of noise, 14% of the distance.
    assertThat(distances.members())
        .isBetween(0.85 * distances.classMean(), 0.95 * distances.classMean());
    // Members and others differ by four standard errors in 1 of 16,000 runs.
    assertThat(distances.nonMembers())
        .isCloseTo(distances.members(), within(0.1 * distances.members()));
  }

  /** The paper's ablation: the fewer classes are shown, the less is rebuilt. */
  @Test
  void theLessAnAnswerShowsTheLessIsRebuilt() {
    double whole = PublicPeople.distances(answers(MODEL), SPLIT).all();
    double rounded =
        PublicPeople.distances(
                answers(shown(Answers.EXACT.rounded(2), p -> p.map(v -> Math.rint(v * 100) / 100))),
                SPLIT)
            .all();
    double top =
        PublicPeople.distances(
                answers(shown(Answers.EXACT.cutTo(1), InversionNetworkTest::topOne)), SPLIT)
            .all();
    assertThat(whole).isLessThan(0.97 * rounded);
    assertThat(rounded).isLessThan(0.97 * top);
    Distances labels =
        PublicPeople.distances(answers(shown(Answers.EXACT, p -> p).labelsOnly()), SPLIT);
    assertThat(labels.all()).isCloseTo(labels.classMean(), within(0.05 * labels.classMean()));
  }

  private static CountingTarget shown(Answers known, UnaryOperator<Predictions> change) {
    return CountingTarget.of(MODEL, known, change);
  }

  private static Predictions topOne(Predictions p) {
    double[] cut = new double[p.values().length];
    for (int row = 0; row < p.rows(); row++) {
      int top = p.label(row);
      cut[row * p.columns() + top] = p.get(row, top);
    }
    return new Predictions(cut, p.columns(), Meaning.PROBABILITIES);
  }

  @Test
  void everyReconstructionIsPairedWithItsRecord() {
    Reconstructions rebuilt =
        ATTACK.run(
            MODEL,
            SPLIT,
            SettingsForm.of(InversionNetwork.settings(Invert.ANSWERS, DECODER))
                .with(Map.of("answers", "20", "epochs", "2")),
            RUN);
    Origins origins = rebuilt.origins();
    assertThat(rebuilt.count()).isEqualTo(origins.count()).isEqualTo(40);
    assertThat(origins.members().ids()).hasSize(20).doesNotHaveDuplicates();
    assertThat(origins.members().ids()).allMatch(id -> id.startsWith("members:"));
    assertThat(origins.nonMembers().ids()).allMatch(id -> id.startsWith("others:"));
    for (int i = 0; i < rebuilt.count(); i++) {
      Dataset rows = origins.isMember(i) ? SPLIT.members() : SPLIT.nonMembers();
      int row = Integer.parseInt(origins.id(i).replaceFirst(".*:", ""));
      assertThat(MODEL.labels(rows.select(new int[] {row}))[0]).isEqualTo(rebuilt.classes()[i]);
    }
  }

  @Test
  void everyClassIsDrawnAsItsMean() {
    Reconstructions rebuilt = classes(MODEL, Map.of());
    assertThat(rebuilt.classes()).containsExactly(IntStream.range(0, 10).toArray());
    assertThat(rebuilt.origins()).isEqualTo(Origins.NONE);
    float[][] means = PublicPeople.means(SPLIT.nonMembers());
    for (int c = 0; c < 10; c++) {
      float[] picture = rebuilt.picture(c);
      int nearest =
          IntStream.range(0, 10)
              .boxed()
              .min(
                  (a, b) ->
                      Double.compare(
                          PublicPeople.distance(means[a], picture),
                          PublicPeople.distance(means[b], picture)))
              .orElseThrow();
      assertThat(nearest).isEqualTo(c);
    }
    assertThat(Arrays.stream(rebuilt.confidence()).min().orElseThrow()).isGreaterThan(0.5);
    assertThat(rebuilt.start()).hasSize(640);
  }

  @Test
  void furtherPicturesAreThoseOfTheSurestAnswersSeen() {
    Reconstructions rebuilt = classes(MODEL, Map.of("pictures", "3", "epochs", "2"));
    assertThat(rebuilt.classes()).containsExactly(IntStream.range(0, 30).map(i -> i / 3).toArray());
    assertThat(rebuilt.picture(1)).isNotEqualTo(rebuilt.picture(2));
  }

  @Test
  void everyQueryIsCounted() {
    CountingTarget target = shown(Answers.EXACT, p -> p);
    Reconstructions rebuilt = classes(target, Map.of("epochs", "1"));
    assertThat(target.asked()).isEqualTo(800 + 3 * 10);
    assertThat(rebuilt.curve()).extracting(CurvePoint::queries).containsExactly(60L, 220L, 830L);
    double last = Arrays.stream(rebuilt.confidence()).average().orElseThrow();
    assertThat(rebuilt.curve().get(2).value()).isCloseTo(last, within(1e-12));
  }

  /** Of every smaller network the surest pictures of each class. */
  @Test
  void whatSmallerNetworksDrawIsKept() {
    Reconstructions rebuilt = classes(MODEL, Map.of("epochs", "1"));
    assertThat(rebuilt.interim().queries()).containsExactly(60L, 220L);
    assertThat(rebuilt.interim().classes()).containsExactly(rebuilt.subjects());
    assertThat(rebuilt.interim().pictures().get(10)).isNotEqualTo(rebuilt.picture(0));
  }

  /** Rows by fours: the more are asked about, the surer the target is of what is drawn. */
  @Test
  void theCurveTellsWhatFewerQuestionsGive() {
    List<CurvePoint> curve = classes(MODEL, Map.of()).curve();
    assertThat(curve).hasSize(3);
    assertThat(curve.get(2).value()).isGreaterThan(curve.get(0).value());
  }

  @Test
  void leakedAnswersAreAskedOnceAndTheirPicturesByEveryNetwork() {
    CountingTarget target = shown(Answers.EXACT, p -> p);
    InversionNetwork.Settings settings =
        SettingsForm.of(InversionNetwork.settings(Invert.ANSWERS, DECODER))
            .with(Map.of("answers", "20", "epochs", "1", "public-rows", "300"));
    Reconstructions rebuilt = ATTACK.run(target, SPLIT, settings, RUN);
    assertThat(target.asked()).isEqualTo(300 + 40 + 2 * 40);
    assertThat(rebuilt.curve())
        .extracting(CurvePoint::queries)
        .containsExactly(75L + 40 + 40, 300L + 40 + 80);
    assertThat(rebuilt.interim()).isSameAs(Interim.NONE);
  }

  @Test
  void aShortBudgetTeachesWithFewerRows() {
    CountingTarget target = shown(Answers.EXACT, p -> p).limitedTo(100);
    assertThat(classes(target, Map.of("epochs", "1")).curve()).hasSize(1);
    assertThat(target.asked()).isEqualTo(100);
    CountingTarget forTwo = shown(Answers.EXACT, p -> p).limitedTo(220);
    assertThat(classes(forTwo, Map.of("epochs", "1")).curve()).hasSize(2);
    assertThat(forTwo.asked()).isEqualTo(220);
    CountingTarget tooShort = shown(Answers.EXACT, p -> p).limitedTo(59);
    assertThatThrownBy(() -> classes(tooShort, Map.of()))
        .isInstanceOf(BudgetExhaustedException.class);
    assertThat(tooShort.asked()).isZero();
  }

  @Test
  void nothingToLearnFromIsRefused() {
    Dataset members = SPLIT.members();
    Dataset population = SPLIT.population().orElseThrow();
    assertThat(ATTACK.refusal(SPLIT)).isEmpty();
    assertThat(ATTACK.refusal(Split.of(members, members)))
        .get()
        .asString()
        .contains("--population");
    assertThat(ATTACK.refusal(with(population.select(IntStream.range(0, 49).toArray()))))
        .get()
        .asString()
        .contains("at least 50 public pictures of the same kind, not 49");
    int[] zeros = IntStream.range(0, 80).map(i -> 10 * i).toArray();
    assertThat(ATTACK.refusal(with(population.select(zeros))))
        .get()
        .asString()
        .contains("several classes");
    Column other = new Column.Array("pixels", new float[800 * 16], new Shape(4, 4));
    assertThat(ATTACK.refusal(with(population.with(other))))
        .get()
        .asString()
        .contains("of the members' shape 8x8, not 4x4");
    assertThatThrownBy(
            () -> ATTACK.run(MODEL, with(members.select(new int[0])), ATTACK.small(), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--population");
  }

  private static Split with(Dataset population) {
    return new Split(
        SPLIT.members(), SPLIT.nonMembers(), Optional.of(population), Optional.empty());
  }

  @Test
  void aRegressorIsBadInput() {
    Split patients =
        Split.of(
            Patients.draw("members", 50, Task.REGRESSION, RUN),
            Patients.draw("nonmembers", 50, Task.REGRESSION, RUN));
    ScoreTarget regressor = LinearModel.fit(patients.members());
    assertThatThrownBy(() -> ATTACK.run(regressor, patients, ATTACK.defaults(), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("predicts a value");
  }

  @Test
  void settingsHaveBounds() {
    SettingsForm<InversionNetwork.Settings> form = SettingsForm.of(ATTACK.defaults());
    for (String[] bad :
        new String[][] {
          {"pictures", "0"}, {"answers", "0"}, {"public-rows", "49"}, {"low", "1e10"},
          {"high", "1e10"}, {"filters", "0"}, {"epochs", "0"}, {"batch", "1"},
          {"learning-rate", "0"}, {"patience", "-1"}
        }) {
      assertThatThrownBy(() -> form.with(Map.of(bad[0], bad[1])))
          .as(bad[0])
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining("--" + bad[0]);
    }
  }
}
