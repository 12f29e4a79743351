package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Threads;
import io.afterimage.train.AdversarialStep.Game;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps over two graphs at once. */
@ExtendWith(NoLeakedTensors.class)
class SeveralGraphsTest {
  private static final Shape PLANE = new Shape(2);

  @BeforeEach
  void oneThread() {
    Threads.setIntraOp(1);
  }

  private static OnnxModel linearGenerator() {
    return new Plane().over(PLANE, Run.of(1));
  }

  /** Two numbers from two. */
  private static final class Plane implements Architecture {
    @Override
    public void lay(Layers layers) {
      layers.dense(2, Layers.Next.NONE).value();
    }
  }

  /** A Gaussian around (3, -2); the noise is around the origin. */
  private static Examples far(int rows) {
    RandomGenerator random = Run.of(2).random("far");
    float[] x = new float[2 * rows];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) ((i % 2 == 0 ? 3 : -2) + 0.5 * random.nextGaussian());
    }
    return Examples.ofThemselves(Architecture.INPUT, x, PLANE);
  }

  @ParameterizedTest
  @EnumSource(names = {"NON_SATURATING", "WASSERSTEIN"})
  void aGeneratorFindsWhereRealRowsLie(Game game) {
    OnnxModel critic = Architectures.mlp(new Head.Value(), 16).over(PLANE, Run.of(3));
    AdversarialStep.Settings settings =
        new AdversarialStep.Settings(
            game,
            2,
            1,
            new Optimiser.Adam(0.02, 0.5, 0.9, 1e-8, 0),
            new Optimiser.Adam(0.02, 0.5, 0.9, 1e-8, 0));
    OnnxModel trained;
    try (AdversarialStep step =
        new AdversarialStep(linearGenerator(), critic, far(512), settings, Run.of(4))) {
      Trainer.run(step, 512, Trainer.Settings.of(60, 64), Run.of(5));
      trained = step.generator();
    }
    double[] mean = mean(trained);
    assertThat(mean[0]).isCloseTo(3, within(0.7));
    assertThat(mean[1]).isCloseTo(-2, within(0.7));
  }

  private static double[] mean(OnnxModel generator) {
    double[] mean = new double[2];
    try (Interpreter interpreter = Interpreter.of(generator);
        Draws draws = new Draws(6)) {
      TensorScope.run(
          () ->
              System.arraycopy(
                  interpreter.run(draws.normal(2000, 2), Layers.VALUE).mean(false, 0).toDoubles(),
                  0,
                  mean,
                  0,
                  2));
    }
    return mean;
  }

  @Test
  void aStudentReachesItsTeachersAnswersWithoutLabels() {
    OnnxModel teacher = Architectures.mlp(3, 8).over(PLANE, Run.of(7));
    OnnxModel student = Architectures.mlp(3, 32).over(PLANE, Run.of(8));
    float[] x = Gaussians.floats(2 * 256, Run.of(9).random("rows"));
    Examples rows = Examples.ofClasses(Architecture.INPUT, x, PLANE, new int[256]);
    DistillationStep.Settings settings =
        new DistillationStep.Settings(2, 1, Optimiser.Adam.of(0.01));
    OnnxModel taught;
    try (DistillationStep step =
        new DistillationStep(student, teacher, rows, settings, Run.of(10))) {
      Trainer.run(step, 256, Trainer.Settings.of(150, 64), Run.of(11));
      taught = step.model();
    }
    double[] answers = answers(taught, x);
    double[] wanted = answers(teacher, x);
    assertThat(answers).containsExactly(wanted, within(0.1));
    assertThat(meanDistance(answers, wanted))
        .isLessThan(0.1 * meanDistance(answers(student, x), wanted));
  }

  private static double meanDistance(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs(a[i] - b[i]);
    }
    return sum / a.length;
  }

  private static double[] answers(OnnxModel model, float[] x) {
    return Numbers.answers(model, x, PLANE, Layers.PROBABILITIES);
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> new DistillationStep.Settings(0, 1, Optimiser.Adam.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("temperature");
    assertThatThrownBy(
            () ->
                new AdversarialStep.Settings(
                    Game.WASSERSTEIN, 0, 1, Optimiser.Adam.of(1), Optimiser.Adam.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("critic steps");
  }
}
