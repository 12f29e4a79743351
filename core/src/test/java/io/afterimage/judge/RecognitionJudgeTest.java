package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Four people whose pictures are a pattern of their own under noise. */
@ExtendWith(NoLeakedTensors.class)
class RecognitionJudgeTest {
  private static final int PEOPLE = 4;
  private static final Shape SHAPE = new Shape(1, 12, 12);
  private static final List<String> NAMES = List.of("ann", "bob", "cem", "dot");
  private static final PermutedLabels NONE = PermutedLabels.none("the target cannot be retrained");

  @Test
  void recognisesThePeoplesPatternsAndNotThePicturesMadeWithoutTheTarget() {
    Reconstructions judged = judge(patterns(1), split(6, 6, 10));
    assertThat(answers(judged, Reconstructions.RECOGNISED)).containsOnly(1);
    assertThat(answers(judged, Reconstructions.RANK)).containsOnly(0);
    assertThat(answers(judged, Reconstructions.BASELINE_START)).containsOnly(0);
    assertThat(answers(judged, Reconstructions.RANK + Reconstructions.OF_START))
        .hasSize(PEOPLE)
        .doesNotContain(0);
    assertThat(answers(judged, Reconstructions.FORCED_RANK + Reconstructions.OF_START))
        .as("four pictures alike: one is of the class that it has to name")
        .containsExactlyInAnyOrder(0, 1, 2, 3);
    assertThat(sum(answers(judged, Reconstructions.BASELINE_POPULATION_MEAN)))
        .isLessThanOrEqualTo(1);
    assertThat(answers(judged, Reconstructions.EVALUATOR_REAL)).hasSize(8).containsOnly(1);
    assertThat(answers(judged, Reconstructions.IDENTIFIED)).containsOnly(1);
    assertThat(answers(judged, Reconstructions.SSIM)).hasSize(PEOPLE);
  }

  /** First black, then two people too faint to see, in the end three. */
  @Test
  void saysWhoIsRecognisedAfterFewerQueries() {
    int size = SHAPE.size();
    float[] shown = patterns(1).pixels();
    float[] faint = patterns(0.03f).pixels();
    float[] pixels = new float[3 * 3 * size]; // of bob, cem and dot, thrice
    System.arraycopy(faint, size, pixels, 3 * size, 2 * size);
    System.arraycopy(shown, 3 * size, pixels, 5 * size, size);
    System.arraycopy(shown, size, pixels, 6 * size, 2 * size);
    System.arraycopy(shown, size, pixels, 8 * size, size); // bob's, handed in as dot
    Interim interim = new Interim(List.of(3L, 9L, 27L), new int[] {1, 2, 3}, pixels);
    Reconstructions judged = judge(patterns(1).after(interim), split(6, 6, 10));
    assertThat(answers(judged, Reconstructions.INTERIM_RECOGNISED))
        .containsExactly(0, 0, 0, 0, 0, 1, 1, 1, 0);
    assertThat(judged.interim()).isSameAs(interim);
    assertThat(judge(patterns(1), split(6, 6, 10)).judged())
        .doesNotContainKey(Reconstructions.INTERIM_RECOGNISED);
  }

  @Test
  void withoutAnEvaluatorNobodyIsRecognisedAfterFewerQueries() {
    Interim interim = new Interim(List.of(3L), new int[] {1}, new float[SHAPE.size()]);
    Reconstructions judged = judge(patterns(1).after(interim), split(6, 2, 0));
    assertThat(judged.judged()).doesNotContainKey(Reconstructions.INTERIM_RECOGNISED);
    assertThat(judged.unjudged().get(Reconstructions.INTERIM_RECOGNISED))
        .isEqualTo(judged.unjudged().get(Reconstructions.RECOGNISED));
    interim.pixels()[7] = Float.NaN;
    assertThat(judge(patterns(1).after(interim), split(6, 6, 10)).unjudged())
        .containsEntry(
            Reconstructions.INTERIM_RECOGNISED, "a picture of bob has pixels that are not finite");
  }

  /** An attack by labels may find no start for a class of the model of permuted labels. */
  @Test
  void whomThePermutedAttackDidNotRebuildNobodyRecognises() {
    Reconstructions all = patterns(1);
    int size = SHAPE.size();
    Reconstructions two =
        Reconstructions.of(
            SHAPE,
            java.util.Arrays.copyOfRange(all.pixels(), size, 3 * size),
            new float[2 * size],
            new int[] {1, 2},
            NAMES,
            new double[2],
            new int[2],
            List.of());
    try (RecognitionJudge judge =
        new RecognitionJudge(SHAPE, NAMES, split(6, 6, 10), Optional.empty(), Run.of(5))) {
      Reconstructions judged = judge.judge(all, PermutedLabels.of(two));
      assertThat(answers(judged, Reconstructions.BASELINE_PERMUTED_LABELS))
          .containsExactly(0, 1, 1, 0);
    }
  }

  @Test
  void aPictureTooFaintToSeeShowsNobody() {
    Reconstructions judged = judge(patterns(0.03f), split(6, 6, 10));
    assertThat(answers(judged, Reconstructions.IDENTIFIED)).containsOnly(1);
    assertThat(answers(judged, Reconstructions.RECOGNISED)).containsOnly(0);
  }

  /** A picture like a public one of somebody else is none of the four, whoever comes nearest. */
  @Test
  void aPictureThatLooksLikeAPublicStrangerShowsNobody() {
    Split own = split(6, 6, 20);
    Split known =
        new Split(own.members(), own.nonMembers(), Optional.of(strangers(60)), own.evaluation());
    assertThat(answers(judge(patterns(1), known), Reconstructions.RECOGNISED)).containsOnly(1);
    Reconstructions strange = judge(of(strangers(PEOPLE)), known);
    assertThat(answers(strange, Reconstructions.RECOGNISED)).containsOnly(0);
    assertThat(answers(strange, Reconstructions.RANK)).doesNotContain(0);
    assertThat(answers(strange, Reconstructions.FORCED_RANK))
        .as("four pictures alike, each to be of another person: forced, it names one of them")
        .contains(0, 1, 2, 3);
    assertThat(sum(answers(judge(of(strangers(PEOPLE)), own), Reconstructions.RECOGNISED)))
        .as("an evaluator that knows four people has to name one")
        .isPositive();
  }

  /** Pictures of a person who resembles the first. */
  private static Dataset strangers(int count) {
    Random random = new Random(11);
    float[] pixels = new float[count * SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      int pixel = i % SHAPE.size();
      int looks = pixel % 10 < 7 ? 0 : PEOPLE;
      pixels[i] = pattern(looks, pixel) + 0.05f * (float) random.nextGaussian();
    }
    return People.rows("population", pixels, SHAPE, new int[count], List.of("eve"));
  }

  /** One of these pictures for each person. */
  private static Reconstructions of(Dataset rows) {
    float[] pixels = ((Column.Array) rows.inputs().get(0)).values();
    return Reconstructions.of(
        SHAPE,
        pixels,
        new float[pixels.length],
        IntStream.range(0, PEOPLE).toArray(),
        NAMES,
        new double[PEOPLE],
        new int[PEOPLE],
        List.of());
  }

  @Test
  void withoutAnEvaluationRoleHalfOfTheNonMembersServe() {
    Reconstructions judged = judge(patterns(1), split(6, 20, 0));
    assertThat(answers(judged, Reconstructions.EVALUATOR_REAL)).hasSize(8);
    assertThat(answers(judged, Reconstructions.RECOGNISED)).containsOnly(1);
    assertThat(answers(judged, Reconstructions.NEAREST_MEMBER)).hasSize(PEOPLE);
  }

  @Test
  void saysWhyWhereThereAreNoNonMembers() {
    Reconstructions judged = judge(patterns(1), split(6, 0, 10));
    assertThat(judged.unjudged())
        .containsEntry(Reconstructions.NEAREST_MEMBER, "there are no non-members to compare with")
        .containsEntry(Reconstructions.BASELINE_PERMUTED_LABELS, "the target cannot be retrained")
        .containsEntry(Reconstructions.EVALUATOR_SIGN_GRADIENT, "the target shows no gradients");
    assertThat(judged.judged()).doesNotContainKey(Reconstructions.NEAREST_MEMBER);
  }

  @Test
  void saysWhyWhereThereAreTooFewPicturesForAnEvaluator() {
    Reconstructions judged = judge(patterns(1), split(6, 2, 0));
    assertThat(judged.unjudged().get(Reconstructions.RECOGNISED))
        .contains("two of each class at least, but ann has 1");
    assertThat(judged.judged()).doesNotContainKey(Reconstructions.RECOGNISED);
  }

  @Test
  void theOrderOfTheRowsChangesNoEvaluatorPicture() {
    Split split = split(6, 6, 10);
    Dataset evaluation = split.evaluation().orElseThrow();
    int[] backwards =
        IntStream.range(0, evaluation.rows()).map(i -> evaluation.rows() - 1 - i).toArray();
    Dataset reversed = evaluation.select(backwards);
    assertThat(checking(reversed)).containsExactlyInAnyOrder(checking(evaluation));
  }

  /** The ids of those that check. */
  private static String[] checking(Dataset evaluation) {
    Run run = Run.of(3);
    Pictures pictures = Pictures.of(evaluation, SHAPE, NAMES, run);
    Pictures none = Pictures.of(evaluation.select(new int[0]), SHAPE, NAMES, run);
    int[] rows = EvaluatorPictures.of(pictures, evaluation, none, run).checking().rows();
    return IntStream.of(rows).mapToObj(evaluation::id).toArray(String[]::new);
  }

  private static Reconstructions judge(Reconstructions rebuilt, Split split) {
    try (RecognitionJudge judge =
        new RecognitionJudge(SHAPE, NAMES, split, Optional.empty(), Run.of(5))) {
      return judge.judge(rebuilt, NONE);
    }
  }

  private static double[] answers(Reconstructions judged, String name) {
    double[] found = judged.judged().get(name);
    assertThat(found).as(name + ": " + judged.unjudged().get(name)).isNotNull();
    return java.util.Objects.requireNonNull(found);
  }

  private static double sum(double[] values) {
    return java.util.Arrays.stream(values).sum();
  }

  /** Each person's pattern at this contrast, started from black. */
  private static Reconstructions patterns(float contrast) {
    float[] pixels = new float[PEOPLE * SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = 0.5f + contrast * (pattern(i / SHAPE.size(), i % SHAPE.size()) - 0.5f);
    }
    int[] classes = IntStream.range(0, PEOPLE).toArray();
    return Reconstructions.of(
        SHAPE,
        pixels,
        new float[pixels.length],
        classes,
        NAMES,
        new double[PEOPLE],
        new int[PEOPLE],
        List.of());
  }

  private static Split split(int members, int nonMembers, int evaluation) {
    return new Split(
        rows("members", members),
        rows("nonmembers", nonMembers),
        Optional.empty(),
        evaluation == 0 ? Optional.empty() : Optional.of(rows("evaluation", evaluation)));
  }

  private static Dataset rows(String name, int each) {
    Random random = new Random(name.hashCode());
    float[] pixels = new float[each * PEOPLE * SHAPE.size()];
    int[] classes = IntStream.range(0, each * PEOPLE).map(row -> row % PEOPLE).toArray();
    for (int i = 0; i < pixels.length; i++) {
      int person = classes[i / SHAPE.size()];
      pixels[i] = pattern(person, i % SHAPE.size()) + 0.05f * (float) random.nextGaussian();
    }
    return People.rows(name, pixels, SHAPE, classes, NAMES);
  }

  /** A bright quarter of the picture, another for each person. */
  private static float pattern(int person, int pixel) {
    int quarter = pixel / 12 / 6 * 2 + pixel % 12 / 6;
    return quarter == person ? 0.9f : 0.1f;
  }
}
