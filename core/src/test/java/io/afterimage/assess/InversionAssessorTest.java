package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.Finding.Advantage;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.People;
import io.afterimage.evidence.Reconstructions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InversionAssessorTest {
  private static final Ran RAN =
      new Ran(
          new AttackInfo("mi-face", "", "", Family.INVERSION, Access.GRADIENTS, "", true, ""),
          0,
          1,
          null);

  @Test
  void reportsWhatTheJudgeAnsweredWithIntervalsOverPeople() {
    Map<String, double[]> judged = new LinkedHashMap<>();
    judged.put(Reconstructions.RECOGNISED, firstOf(9, 40));
    judged.put(Reconstructions.BASELINE_START, firstOf(1, 40));
    judged.put(Reconstructions.BASELINE_POPULATION_MEAN, firstOf(2, 40));
    judged.put(Reconstructions.IDENTIFIED, firstOf(80, 80));
    judged.put(Reconstructions.RANK, ranks(80));
    judged.put(Reconstructions.FORCED_RANK, firstOf(60, 80));
    judged.put(Reconstructions.FORCED_RANK + Reconstructions.OF_START, firstOf(76, 80));
    judged.put(Reconstructions.NEAREST_MEMBER, constant(.52, 80));
    judged.put(Reconstructions.EVALUATOR_REAL, firstOf(33, 40));
    Finding finding = assess(judged, Map.of("psnr", "no member of the class"), true);
    assertThat(metric(finding, "recognised").value()).isCloseTo(9 / 40.0, within(1e-12));
    assertThat(metric(finding, "recognised").n()).isEqualTo(40);
    assertThat(metric(finding, "attackAccuracy@1").value()).isCloseTo(.1, within(1e-12));
    assertThat(metric(finding, "attackAccuracy@5").value()).isCloseTo(.5, within(1e-12));
    assertThat(metric(finding, "attackAccuracy@1/forced").value()).isCloseTo(.25, within(1e-12));
    assertThat(metric(finding, "identified").value()).isEqualTo(1);
    assertThat(metric(finding, "identified").low())
        .as("80 pictures of 40 people")
        .isCloseTo(Interval.clopperPearson(40, 40, .05).low(), within(1e-9));
    assertThat(metric(finding, "nearestMember").value()).isCloseTo(.52, within(1e-9));
    assertThat(metric(finding, "psnr").reason()).isEqualTo("no member of the class");
    assertThat(metric(finding, "ssim").reason()).contains("no evaluator");
    assertThat(metric(finding, "frechet@evaluator").resolved()).isFalse();
    assertThat(finding.baselines())
        .containsOnlyKeys("start", "population-mean", "start/attackAccuracy@1/forced");
    Metric ofStart = finding.baselines().get("start/attackAccuracy@1/forced");
    assertThat(Objects.requireNonNull(ofStart).value()).isCloseTo(.05, within(1e-12));
    Advantage gain = overBaseline(finding);
    assertThat(gain.baseline()).isEqualTo("population-mean");
    assertThat(gain.value()).isCloseTo(7 / 40.0, within(1e-12));
    assertThat(gain.low()).isGreaterThan(0);
    assertThat(finding.severity()).isGreaterThan(Severity.NONE);
  }

  @Test
  void showsHowReconstructionsAreDistributedAndWhatTheyStartedFrom() {
    Map<String, double[]> judged = new LinkedHashMap<>();
    judged.put(Reconstructions.FRECHET, new double[] {12});
    judged.put(Reconstructions.FRECHET + Reconstructions.DRAWN, new double[] {10, 11, 12, 13, 14});
    judged.put(Reconstructions.FRECHET + Reconstructions.OF_START, new double[] {40});
    judged.put(
        Reconstructions.FRECHET + Reconstructions.OF_START + Reconstructions.DRAWN,
        new double[] {39, 41});
    judged.put(Reconstructions.PRECISION, firstOf(30, 40));
    judged.put(Reconstructions.DENSITY + Reconstructions.OVER_ALL, constant(1.5, 40));
    judged.put(Reconstructions.PRECISION + Reconstructions.OF_START, constant(.25, 40));
    judged.put(Reconstructions.PSNR, constant(17, 40));
    String few = "it needs 20 reconstructions";
    Finding finding =
        assess(
            judged,
            Map.of(
                Reconstructions.RECALL,
                few,
                Reconstructions.RECALL + Reconstructions.OF_START,
                few),
            true);
    // 1.581 is the replicates' deviation, 2.0227 Student's quantile of 39 degrees.
    double reach = Math.sqrt(2.5 * 40 / 39) * 2.022691;
    assertThat(metric(finding, "frechet@evaluator").value()).isEqualTo(12);
    assertThat(metric(finding, "frechet@evaluator").low()).isCloseTo(12 - reach, within(1e-5));
    assertThat(metric(finding, "frechet@evaluator").high()).isCloseTo(12 + reach, within(1e-5));
    assertThat(metric(finding, "precision@evaluator").value()).isCloseTo(.75, within(1e-12));
    assertThat(metric(finding, "precision@evaluator").n()).isEqualTo(40);
    assertThat(metric(finding, "density@evaluator/all").value()).isEqualTo(1.5);
    assertThat(metric(finding, "recall@evaluator").reason()).isEqualTo(few);
    assertThat(metric(finding, "psnr").value()).isEqualTo(17);
    assertThat(finding.baselines())
        .containsOnlyKeys("start/frechet@evaluator", "start/precision@evaluator");
  }

  /** Where a part was known, what it gives without the model stands beside what was rebuilt. */
  @Test
  void showsWhatPartlyKnownPicturesAreCompletedToWithoutTheModel() {
    Map<String, double[]> judged = new LinkedHashMap<>();
    judged.put(Reconstructions.PSNR, constant(17, 40));
    judged.put(Reconstructions.PSNR + Reconstructions.OF_START, constant(14, 40));
    judged.put(Reconstructions.NEAREST_MEMBER + Reconstructions.OF_START, constant(.6, 80));
    judged.put(Reconstructions.PAIRED, new double[] {20, 4096});
    Finding finding = assess(judged, Map.of(), true);
    assertThat(finding.baselines()).containsOnlyKeys("start/psnr", "start/nearestMember");
    assertThat(metric(finding, "psnr").value()).isEqualTo(17);
    assertThat(Objects.requireNonNull(finding.baselines().get("start/psnr")).value()).isEqualTo(14);
    assertThat(finding.reason())
        .contains(
            "psnr and ssim: of a class, 20 reconstructions at most were paired with 4096 members at"
                + " most, drawn");
  }

  @Test
  void coversTheGainOverTheBetterBaseline() {
    Coverage.covers(100, 0, seed -> gain(seed, .025, .025));
    Coverage.covers(100, .2, seed -> gain(seed, .225, .025));
    Coverage.covers(100, 0, seed -> gain(seed, .9, .9));
  }

  @Test
  void provesNothingForCertainAboutFortyPeopleOfWhomNoneIsRecognised() {
    Advantage gain =
        overBaseline(
            assess(
                Map.of(
                    Reconstructions.RECOGNISED, new double[40],
                    Reconstructions.BASELINE_START, new double[40]),
                Map.of(),
                true));
    assertThat(gain.value()).isEqualTo(0);
    assertThat(gain.high()).isGreaterThan(0);
    assertThat(gain.low()).isLessThan(0);
  }

  @Test
  void saysWhereNoiseThatFoolsTheModelIsRecognisedAsOften() {
    Map<String, double[]> judged = new LinkedHashMap<>();
    judged.put(Reconstructions.RECOGNISED, firstOf(20, 40));
    judged.put(Reconstructions.BASELINE_START, firstOf(0, 40));
    judged.put(Reconstructions.EVALUATOR_FOOLING_NOISE, firstOf(1, 40));
    judged.put(Reconstructions.FOOLED, IntStream.range(0, 40).asDoubleStream().toArray());
    Finding seen = assess(judged, Map.of(), true);
    assertThat(seen.reason()).isNull();
    assertThat(metric(seen, "evaluator/fooling-noise").value()).isCloseTo(1 / 40., within(1e-12));
    judged.put(Reconstructions.EVALUATOR_FOOLING_NOISE, firstOf(19, 40));
    Finding fooled = assess(judged, Map.of(), true);
    assertThat(fooled.reason()).contains("fools the model");
    assertThat(fooled.severity()).isEqualTo(seen.severity());
  }

  /** Of 20 people whom it recognises, and as many whom it does not, 10 each, by noise the same. */
  @Test
  void noiseIsHeldAgainstThePeopleItWasMadeFor() {
    Map<String, double[]> judged = new LinkedHashMap<>();
    judged.put(Reconstructions.RECOGNISED, firstOf(20, 40));
    judged.put(Reconstructions.BASELINE_START, firstOf(0, 40));
    judged.put(Reconstructions.FOOLED, IntStream.range(10, 30).asDoubleStream().toArray());
    judged.put(Reconstructions.EVALUATOR_FOOLING_NOISE, firstOf(10, 20));
    Finding fooled = assess(judged, Map.of(), true);
    assertThat(metric(fooled, "evaluator/fooling-noise").n()).isEqualTo(20);
    assertThat(fooled.reason()).contains("fools the model");
    judged.put(Reconstructions.EVALUATOR_FOOLING_NOISE, new double[20]);
    assertThat(assess(judged, Map.of(), true).reason()).isNull();
  }

  @Test
  void fiveGuessesOfFewClassesAreNoFigure() {
    Map<String, double[]> judged = Map.of(Reconstructions.RANK, ranks(80));
    Metric many = metric(assess(judged, Map.of(), true), "attackAccuracy@5");
    assertThat(many.resolved()).isTrue();
    Reconstructions nine =
        Reconstructions.of(
            new Shape(1, 1, 1),
            new float[9],
            new float[9],
            IntStream.range(0, 9).toArray(),
            IntStream.range(0, 9).mapToObj(String::valueOf).toList(),
            new double[9],
            new int[9],
            List.of());
    Finding few =
        InversionAssessor.assess(
            RAN,
            nine.judged(Map.of(Reconstructions.RANK, new double[9]), Map.of()),
            true,
            Run.of(1));
    assertThat(metric(few, "attackAccuracy@5").reason()).contains("half of 9 classes");
  }

  @Test
  void onlyInformsWhereAClassIsNotOnePerson() {
    Map<String, double[]> judged =
        Map.of(
            Reconstructions.RECOGNISED,
            firstOf(40, 40),
            Reconstructions.BASELINE_START,
            new double[40]);
    Finding finding = assess(judged, Map.of(), false);
    assertThat(finding.severity()).isEqualTo(Severity.NONE);
    assertThat(finding.reason()).contains("not one person");
  }

  @Test
  void theMeanOfSharesLiesBetweenNothingAndAll() {
    double[] nearly = firstOf(79, 80);
    Finding finding = assess(Map.of(Reconstructions.NEAREST_MEMBER, nearly), Map.of(), true);
    Metric nearest = metric(finding, "nearestMember");
    assertThat(nearest.value()).isEqualTo(79 / 80.0);
    assertThat(nearest.high()).isEqualTo(1);
    assertThat(nearest.low()).isBetween(0.9, 79 / 80.0);
  }

  /** What an answer gives away of its own picture is no gain over anybody's training data. */
  @Test
  void onlyInformsWhereSingleRecordsWereInverted() {
    People people =
        new People(
            IntStream.range(0, 40).mapToObj(i -> "row " + i).toList(),
            IntStream.range(0, 40).mapToObj(i -> "person " + i).toList(),
            IntStream.range(0, 40).toArray());
    Map<String, double[]> judged =
        Map.of(
            Reconstructions.RECOGNISED,
            firstOf(40, 40),
            Reconstructions.BASELINE_START,
            new double[40]);
    Reconstructions evidence =
        pictures().from(new Origins(people, people)).judged(judged, Map.of());
    Finding finding = InversionAssessor.assess(RAN, evidence, true, Run.of(1));
    assertThat(finding.advantage("overBaseline")).isEmpty();
    assertThat(finding.severity()).isEqualTo(Severity.NONE);
    assertThat(finding.reason()).contains("single records were inverted");
    assertThat(finding.worst()).isEmpty();
  }

  @Test
  void namesThePeopleWhoWereRecognised() {
    Finding finding =
        assess(
            Map.of(
                Reconstructions.RECOGNISED,
                firstOf(9, 40),
                Reconstructions.BASELINE_START,
                new double[40]),
            Map.of(),
            true);
    assertThat(finding.worst())
        .extracting(Finding.Worst::id)
        .startsWith("person 8", "person 7")
        .hasSize(9);
    assertThat(finding.worst())
        .as("one person's confidence is read off")
        .allSatisfy(worst -> assertThat(worst.metric().low()).isNull());
  }

  @Test
  void namesNobodyWhereAsManyAreRecognisedWithoutTheModel() {
    Finding finding =
        assess(
            Map.of(
                Reconstructions.RECOGNISED,
                firstOf(3, 40),
                Reconstructions.BASELINE_START,
                firstOf(3, 40)),
            Map.of(),
            true);
    assertThat(finding.worst()).isEmpty();
  }

  @Test
  void saysWhyNothingWasJudged() {
    Finding finding =
        assess(
            Map.of(),
            Map.of(
                Reconstructions.RECOGNISED, "too few pictures to train an evaluator",
                Reconstructions.BASELINE_PERMUTED_LABELS, "the target cannot be retrained"),
            true);
    assertThat(metric(finding, "recognised").reason()).contains("too few pictures");
    assertThat(finding.reason()).contains("cannot be retrained");
    assertThat(finding.advantages()).isEmpty();
    assertThat(finding.worst()).isEmpty();
    assertThat(metric(finding, "confidence").resolved()).isTrue();
  }

  private static Metric gain(int seed, double attack, double baseline) {
    RandomGenerator random = Draws.random("recognised", seed);
    Map<String, double[]> judged =
        Map.of(
            Reconstructions.RECOGNISED, Draws.coins(random, 40, attack),
            Reconstructions.BASELINE_START, Draws.coins(random, 40, baseline));
    return Metric.of(overBaseline(assess(judged, Map.of(), true)));
  }

  private static Finding assess(
      Map<String, double[]> judged, Map<String, String> unjudged, boolean classIsPerson) {
    return InversionAssessor.assess(
        RAN, pictures().judged(judged, unjudged), classIsPerson, Run.of(5));
  }

  private static Metric metric(Finding finding, String name) {
    return finding.metric(name).orElseThrow();
  }

  /** Two pictures of each of forty people; of later people the target is surer. */
  private static Reconstructions pictures() {
    int[] classes = IntStream.range(0, 80).map(i -> i / 2).toArray();
    return Reconstructions.of(
        new Shape(1),
        new float[80],
        new float[80],
        classes,
        IntStream.range(0, 40).mapToObj(i -> "person " + i).toList(),
        IntStream.range(0, 80).mapToDouble(i -> .5 + i / 200.0).toArray(),
        new int[80],
        List.of());
  }

  private static double[] firstOf(int ones, int count) {
    return IntStream.range(0, count).mapToDouble(i -> i < ones ? 1 : 0).toArray();
  }

  private static double[] ranks(int count) {
    return IntStream.range(0, count).mapToDouble(i -> i % 10).toArray();
  }

  private static double[] constant(double value, int count) {
    return DoubleStream.generate(() -> value).limit(count).toArray();
  }

  private static Advantage overBaseline(Finding finding) {
    return finding.advantage("overBaseline").orElseThrow();
  }
}
