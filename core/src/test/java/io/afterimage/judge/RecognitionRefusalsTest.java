package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Four people, each a place in four dimensions. */
@ExtendWith(NoLeakedTensors.class)
class RecognitionRefusalsTest {
  private static final int PEOPLE = 4;
  private static final Shape SHAPE = new Shape(PEOPLE);
  private static final List<String> NAMES = List.of("ann", "bob", "cem", "dot");

  @Test
  void anEvaluatorThatLearnedFromTheTargetsOwnRowsSaysNothing() {
    Dataset members = rows("members", 20, .1);
    Reconstructions judged = judge(rebuilt(1), members, members);
    assertThat(judged.unjudged().get(Reconstructions.RECOGNISED))
        .startsWith("80 of the evaluator's pictures are the members' own (chance gives 4");
    assertThat(judged.judged())
        .doesNotContainKeys(
            Reconstructions.RECOGNISED,
            Reconstructions.RANK,
            Reconstructions.FORCED_RANK,
            Reconstructions.EVALUATOR_REAL,
            Reconstructions.PRECISION);
    assertThat(judged.judged()).containsKey(Reconstructions.NEAREST_MEMBER);
  }

  @Test
  void soDoesOneWhoseRowsHaveTheMembersIds() {
    Reconstructions judged = judge(rebuilt(1), withIds("members", 0), withIds("evaluation", 75));
    assertThat(judged.unjudged().get(Reconstructions.RECOGNISED)).contains(", 5 by their ids;");
    assertThat(judged.judged()).doesNotContainKey(Reconstructions.RECOGNISED);
  }

  /** Too few to be beyond chance; still the evaluator must not see them. */
  @Test
  void aRowThatIsAMembersByChanceNeitherTeachesNorChecks() {
    Dataset members = rows("members", 20, .1);
    Dataset evaluation = rows("evaluation", 10, .1);
    Run run = Run.of(1);
    Pictures pictures = Pictures.of(evaluation, SHAPE, NAMES, run);
    EvaluatorPictures all = EvaluatorPictures.of(pictures, evaluation, pictures, run);
    int[] dozen = IntStream.range(0, 12).toArray();
    EvaluatorPictures rest = all.without(evaluation.select(dozen), evaluation);
    assertThat(all.without(members, evaluation).training().count())
        .isEqualTo(all.training().count());
    assertThat(rest.training().count() + rest.checking().count()).isEqualTo(28);
    assertThat(rest.training().rows()).doesNotContain(dozen);
    assertThat(rest.checking().rows()).doesNotContain(dozen);
  }

  @Test
  void anEvaluatorNoBetterThanChanceIsPrintedAndSaysNothingElse() {
    Reconstructions judged = judge(rebuilt(1), rows("members", 20, .1), allAlike(40));
    assertThat(judged.judged().get(Reconstructions.EVALUATOR_REAL)).hasSize(8);
    assertThat(judged.unjudged()).doesNotContainKey(Reconstructions.EVALUATOR_REAL);
    assertThat(judged.unjudged().get(Reconstructions.RECOGNISED))
        .isEqualTo(
            "the evaluator is right about 0.250 of 8 real pictures, and chance about 0.250; give it"
                + " more to learn from with --evaluation");
    assertThat(judged.judged())
        .doesNotContainKeys(
            Reconstructions.RECOGNISED,
            Reconstructions.RANK,
            Reconstructions.BASELINE_START,
            Reconstructions.FRECHET,
            Reconstructions.PRECISION);
  }

  @Test
  void aReconstructionThatIsNoNumberIsNobody() {
    Reconstructions broken = rebuilt(2);
    broken.pixels()[3 * PEOPLE] = Float.NaN;
    Reconstructions judged = judge(broken, rows("members", 20, .1), rows("evaluation", 10, .1));
    assertThat(judged.judged()).isEmpty();
    assertThat(judged.unjudged())
        .containsEntry(
            Reconstructions.RECOGNISED, "a picture of bob has pixels that are not finite")
        .containsKeys(Reconstructions.PSNR, Reconstructions.NEAREST_MEMBER_ROW)
        .containsKeys(Reconstructions.FRECHET + Reconstructions.OF_START);
  }

  /** 1,280 of each for the 128 features of an evaluator of rows; one class more is nobody. */
  @Test
  void manyReconstructionsAreComparedByWhatTheEvaluatorSees() {
    Dataset members = rows("members", 320, .1);
    Reconstructions judged = judge(rebuilt(320), members, rows("evaluation", 40, .1));
    double attack = answers(judged, Reconstructions.FRECHET)[0];
    double start = answers(judged, Reconstructions.FRECHET + Reconstructions.OF_START)[0];
    assertThat(attack).isPositive().isLessThan(start / 10);
    assertThat(mean(judged, Reconstructions.COVERAGE)).isGreaterThan(.8);
    assertThat(mean(judged, Reconstructions.COVERAGE + Reconstructions.OF_START)).isLessThan(.2);
    assertThat(answers(judged, Reconstructions.NEIGHBOURS)).containsExactly(5);
  }

  @Test
  void fewReconstructionsAreRefusedWithTheNumberNeeded() {
    Reconstructions judged = judge(rebuilt(2), rows("members", 20, .1), rows("evaluation", 10, .1));
    assertThat(judged.judged().get(Reconstructions.RECOGNISED)).hasSize(PEOPLE);
    assertThat(judged.unjudged().get(Reconstructions.FRECHET))
        .startsWith("it needs 1280 reconstructions and 1280 members")
        .endsWith("10 for each of the evaluator's 128 features; there are 8");
    assertThat(judged.unjudged().get(Reconstructions.RECALL))
        .endsWith("of each class; of ann there are 2 of both");
  }

  private static Reconstructions judge(
      Reconstructions rebuilt, Dataset members, Dataset evaluation) {
    Split split =
        new Split(members, rows("nonmembers", 6, .1), Optional.empty(), Optional.of(evaluation));
    try (RecognitionJudge judge =
        new RecognitionJudge(SHAPE, NAMES, split, Optional.empty(), Run.of(5))) {
      return judge.judge(rebuilt, PermutedLabels.none("not asked for"));
    }
  }

  /** So many of each person, started from noughts. */
  private static Reconstructions rebuilt(int each) {
    int count = each * PEOPLE;
    int[] classes = IntStream.range(0, count).map(i -> i / each).toArray();
    return Reconstructions.of(
        SHAPE,
        numbers(classes, .1, new Random(2)),
        new float[count * PEOPLE],
        classes,
        NAMES,
        new double[count],
        new int[count],
        List.of());
  }

  private static Dataset rows(String name, int each, double spread) {
    int[] classes = IntStream.range(0, each * PEOPLE).map(row -> row % PEOPLE).toArray();
    return rows(name, classes, numbers(classes, spread, new Random(name.hashCode())));
  }

  /** Everybody looks the same. */
  private static Dataset allAlike(int count) {
    return rows(
        "evaluation",
        IntStream.range(0, count).map(row -> row % PEOPLE).toArray(),
        new float[count * PEOPLE]);
  }

  private static Dataset rows(String name, int[] classes, float[] numbers) {
    return People.rows(name, numbers, SHAPE, classes, NAMES);
  }

  /** Eighty different rows, numbered from this on. */
  private static Dataset withIds(String name, int from) {
    Dataset rows = rows(name, 20, .1);
    List<String> ids = IntStream.range(from, from + 80).mapToObj(Integer::toString).toList();
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("x", Role.FEATURE);
    roles.put("person", Role.LABEL);
    roles.put("id", Role.ROW_ID);
    return Dataset.of(
        name,
        new Schema(roles),
        List.of(
            rows.inputs().get(0),
            rows.label().orElseThrow(),
            new Column.Categorical("id", IntStream.range(0, 80).toArray(), ids)));
  }

  private static float[] numbers(int[] classes, double spread, Random random) {
    float[] numbers = new float[classes.length * PEOPLE];
    for (int i = 0; i < numbers.length; i++) {
      double place = classes[i / PEOPLE] == i % PEOPLE ? 1 : 0;
      numbers[i] = (float) (place + spread * random.nextGaussian());
    }
    return numbers;
  }

  private static double[] answers(Reconstructions judged, String name) {
    return Objects.requireNonNull(
        judged.judged().get(name), () -> name + ": " + judged.unjudged().get(name));
  }

  private static double mean(Reconstructions judged, String name) {
    return Arrays.stream(answers(judged, name)).average().orElseThrow();
  }
}
