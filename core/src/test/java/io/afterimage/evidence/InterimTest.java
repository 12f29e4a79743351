package io.afterimage.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InterimTest {
  private static final Shape LARGE = new Shape(3, 128, 128);
  private static final int[] HUNDRED = IntStream.range(0, 100).toArray();
  private static final List<String> NAMES =
      Arrays.stream(HUNDRED).mapToObj(c -> "person-" + c).toList();

  @Test
  void ofSmallPicturesAllClassesAreKept() {
    Shape small = new Shape(28, 28);
    assertThat(Interim.kept(HUNDRED, NAMES, small, Run.of(1))).containsExactly(HUNDRED);
    assertThat(Interim.mostPoints(100, small)).isEqualTo(16);
    assertThat(Interim.kept(new int[] {3, 8}, NAMES, small, Run.of(1))).containsExactly(3, 8);
    assertThat(Interim.kept(new int[0], NAMES, small, Run.of(1))).isEmpty();
  }

  /** Half of the points make room for twice the classes. */
  @Test
  void whatIsKeptStaysBelowItsBound() {
    for (int side : new int[] {16, 64, 112, 224, 512}) {
      Shape shape = new Shape(side, side);
      int[] kept = Interim.kept(HUNDRED, NAMES, shape, Run.of(1));
      int points = Interim.mostPoints(100, shape);
      assertThat((long) kept.length * points * shape.size()).isLessThanOrEqualTo(1 << 22);
      assertThat(points == 16 && kept.length < 100).isFalse();
    }
    assertThat(Interim.kept(HUNDRED, NAMES, new Shape(3, 4096, 4096), Run.of(1))).hasSize(1);
  }

  @Test
  void ofLargePicturesTheSameClassesAreDrawnInWhateverOrderTheyStand() {
    List<String> turned = NAMES.stream().collect(Collectors.toList());
    Collections.reverse(turned);
    Set<String> drawn = drawn(NAMES, 1);
    assertThat(drawn).hasSize(10).isEqualTo(drawn(turned, 1)).isNotEqualTo(drawn(NAMES, 2));
    assertThat(Interim.kept(HUNDRED, NAMES, LARGE, Run.of(1))).isSorted();
  }

  private static Set<String> drawn(List<String> names, long seed) {
    return Arrays.stream(Interim.kept(HUNDRED, names, LARGE, Run.of(seed)))
        .mapToObj(names::get)
        .collect(Collectors.toSet());
  }

  @Test
  void picturesStandByPointAndThenByClass() {
    Interim interim =
        new Interim(List.of(5L, 9L), new int[] {1, 4}, new float[] {1, 1, 2, 2, 3, 3, 4, 4});
    assertThat(interim.count()).isEqualTo(4);
    assertThat(interim.classOfEach()).containsExactly(1, 4, 1, 4);
    assertThat(interim.pictures().get(2)).containsExactly(3, 3);
    assertThat(Interim.NONE.pictures()).isEmpty();
  }
}
