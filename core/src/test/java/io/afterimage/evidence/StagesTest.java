package io.afterimage.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.data.Shape;
import io.afterimage.evidence.Stages.Stage;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StagesTest {
  private static final Shape SMALL = new Shape(28, 28);

  @Test
  void eachIsFoundUnderItsReconstructionInTheOrderOfSteps() {
    Stages stages =
        Stages.of(
            List.of(
                new Stage(3, 0, new float[] {1, 2}),
                new Stage(0, 8, new float[] {3, 4}),
                new Stage(0, 0, new float[] {5, 6})));
    assertThat(stages.of(0)).extracting(Stage::steps).containsExactly(0, 8);
    assertThat(stages.of(0).get(1).picture()).containsExactly(3, 4);
    assertThat(stages.of(3).get(0).picture()).containsExactly(1, 2);
    assertThat(stages.of(1)).isEmpty();
    assertThat(Stages.NONE.of(0)).isEmpty();
  }

  @Test
  void fewReconstructionsAreAllKept() {
    assertThat(Stages.kept(new int[] {2, 2, 0}, SMALL)).containsExactly(0, 1, 2);
    assertThat(Stages.kept(new int[0], SMALL)).isEmpty();
  }

  @Test
  void ofManyEachClassHasItsFirstBeforeAnyHasItsSecond() {
    int[] classes = IntStream.range(0, 300).map(row -> row / 10).toArray();
    assertThat(Stages.kept(classes, SMALL))
        .hasSize(40)
        .contains(IntStream.range(0, 30).map(subject -> 10 * subject).toArray())
        .contains(1, 91)
        .doesNotContain(101, 2)
        .isSorted();
  }

  @Test
  void ofLargePicturesFewerAreKept() {
    int[] classes = IntStream.range(0, 100).toArray();
    assertThat(Stages.kept(classes, new Shape(3, 224, 224))).containsExactly(0, 1, 2);
    assertThat(Stages.kept(classes, new Shape(3, 4096, 4096))).containsExactly(0);
  }
}
