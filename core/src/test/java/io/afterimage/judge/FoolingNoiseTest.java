package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two people: one bright on the left, one on the right. */
@ExtendWith(NoLeakedTensors.class)
class FoolingNoiseTest {
  private static final int SIDE = 16;
  private static final Shape SHAPE = new Shape(1, SIDE, SIDE);
  private static final List<String> NAMES = List.of("ann", "bob");
  private static final int[] SUBJECTS = {0, 1};

  private final SoftmaxModel target = SoftmaxModel.fit(photos(), NAMES, SHAPE, 200);

  @Test
  void theTargetIsSureOfWhatIsMostlyNoise() {
    List<Optional<float[]>> pictures = noise(1).of(target, SUBJECTS);
    for (int subject : SUBJECTS) {
      float[] picture = pictures.get(subject).orElseThrow();
      assertThat(sureness(picture, subject)).isGreaterThan(0.9);
      assertThat(Similarity.correlation(picture, photo(subject)))
          .as("a photo of the person correlates with another by 0.9 and more")
          .isLessThan(0.6);
      for (float pixel : picture) {
        assertThat(pixel).isBetween(0f, 1f);
      }
    }
  }

  @Test
  void aPictureOfAPersonDependsOnThisPersonAlone() {
    assertThat(picture(1, new int[] {1}, 0)).isEqualTo(picture(1, SUBJECTS, 1));
    assertThat(picture(2, SUBJECTS, 1)).isNotEqualTo(picture(1, SUBJECTS, 1));
  }

  /** A target that learned nothing is sure of nobody, whatever it is shown. */
  @Test
  void whatDoesNotFoolTheTargetIsNotTakenForWhatDoes() {
    SoftmaxModel blank = SoftmaxModel.fit(photos(), NAMES, SHAPE, 0);
    assertThat(noise(1).of(blank, SUBJECTS)).containsExactly(Optional.empty(), Optional.empty());
  }

  private float[] picture(long seed, int[] subjects, int place) {
    return noise(seed).of(target, subjects).get(place).orElseThrow();
  }

  private static FoolingNoise noise(long seed) {
    Planes planes = Planes.of(SHAPE).orElseThrow();
    return new FoolingNoise(SHAPE, planes, new Pictures.Range(0, 1), Run.of(seed));
  }

  @SuppressWarnings("try") // the scope is there to close
  private double sureness(float[] picture, int subject) {
    try (TensorScope scope = new TensorScope()) {
      Tensor x = Tensors.of(picture, SHAPE.batch(1));
      return Math.exp(target.logits(x).logSoftmax(1).toFloats()[subject]);
    }
  }

  private static float[] photo(int subject) {
    float[] photo = new float[SHAPE.size()];
    for (int i = 0; i < photo.length; i++) {
      photo[i] = i % SIDE * 2 / SIDE == subject ? 0.9f : 0.1f;
    }
    return photo;
  }

  private static Dataset photos() {
    Random random = new Random(3);
    int[] classes = IntStream.range(0, 20).map(row -> row % 2).toArray();
    float[] pixels = new float[classes.length * SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      float pixel = photo(classes[i / SHAPE.size()])[i % SHAPE.size()];
      pixels[i] = pixel + 0.05f * (float) random.nextGaussian();
    }
    return People.rows("photos", pixels, SHAPE, classes, NAMES);
  }
}
