package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.graph.Interpreter;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.PriorSettings.Kind;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Priors whose critic learns what a target says of the pictures. */
@ExtendWith(NoLeakedTensors.class)
class AnsweredPriorsTest {
  private static final int ROWS = 600;
  private static final int FEW = 48;
  private static final PriorSettings LONG = new PriorSettings(Kind.DCGAN, 8, 8, 40, 32, 2e-3, 1, 0);
  private static final PriorSettings BRIEF = new PriorSettings(Kind.DCGAN, 3, 2, 3, 12, 2e-3, 2, 0);

  /** Two classes: what is sure to be a square, and the two bars. */
  private static Predictions answers(int count, double sure) {
    int[] patterns = Patterns.classes(count);
    double[] answers = new double[2 * count];
    for (int i = 0; i < count; i++) {
      answers[2 * i] = patterns[i] == 2 ? sure : 1 - sure;
      answers[2 * i + 1] = 1 - answers[2 * i];
    }
    return new Predictions(answers, 2, Meaning.PROBABILITIES);
  }

  private static Prior trained(PriorSettings settings, int count, Predictions answers, Run run) {
    return Priors.train(
        settings, Patterns.pictures(count), Patterns.SHAPE, answers, run, Optional.empty());
  }

  @Test
  void itsCriticAnswersAsTheTargetAndItsGeneratorMakesEveryPattern() {
    Prior prior = trained(LONG, ROWS, answers(ROWS, 0.9), Run.of(3));
    float[] pictures = Patterns.pictures(90);
    try (Interpreter critic = Interpreter.of(prior.critic().orElseThrow())) {
      TensorScope.run(
          () -> {
            float[] named =
                critic.run(Tensors.of(pictures, 90, 1, 8, 8), Critics.NAMES).softmax(1).toFloats();
            for (int i = 0; i < 90; i++) {
              assertThat((double) named[2 * i])
                  .isBetween(i % 3 == 2 ? 0.7 : 0, i % 3 == 2 ? 1 : 0.3);
            }
          });
    }
    int[] counts = new int[Patterns.COUNT];
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(
          () -> {
            float[] made = opened.pictures(opened.latents(300, draws)).toFloats();
            for (int i = 0; i < 300; i++) {
              counts[Patterns.shown(made, i).pattern()]++;
            }
            assertThat(opened.scores(Tensors.of(pictures, 90, 1, 8, 8)).shape())
                .containsExactly(90);
          });
    }
    for (int count : counts) {
      assertThat(count).as("pictures of a pattern among 300").isGreaterThan(20);
    }
    assertThat(prior.classes()).isZero();
    assertThat(prior.origin()).endsWith(", critic of 2 classes by answers");
  }

  /** A run that is stopped at its first step. */
  private static Run stopped() {
    return new Run(5, 1, Progress.NONE, new AtomicBoolean(true));
  }

  @Test
  void itIsFoundByWhatTheTargetSaidAndByNothingLess(@TempDir Path folder) {
    float[] pictures = Patterns.pictures(FEW);
    Optional<Path> kept = Optional.of(folder);
    Predictions said = answers(FEW, 0.9);
    Prior prior = Priors.train(BRIEF, pictures, Patterns.SHAPE, said, Run.of(5), kept);
    Prior again = Priors.train(BRIEF, pictures, Patterns.SHAPE, said, stopped(), kept);
    assertThat(again.sha256()).isEqualTo(prior.sha256());
    assertThat(again.origin()).isEqualTo(prior.origin());
    said.values()[7] += 1e-12;
    assertThatThrownBy(() -> Priors.train(BRIEF, pictures, Patterns.SHAPE, said, stopped(), kept))
        .isInstanceOf(CancelledException.class);
    assertThatThrownBy(() -> Priors.train(BRIEF, pictures, Patterns.SHAPE, stopped(), kept))
        .isInstanceOf(CancelledException.class);
  }

  @Test
  void whatItCannotLearnFromIsRefusedByName() {
    PriorSettings other = new PriorSettings(Kind.VAE, 3, 2, 3, 12, 2e-3, 2, 0);
    assertThatThrownBy(() -> trained(other, FEW, answers(FEW, 0.9), Run.of(5)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("plays the game of a DCGAN, but the kind is VAE");
    Predictions one = new Predictions(new double[FEW], 1, Meaning.PROBABILITIES);
    assertThatThrownBy(() -> trained(BRIEF, FEW, one, Run.of(5)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("classes of the answers");
    assertThatThrownBy(() -> trained(BRIEF, FEW, answers(FEW - 1, 0.9), Run.of(5)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("48 rows but 47 answers");
  }
}
