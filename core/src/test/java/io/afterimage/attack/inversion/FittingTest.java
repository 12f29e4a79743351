package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.KnownPixels;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.PriorSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** With a generator brought along that mixes two random pictures. */
@ExtendWith(NoLeakedTensors.class)
class FittingTest {
  private static final int SIZE = Digits.SHAPE.size();
  private static final int KNOWN = 10;
  private static final double DEVIATION = 0.1;
  private static final int[] CLASSES = IntStream.range(0, 10).toArray();
  private static final float[] MIXED = numbers("mixed", 2 * SIZE);
  private static final float[] GIVEN = numbers("given", 10 * SIZE);

  @TempDir Path folder;

  /** Where pictures are linear in the vector, the likeliest has a closed form. */
  @Test
  void whereMixturesAreFittedTheLikeliestVectorIsFound() throws IOException {
    try (LatentSpace space = space()) {
      double[][] fitted = space.starts(CLASSES, new int[10]);
      for (int c : CLASSES) {
        double[] likeliest = likeliest(c);
        assertThat(fitted[c][0]).isCloseTo(likeliest[0], within(2e-3));
        assertThat(fitted[c][1]).isCloseTo(likeliest[1], within(2e-3));
      }
    }
  }

  /** The ridge regression of the known pixels on the two pictures. */
  private static double[] likeliest(int subject) {
    double a = DEVIATION * DEVIATION;
    double b = 0;
    double d = a;
    double[] right = new double[2];
    for (int i = 0; i < KNOWN; i++) {
      double one = MIXED[i];
      double other = MIXED[SIZE + i];
      a += one * one;
      b += one * other;
      d += other * other;
      right[0] += one * GIVEN[subject * SIZE + i];
      right[1] += other * GIVEN[subject * SIZE + i];
    }
    double determinant = a * d - b * b;
    return new double[] {
      (d * right[0] - b * right[1]) / determinant, (a * right[1] - b * right[0]) / determinant
    };
  }

  private LatentSpace space() throws IOException {
    GraphBuilder graph = new GraphBuilder("mixture");
    graph.input("z", ElementType.FLOAT, "N", 2);
    String mixed = graph.node("MatMul", "z", graph.initializer("w", MIXED, 2, SIZE)).to("mixed");
    String shape = graph.initializer("shape", new long[] {-1, 1, 8, 8}, 4);
    graph.node("Reshape", mixed, shape).to("made");
    graph.output("made", ElementType.FLOAT, "N", 1, 8, 8);
    Path generator = folder.resolve("mixture.onnx");
    graph.build().write(generator);
    float[] known = new float[SIZE];
    Arrays.fill(known, 0, KNOWN, 1);
    KnownPixels pixels =
        new KnownPixels(
            Optional.of(ArrayFiles.npy(folder.resolve("given.npy"), GIVEN, 10)),
            Optional.of(ArrayFiles.npy(folder.resolve("known.npy"), known, 1)));
    PriorChoice prior =
        new PriorChoice(Optional.of(generator), PriorSettings.Kind.VAE, 2, OptionalInt.empty());
    return LatentSpace.of(
        PrivateDigits.TARGET.info(),
        PrivateDigits.SPLIT,
        prior,
        new Completing(pixels, 100, 400),
        "a test",
        PrivateDigits.RUN);
  }

  /** Small ones, beside which the prior counts. */
  private static float[] numbers(String name, int count) {
    RandomGenerator random = PrivateDigits.RUN.random(name);
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) (0.05 * random.nextGaussian());
    }
    return numbers;
  }
}
