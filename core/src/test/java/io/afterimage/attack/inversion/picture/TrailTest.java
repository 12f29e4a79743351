package io.afterimage.attack.inversion.picture;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.evidence.Stages;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrailTest {
  /** Knowing the length beforehand: every so many steps, the least power of two that is enough. */
  private static List<Integer> spaced(int length) {
    int stride = 1;
    while ((length + stride - 1) / stride > Stages.MOST_OF_EACH) {
      stride *= 2;
    }
    int every = stride;
    return IntStream.range(0, length).filter(step -> step % every == 0).boxed().toList();
  }

  @Test
  void placesAreEvenlySpacedOverAsManyStepsAsThereTurnOutToBe() {
    for (int length = 0; length < 3000; length++) {
      Trail<Integer> trail = new Trail<>();
      for (int step = 0; step < length; step++) {
        int place = 7 * step;
        trail.pass(step, () -> place);
      }
      List<Integer> steps = new ArrayList<>();
      trail.forEach(
          (place, step) -> {
            assertThat(place).isEqualTo(7 * step);
            steps.add(step);
          });
      assertThat(steps).as("of %d", length).isEqualTo(spaced(length));
    }
  }

  /** Painting is what costs: of 100,000 places few are painted. */
  @Test
  void fewPlacesAreLookedAt() {
    int[] looked = {0};
    Trail<Integer> trail = new Trail<>();
    for (int step = 0; step < 100_000; step++) {
      trail.pass(step, () -> looked[0]++);
    }
    assertThat(looked[0]).isLessThan(70);
  }

  @Test
  void rowsHaveTrailsOfTheirOwnAndKeepThemInBatches() {
    Trails trails = Trails.of(new int[] {1, 4});
    Trails second = trails.among(3, 6);
    for (int row = 0; row < 3; row++) {
      float number = row;
      trails.pass(row, 0, () -> new float[] {number});
      second.pass(row, 0, () -> new float[] {10 + number});
      second.pass(row, 1, () -> new float[] {20 + number});
    }
    Stages stages = trails.stages();
    assertThat(stages.rows()).containsExactly(1, 4, 4);
    assertThat(stages.steps()).containsExactly(0, 0, 1);
    assertThat(stages.pixels()).containsExactly(1, 11, 21);
    Trails.NONE.pass(0, 0, () -> new float[1]);
    assertThat(Trails.NONE.stages().rows()).isEmpty();
  }
}
