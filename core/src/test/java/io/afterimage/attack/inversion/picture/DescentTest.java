package io.afterimage.attack.inversion.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.inversion.SoftmaxTarget;
import io.afterimage.attack.inversion.picture.Descent.Outcome;
import io.afterimage.attack.inversion.picture.Descent.Rule;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScopePerTest.class)
class DescentTest {
  /** Two classes, one pixel: p(1 | x) is the logistic function of x. */
  private static final SoftmaxTarget LOGISTIC =
      new SoftmaxTarget(new float[] {0, 1}, new float[] {0, 0}, new Shape(1));

  private static final Rule FOREVER = new Rule(50, 1_000_000, 2, 1, 0);

  @Test
  void oneStepIsTheRateTimesTheGradientOfTheConfidence() {
    Outcome outcome = run(LOGISTIC, new float[] {0}, new int[] {1}, new Rule(1, 9, 2, 0.1, 0));
    assertThat(outcome.pictures().toFloats()[0]).isCloseTo(0.1f * 0.25f, within(1e-7f));
    assertThat(outcome.confidence()[0]).isCloseTo(logistic(0.025), within(1e-6));
    assertThat(outcome.steps()).containsExactly(1);
  }

  /** Reference in double: x += rate * p (1 - p), and the velocity with momentum. */
  @Test
  void stepsFollowTheRecursionWrittenOut() {
    Rule rule = new Rule(20, 1_000, 2, 0.7, 0.5);
    double x = -1;
    double velocity = 0;
    for (int step = 0; step < 20; step++) {
      double p = logistic(x);
      velocity = 0.5 * velocity + 0.7 * p * (1 - p);
      x += velocity;
    }
    Outcome outcome = run(LOGISTIC, new float[] {-1}, new int[] {1}, rule);
    assertThat(outcome.pictures().toFloats()[0]).isCloseTo((float) x, within(1e-5f));
  }

  /** A known peer's rule is inverted: it ends after one step where the target is still unsure. */
  @Test
  void goesOnWhileTheTargetIsUnsureAndStopsOnceItIsSure() {
    Outcome outcome =
        run(LOGISTIC, new float[] {-6}, new int[] {1}, new Rule(10_000, 1_000, 0.9, 1, 0));
    assertThat(logistic(-6)).isLessThan(0.01);
    assertThat(outcome.steps()[0]).isGreaterThan(100);
    assertThat(outcome.confidence()[0]).isBetween(0.9, 0.95);
  }

  /** Another peer hands back the picture it edits in place, and never updates the best score. */
  @Test
  void handsBackTheBestPictureRatherThanTheLast() {
    Descent.Surroundings swings =
        new Plain() {
          @Override
          public Tensor project(Tensor before, Tensor x, int step) {
            return Tensors.of(new float[] {step == 3 ? 5f : -step}, 1, 1);
          }
        };
    Outcome outcome = run(LOGISTIC, new float[] {0}, new int[] {1}, FOREVER, swings);
    assertThat(outcome.pictures().toFloats()[0]).isEqualTo(5f);
    assertThat(outcome.confidence()[0]).isCloseTo(logistic(5), within(1e-6));
    assertThat(outcome.bestStep()[0]).isEqualTo(3);
    assertThat(outcome.steps()[0]).isEqualTo(50);
  }

  @Test
  void theStartIsTheBestWhereEveryStepMakesItWorse() {
    Descent.Surroundings away =
        new Plain() {
          @Override
          public Tensor project(Tensor before, Tensor x, int step) {
            return before.sub(1);
          }
        };
    Outcome outcome = run(LOGISTIC, new float[] {2}, new int[] {1}, FOREVER, away);
    assertThat(outcome.pictures().toFloats()[0]).isEqualTo(2f);
    assertThat(outcome.bestStep()[0]).isZero();
  }

  @Test
  void standingStillForAsLongAsThePatienceStopsARow() {
    Descent.Surroundings stuck =
        new Plain() {
          @Override
          public Tensor project(Tensor before, Tensor x, int step) {
            return step <= 4 ? x : before.copy();
          }
        };
    Outcome outcome =
        run(LOGISTIC, new float[] {0}, new int[] {1}, new Rule(1_000, 7, 2, 1, 0), stuck);
    assertThat(outcome.bestStep()[0]).isEqualTo(4);
    assertThat(outcome.steps()[0]).isEqualTo(11);
  }

  /** The least cost is long ago, but each is below the greatest of the last four. */
  @Test
  void goesOnWhileTheCostIsBelowTheGreatestOfTheLast() {
    Outcome outcome = along(step -> step == 1 ? 5 : -5 + 0.1f * step, 4);
    assertThat(outcome.steps()[0]).isEqualTo(40);
    assertThat(outcome.bestStep()[0]).isEqualTo(1);
    assertThat(outcome.pictures().toFloats()[0]).isEqualTo(5f);
  }

  /** One step up past the last four is enough, though the least cost is just one step ago. */
  @Test
  void stopsWhereTheCostIsAtLeastTheGreatestOfTheLast() {
    Outcome below = along(step -> step == 10 ? 0.65f : 0.1f * step, 4);
    assertThat(below.steps()[0]).isEqualTo(40);
    Outcome equal = along(step -> step == 10 ? 0.6f : 0.1f * step, 4);
    assertThat(equal.steps()[0]).isEqualTo(10);
    assertThat(equal.bestStep()[0]).isEqualTo(9);
    assertThat(equal.pictures().toFloats()[0]).isEqualTo(0.1f * 9);
  }

  /** Steps by this path of at most forty, whose cost is that of the logistic function. */
  private Outcome along(IntToFloat path, int patience) {
    Descent.Surroundings led =
        new Plain() {
          @Override
          public Tensor project(Tensor before, Tensor x, int step) {
            return Tensors.of(new float[] {path.at(step)}, 1, 1);
          }
        };
    return run(LOGISTIC, new float[] {0}, new int[] {1}, new Rule(40, patience, 2, 1, 0), led);
  }

  @FunctionalInterface
  private interface IntToFloat {
    float at(int step);
  }

  @Test
  void theStartIsLeftAsItWas() {
    Tensor start = Tensors.of(new float[] {0.5f}, 1, 1);
    Descent.run(LOGISTIC, start, new int[] {1}, FOREVER, new Plain(), Trails.NONE, Run.of(1));
    assertThat(start.toFloats()).containsExactly(0.5f);
  }

  /** Twelve rows that stop at different steps, together and one by one. */
  @Test
  void aRowTakesItsOwnPathWhateverStandsBesideIt() {
    SoftmaxTarget target = random(5, 4);
    float[] starts = uniform(7, 12 * 5);
    int[] classes = new int[12];
    for (int i = 0; i < 12; i++) {
      classes[i] = i % 4;
    }
    Rule rule = new Rule(400, 30, 0.95, 2, 0.3);
    Outcome together = run(target, starts, classes, rule);
    assertThat(together.steps()).hasSize(12);
    assertThat(java.util.Arrays.stream(together.steps()).distinct().count()).isGreaterThan(3);
    List<Integer> alone = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      float[] start = java.util.Arrays.copyOfRange(starts, i * 5, i * 5 + 5);
      Outcome one = run(target, start, new int[] {classes[i]}, rule);
      alone.add(one.steps()[0]);
      assertThat(one.pictures().toFloats())
          .containsExactly(
              java.util.Arrays.copyOfRange(together.pictures().toFloats(), i * 5, i * 5 + 5),
              within(1e-5f));
    }
    assertThat(together.steps()).containsExactly(alone.stream().mapToInt(i -> i).toArray());
  }

  @Test
  void answersThatAreNotFiniteAreBadInput() {
    SoftmaxTarget broken =
        new SoftmaxTarget(new float[] {0, Float.NaN}, new float[] {0, 0}, new Shape(1));
    assertThatThrownBy(() -> run(broken, new float[] {0}, new int[] {1}, FOREVER))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("not finite");
  }

  private static class Plain implements Descent.Surroundings {
    @Override
    public Tensor cost(Tensor x, Tensor confidence) {
      return confidence.neg().add(1);
    }

    @Override
    public Tensor project(Tensor before, Tensor x, int step) {
      return x;
    }
  }

  private static Outcome run(SoftmaxTarget target, float[] start, int[] classes, Rule rule) {
    return run(target, start, classes, rule, new Plain());
  }

  private static Outcome run(
      SoftmaxTarget target,
      float[] start,
      int[] classes,
      Rule rule,
      Descent.Surroundings surroundings) {
    Tensor x = Tensors.of(start, classes.length, target.shape().size());
    return Descent.run(target, x, classes, rule, surroundings, Trails.NONE, Run.of(1));
  }

  private static double logistic(double x) {
    return 1 / (1 + Math.exp(-x));
  }

  private static SoftmaxTarget random(int pixels, int classes) {
    return new SoftmaxTarget(uniform(1, pixels * classes), uniform(2, classes), new Shape(pixels));
  }

  private static float[] uniform(long seed, int count) {
    Random random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() * 4 - 2;
    }
    return values;
  }
}
