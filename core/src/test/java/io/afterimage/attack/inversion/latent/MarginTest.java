package io.afterimage.attack.inversion.latent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.Raster;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What plg-mi descends, and how pictures are shown. */
@ExtendWith(ScopePerTest.class)
class MarginTest {
  private static final int ROWS = 30;
  private static final int CLASSES = 4;
  private static final Raster RASTER = new Raster(new Planes(3, 2, 1, false));
  private static final InputRange RANGE = new InputRange(-1, 3);

  @Test
  void itIsTheGreatestOtherScoreLessTheOwn() {
    float[] logits = Gaussians.floats(ROWS * CLASSES, Run.of(1).random("logits"));
    long[] classes = Run.of(1).random("classes").longs(ROWS, 0, CLASSES).toArray();
    float[] found =
        Margin.of(
                Tensors.of(logits, ROWS, CLASSES),
                Indexing.oneHot(Tensors.of(classes, ROWS), CLASSES))
            .toFloats();
    for (int row = 0; row < ROWS; row++) {
      double rival = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < CLASSES; c++) {
        if (c != classes[row]) {
          rival = Math.max(rival, logits[row * CLASSES + c]);
        }
      }
      double own = logits[row * CLASSES + (int) classes[row]];
      assertThat((double) found[row]).isCloseTo(rival - own, within(1e-6));
    }
  }

  private static Tensor pictures() {
    return Tensors.of(new float[] {-1, 0, 1, 2, 3, 0, 1, 1, 1, 1, 1, 1}, 2, 3, 2);
  }

  @Test
  void withoutJitterAndShiftAPictureIsShownAsItIs() {
    Tensor seen = new Views(0, 0, 1).one(pictures(), RASTER, RANGE, Run.of(2).random("view"));
    assertThat(seen.toFloats()).containsExactly(pictures().toFloats());
  }

  /**
   * Linear in the pixels, with the slope and the shift of a slow reader, and cut off at the ends.
   */
  @Test
  void jitterChangesBrightnessAndContrastWithinTheRange() {
    for (int draw = 0; draw < 20; draw++) {
      float[] seen =
          new Views(0, 0.5, 1)
              .one(pictures(), RASTER, RANGE, Run.of(draw).random("view"))
              .toFloats();
      RandomGenerator random = Run.of(draw).random("view");
      random.nextInt(0, 1);
      random.nextInt(0, 1);
      double contrast = 0.5 + random.nextDouble();
      double lighter = 4 * (random.nextDouble() - 0.5);
      float[] own = pictures().toFloats();
      for (int i = 0; i < own.length; i++) {
        double expected = 1 + contrast * (own[i] - 1) + lighter;
        assertThat((double) seen[i]).isCloseTo(Math.max(-1, Math.min(3, expected)), within(1e-5));
      }
    }
  }

  @Test
  void viewsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> new Views(-1, 0, 1)).hasMessageContaining("--shift");
    assertThatThrownBy(() -> new Views(0, 1.5, 1)).hasMessageContaining("--jitter");
    assertThatThrownBy(() -> new Views(0, 0, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--views");
  }
}
