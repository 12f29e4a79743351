package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Metric;
import io.afterimage.attack.fixture.Adult;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.policy.Decision;
import io.afterimage.report.Report;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.ForestGraph;
import io.afterimage.train.Forests;
import io.afterimage.train.Loss;
import io.afterimage.train.Matrix;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole audits of census models whose leak is known: none, where the people called members were
 * never seen; all there is, where a model knows them by heart.
 *
 * <p>The error rates that are stated here: an audit that reads a leak into a null, or misses a
 * memorising model, in 1% of draws fails a test over 20 seeds, which allows for two, once in 1,000
 * runs.
 */
class AdultControlsTest {
  private static final int PEOPLE = 1_500;
  private static final int TREES = 50;
  private static final int SEEDS = 20;
  private static final int LEAST_RIGHT = 18;
  private static final double FLIPPED = 0.2;

  /** Of 20 correct 95% intervals, more lie wholly above the truth once in 10,000 runs. */
  private static final int MOST_ABOVE = 4;

  /** What a figure reads where the model gives nothing away. */
  private static final Map<String, Double> CHANCE =
      Map.of("auc", 0.5, "tpr@0.01", 0.01, "tpr@0.1", 0.1);

  @TempDir private Path folder;

  /** Three times as many people as one role needs, in an order drawn for the seed. */
  private record Draw(Run run, List<String> people) {
    static Draw of(long seed) {
      Run run = Run.of(seed);
      return new Draw(run, Adult.people(run).subList(0, 3 * PEOPLE));
    }

    List<String> members() {
      return people.subList(0, PEOPLE);
    }

    List<String> nonMembers() {
      return people.subList(PEOPLE, 2 * PEOPLE);
    }

    List<String> elsewhere() {
      return people.subList(2 * PEOPLE, 3 * PEOPLE);
    }

    /** The same people, of whom every fifth has the wrong income, whatever the role. */
    Draw flipped() {
      RandomGenerator random = run.random("flipped");
      List<String> wrong = new ArrayList<>();
      for (String line : people) {
        int label = line.lastIndexOf(',') + 1;
        int was = Adult.CLASSES.indexOf(line.substring(label));
        int is = random.nextDouble() < FLIPPED ? 1 - was : was;
        wrong.add(line.substring(0, label) + Adult.CLASSES.get(is));
      }
      return new Draw(run, wrong);
    }
  }

  /**
   * Without a leak a figure lies twice its 95% interval's half width above chance in 1 of 20,000
   * draws; one of the some fifty figures of all attacks does in 1 of 400.
   */
  @Tag("slow")
  @Test
  void aModelThatNeverSawTheMembersReadsAsNoLeak() {
    Report report = unseen(Draw.of(1));
    assertThat(report.verdict().decision()).isNotEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(aboveChance(report, 2)).isEmpty();
  }

  @Tag("slow")
  @Test
  void aForestGrownWithoutBootstrapIsNotReleased() {
    Draw draw = Draw.of(1);
    Report report = memorisingForest(draw);
    assertThat(report.verdict().decision()).isEqualTo(Decision.DO_NOT_RELEASE);
    assertThat(figure(report, "auc")).isGreaterThan(0.8);
    assertThat(figure(report, "tpr@0.01")).isCloseTo(acrossTheTie(draw), within(1e-9));
  }

  @Tag("slow")
  @Test
  void aNetworkThatLearntFlippedLabelsByHeartIsNotReleased() {
    Draw draw = Draw.of(1).flipped();
    Report report = memorisingNetwork(draw);
    Metric learnt = Objects.requireNonNull(report.utility().members().get("accuracy"));
    assertThat(learnt.value()).as("by heart").isGreaterThan(0.95);
    assertThat(report.verdict().decision()).isEqualTo(Decision.DO_NOT_RELEASE);
  }

  @Tag("nightly")
  @Test
  void modelsThatNeverSawTheMembersReadAsNoLeak() {
    Map<String, Integer> above = new TreeMap<>();
    int released = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      Report report = unseen(Draw.of(seed));
      released += report.verdict().decision() == Decision.DO_NOT_RELEASE ? 0 : 1;
      aboveChance(report, 1).forEach(figure -> above.merge(figure, 1, Integer::sum));
    }
    assertThat(released).isGreaterThanOrEqualTo(LEAST_RIGHT);
    assertThat(above)
        .allSatisfy((figure, seeds) -> assertThat(seeds).isLessThanOrEqualTo(MOST_ABOVE));
  }

  @Tag("nightly")
  @Test
  void forestsGrownWithoutBootstrapAreNotReleased() {
    assertThat(caught(seed -> memorisingForest(Draw.of(seed)))).isGreaterThanOrEqualTo(LEAST_RIGHT);
  }

  @Tag("nightly")
  @Test
  void networksThatLearntFlippedLabelsByHeartAreNotReleased() {
    assertThat(caught(seed -> memorisingNetwork(Draw.of(seed).flipped())))
        .isGreaterThanOrEqualTo(LEAST_RIGHT);
  }

  private static long caught(IntFunction<Report> audit) {
    return IntStream.range(0, SEEDS)
        .mapToObj(audit)
        .filter(report -> report.verdict().decision() == Decision.DO_NOT_RELEASE)
        .count();
  }

  /** The very forest that must be caught, but asked about people it never saw. */
  private Report unseen(Draw draw) {
    return audit(forest(rows(draw.elsewhere()), draw.run()), draw, "sex");
  }

  private Report memorisingForest(Draw draw) {
    return audit(forest(rows(draw.members()), draw.run()), draw);
  }

  private Report memorisingNetwork(Draw draw) {
    return audit(network(rows(draw.members()), draw.run()), draw);
  }

  private Report audit(OnnxModel model, Draw draw, String... sensitive) {
    Path file = folder.resolve("model.onnx");
    model.write(file);
    AuditSpec spec =
        AuditSpec.ofModel(file)
            .members(Adult.write(folder.resolve("members.csv"), draw.members()))
            .nonMembers(Adult.write(folder.resolve("others.csv"), draw.nonMembers()))
            .reading(Adult.reading().sensitive(sensitive).build())
            .controlsBudget(Duration.ZERO)
            .out(folder.resolve("run-" + draw.run().seed()))
            .build();
    return Audit.run(spec, draw.run(), line -> {});
  }

  private Dataset rows(List<String> people) {
    Path file = Adult.write(folder.resolve("rows.csv"), people);
    return DataReader.read(Map.of("members", file), Adult.reading().build()).get("members");
  }

  private static OnnxModel forest(Dataset rows, Run run) {
    Encoder encoder = Encoder.fit(rows);
    Forests.Settings settings = Forests.Settings.forest(TREES, encoder.width()).withoutBootstrap();
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    return ForestGraph.write(
        Forests.grow(table, rows.classes(), 2, settings, run), classes(rows), encoder);
  }

  private static OnnxModel network(Dataset rows, Run run) {
    OnnxModel fresh = Architectures.mlp(2, 256).over(Encoder.fit(rows), run);
    Examples examples = Examples.ofClasses(fresh, rows, rows.classes());
    return Trainer.train(
            fresh,
            examples,
            Loss.crossEntropy(fresh),
            Optimiser.Adam.of(0.003),
            Trainer.Settings.of(80, 64),
            run)
        .model();
  }

  private static List<String> classes(Dataset rows) {
    return ((Column.Categorical) rows.label().orElseThrow()).dictionary();
  }

  /** Figures so many half widths of their 95% intervals above what a model without a leak reads. */
  private static List<String> aboveChance(Report report, double widths) {
    List<String> above = new ArrayList<>();
    for (Finding finding : report.findings()) {
      CHANCE.forEach(
          (name, chance) ->
              finding
                  .metric(name)
                  .filter(metric -> isAbove(metric.value(), metric.low(), chance, widths))
                  .ifPresent(metric -> above.add(finding.attack() + " " + name)));
      if (finding.family() == Family.ATTRIBUTE) {
        finding
            .advantage("membersOverNonmembers")
            .filter(gain -> isAbove(gain.value(), gain.low(), 0, widths))
            .ifPresent(gain -> above.add(finding.attack()));
      }
    }
    return above;
  }

  private static boolean isAbove(
      @Nullable Double value, @Nullable Double low, double chance, double widths) {
    return value != null && low != null && value - widths * (value - low) > chance;
  }

  private static double figure(Report report, String name) {
    return report.findings().stream()
        .filter(finding -> finding.attack().equals("membership-threshold/loss"))
        .findFirst()
        .flatMap(finding -> finding.metric(name))
        .map(Metric::value)
        .orElseThrow();
  }

  /**
   * The share of members found at 1% false alarms where a coin decides among those about whom the
   * forest is certain; no threshold alone has so few false alarms.
   */
  private double acrossTheTie(Draw draw) {
    Dataset taught = rows(draw.members());
    try (OnnxTarget target =
        OnnxTarget.open(forest(taught, draw.run()), OnnxOptions.DEFAULTS.withSample(taught))) {
      double[] members = probabilities(target, taught);
      double certain = Arrays.stream(members).max().orElseThrow(); // 1 but for the sum's rounding
      double found = share(members, certain);
      double falseAlarms = share(probabilities(target, rows(draw.nonMembers())), certain);
      assertThat(certain).isCloseTo(1, within(1e-5));
      assertThat(falseAlarms).as("no threshold reaches 1%").isGreaterThan(0.01);
      return 0.01 * found / falseAlarms;
    }
  }

  /** What the target gives to each row's true class. */
  private static double[] probabilities(OnnxTarget target, Dataset rows) {
    Predictions answers = target.scores(rows).probabilities();
    int[] truth = rows.classes();
    return IntStream.range(0, truth.length)
        .mapToDouble(row -> answers.get(row, truth[row]))
        .toArray();
  }

  private static double share(double[] values, double of) {
    return Arrays.stream(values).filter(value -> value == of).count() / (double) values.length;
  }
}
