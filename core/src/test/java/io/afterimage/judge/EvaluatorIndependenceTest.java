package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.tensor.NoLeakedTensors;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Four people, each a bright quarter of the picture, and targets that are fooled. */
@ExtendWith(NoLeakedTensors.class)
class EvaluatorIndependenceTest {
  private static final int PEOPLE = 4;
  private static final int EACH = 10;
  private static final int SIDE = 12;
  private static final Shape SHAPE = new Shape(1, SIDE, SIDE);
  private static final List<String> NAMES = List.of("ann", "bob", "cem", "dot");

  /**
   * An evaluator that guessed would name the right one of four people for 10 of 40 pictures; for 20
   * or more in fewer than 1 of 1,000 runs.
   */
  @Test
  void whatFoolsTheTargetAndShowsNothingIsNotRecognised() {
    Dataset members = rows("members", 6);
    SoftmaxModel target = SoftmaxModel.fit(members, NAMES, SHAPE, 200);
    Split split = split(members);
    Brittle brittle = new Brittle();
    assertThat(brittle.accuracy(members)).isEqualTo(1);
    Reconstructions fooling = rebuilt(brittle::adversarial);
    for (int i = 0; i < fooling.count(); i++) {
      assertThat(brittle.confidence(fooling.picture(i), fooling.classes()[i])).isGreaterThan(.99);
    }
    try (RecognitionJudge judge =
        new RecognitionJudge(SHAPE, NAMES, split, Optional.of(target), Run.of(5))) {
      PermutedLabels none = PermutedLabels.none("not asked for");
      Reconstructions judged = judge.judge(fooling, none);
      assertThat(rightAtOnce(judged)).isLessThan(20);
      assertThat(sum(judged, Reconstructions.RECOGNISED))
          .isLessThanOrEqualTo(1 + sum(judged, Reconstructions.BASELINE_START));
      Reconstructions sign = judge.judge(rebuilt((c, r) -> sign(target, c)), none);
      assertThat(sum(sign, Reconstructions.IDENTIFIED)).isEqualTo(sign.count());
      assertThat(rightAtOnce(sign)).isZero();
      assertThat(sum(sign, Reconstructions.RECOGNISED)).isZero();
      assertThat(sum(sign, Reconstructions.EVALUATOR_SIGN_GRADIENT)).isZero();
      assertThat(sum(sign, Reconstructions.EVALUATOR_FOOLING_NOISE)).isZero();
      Reconstructions shown = judge.judge(rebuilt((c, r) -> photo(c, r)), none);
      assertThat(rightAtOnce(shown)).as("what shows somebody is").isEqualTo(shown.count());
    }
  }

  /** A target that learned nothing is sure of nothing, so that no noise can be made from it. */
  @Test
  void noiseThatFoolsNobodySaysNothingOfTheEvaluator() {
    Dataset members = rows("members", 6);
    Split split = split(members);
    SoftmaxModel blank = SoftmaxModel.fit(members, NAMES, SHAPE, 0);
    try (RecognitionJudge judge =
        new RecognitionJudge(SHAPE, NAMES, split, Optional.of(blank), Run.of(5))) {
      Reconstructions shown =
          judge.judge(rebuilt((c, r) -> photo(c, r)), PermutedLabels.none("not asked for"));
      assertThat(shown.judged()).doesNotContainKey(Reconstructions.EVALUATOR_FOOLING_NOISE);
      assertThat(shown.unjudged())
          .containsEntry(
              Reconstructions.EVALUATOR_FOOLING_NOISE,
              "no noise could be made that fools the target");
      assertThat(rightAtOnce(shown)).as("the judge goes on").isEqualTo(shown.count());
    }
  }

  private static Split split(Dataset members) {
    return new Split(
        members, rows("nonmembers", 6), Optional.empty(), Optional.of(rows("evaluation", EACH)));
  }

  /** A target that is right about photos, and which a pattern that shows nothing fools. */
  private static final class Brittle {
    private static final double WEIGHT = 8;
    private final double[][] hidden = new double[PEOPLE][SHAPE.size()];

    Brittle() {
      Random random = new Random(11);
      for (double[] pattern : hidden) {
        // Neighbours cancel, so that a bright quarter says nothing of the pattern.
        for (int i = 0; i < pattern.length; i += 2) {
          pattern[i] = random.nextBoolean() ? 1 : -1;
          pattern[i + 1] = -pattern[i];
        }
      }
    }

    double confidence(float[] picture, int person) {
      double[] logits = logits(picture);
      double sum = Arrays.stream(logits).map(logit -> Math.exp(logit - logits[person])).sum();
      return 1 / sum;
    }

    double accuracy(Dataset rows) {
      float[] pixels = ((Column.Array) rows.inputs().get(0)).values();
      int[] classes = rows.classes();
      return IntStream.range(0, classes.length)
              .filter(
                  i -> {
                    float[] picture =
                        Arrays.copyOfRange(pixels, i * SHAPE.size(), (i + 1) * SHAPE.size());
                    return confidence(picture, classes[i]) > .5;
                  })
              .count()
          / (double) classes.length;
    }

    /** Noise, and the pattern of this person over it. */
    float[] adversarial(int person, Random random) {
      float[] picture = new float[SHAPE.size()];
      for (int i = 0; i < picture.length; i++) {
        picture[i] = (float) (.5 + .1 * random.nextGaussian() + .15 * hidden[person][i]);
      }
      return picture;
    }

    private double[] logits(float[] picture) {
      double[] logits = new double[PEOPLE];
      for (int c = 0; c < PEOPLE; c++) {
        for (int i = 0; i < picture.length; i++) {
          double seen = pattern(c, i) > .5 ? 1 : 0;
          logits[c] += (seen + WEIGHT * hidden[c][i] / 10) * picture[i];
        }
      }
      return logits;
    }
  }

  private static float[] sign(SoftmaxModel target, int person) {
    float[] picture = SteepestDirection.of(target, SHAPE, person, .5);
    for (int i = 0; i < picture.length; i++) {
      picture[i] = .5f + .02f * Math.signum(picture[i]);
    }
    return picture;
  }

  private interface Picture {
    float[] of(int person, Random random);
  }

  /** Ten pictures of each, started from grey noise. */
  private static Reconstructions rebuilt(Picture picture) {
    int count = PEOPLE * EACH;
    Random random = new Random(12);
    float[] pixels = new float[count * SHAPE.size()];
    float[] start = new float[pixels.length];
    int[] classes = IntStream.range(0, count).map(i -> i / EACH).toArray();
    for (int i = 0; i < count; i++) {
      System.arraycopy(picture.of(classes[i], random), 0, pixels, i * SHAPE.size(), SHAPE.size());
    }
    for (int i = 0; i < start.length; i++) {
      start[i] = (float) (.5 + .1 * random.nextGaussian());
    }
    return Reconstructions.of(
        SHAPE, pixels, start, classes, NAMES, new double[count], new int[count], List.of());
  }

  private static long rightAtOnce(Reconstructions judged) {
    return Arrays.stream(answers(judged, Reconstructions.RANK)).filter(rank -> rank == 0).count();
  }

  private static double sum(Reconstructions judged, String name) {
    return Arrays.stream(answers(judged, name)).sum();
  }

  private static double[] answers(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), name);
  }

  private static Dataset rows(String name, int each) {
    Random random = new Random(name.hashCode());
    int[] classes = IntStream.range(0, each * PEOPLE).map(row -> row % PEOPLE).toArray();
    float[] pixels = new float[classes.length * SHAPE.size()];
    for (int i = 0; i < classes.length; i++) {
      System.arraycopy(photo(classes[i], random), 0, pixels, i * SHAPE.size(), SHAPE.size());
    }
    return People.rows(name, pixels, SHAPE, classes, NAMES);
  }

  private static float[] photo(int person, Random random) {
    float[] photo = new float[SHAPE.size()];
    for (int i = 0; i < photo.length; i++) {
      photo[i] = pattern(person, i) + .05f * (float) random.nextGaussian();
    }
    return photo;
  }

  /** A bright quarter of the picture, another for each person. */
  private static float pattern(int person, int pixel) {
    int quarter = pixel / SIDE / 6 * 2 + pixel % SIDE / 6;
    return quarter == person ? .9f : .1f;
  }
}
