package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.PriorSettings.Kind;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Priors of every kind on three patterns of 8 x 8. */
@ExtendWith(NoLeakedTensors.class)
class PriorsTest {
  private static final Shape SMALL = new Shape(1, 8, 8);
  private static final int SIZE = 64;
  private static final int PATTERNS = 3;

  /** A bar across, a bar down, a square. */
  private static float pattern(int kind, int y, int x) {
    boolean on =
        switch (kind) {
          case 0 -> y == 2 || y == 3;
          case 1 -> x == 5 || x == 6;
          default -> y >= 4 && x < 4;
        };
    return on ? 1 : 0;
  }

  /** Pictures of one pattern after the other, with noise. */
  private static float[] pictures(int count) {
    RandomGenerator random = Run.of(1).random("pictures");
    float[] pictures = new float[count * SIZE];
    for (int i = 0; i < pictures.length; i++) {
      int pixel = i % SIZE;
      float clean = pattern(i / SIZE % PATTERNS, pixel / 8, pixel % 8);
      pictures[i] = (float) (0.1 + 0.8 * clean + 0.05 * random.nextDouble());
    }
    return pictures;
  }

  /** The pattern that a picture is nearest to, and how far it is, a pixel on average. */
  private record Match(int kind, double distance) {
    static Match of(float[] pictures, int number) {
      Match best = new Match(-1, Double.POSITIVE_INFINITY);
      for (int kind = 0; kind < PATTERNS; kind++) {
        double sum = 0;
        for (int i = 0; i < SIZE; i++) {
          double wanted = 0.125 + 0.8 * pattern(kind, i / 8, i % 8);
          sum += Math.abs(pictures[number * SIZE + i] - wanted);
        }
        if (sum / SIZE < best.distance) {
          best = new Match(kind, sum / SIZE);
        }
      }
      return best;
    }
  }

  private static PriorSettings settings(Kind kind) {
    return switch (kind) {
      case DCGAN -> new PriorSettings(kind, 4, 8, 30, 32, 2e-3, 1, 0);
      case WGAN_GP -> new PriorSettings(kind, 4, 8, 30, 32, 2e-3, 2, 10);
      case VAE -> new PriorSettings(kind, 4, 8, 30, 32, 5e-3, 1, 0);
    };
  }

  private static float[] made(Prior prior, int count) {
    float[][] made = new float[1][];
    try (OpenedPrior opened = prior.open(Run.of(0));
        Draws draws = new Draws(7)) {
      TensorScope.run(() -> made[0] = opened.pictures(opened.latents(count, draws)).toFloats());
    }
    return made[0];
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void everyPatternIsMade(Kind kind) {
    Prior prior = Priors.train(settings(kind), pictures(600), SMALL, Run.of(3), Optional.empty());
    float[] made = made(prior, 300);
    int[] counts = new int[PATTERNS];
    double distance = 0;
    for (int i = 0; i < 300; i++) {
      Match match = Match.of(made, i);
      counts[match.kind()]++;
      distance += match.distance() / 300;
    }
    System.out.println(kind + " " + Arrays.toString(counts) + " " + distance);
  }
}
