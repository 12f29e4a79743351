package io.afterimage.attack.membership;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.attack.membership.PictureCopies.Change;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PictureCopiesTest {
  private static final float[] NINE = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  private static Dataset rows(Shape shape, float... cells) {
    return Dataset.of(
        "rows",
        new Schema(Map.of("pixels", Role.FEATURE)),
        List.of(new Column.Array("pixels", cells, shape)));
  }

  private static float[] changed(Shape shape, Change change, float... cells) {
    Dataset copies = new PictureCopies(List.of(change)).of(rows(shape, cells), 0, 1);
    return ((Column.Array) copies.column("pixels")).row(0);
  }

  @Test
  void whatComesInAtAnEdgeRepeatsIt() {
    assertThat(changed(new Shape(3, 3), new Change(1, 0, false), NINE))
        .containsExactly(1, 1, 2, 4, 4, 5, 7, 7, 8);
    assertThat(changed(new Shape(3, 3), new Change(-1, 1, false), NINE))
        .containsExactly(2, 3, 3, 2, 3, 3, 5, 6, 6);
  }

  @Test
  void picturesAreMirroredLeftToRight() {
    assertThat(changed(new Shape(1, 3, 3), new Change(0, 0, true), NINE))
        .containsExactly(3, 2, 1, 6, 5, 4, 9, 8, 7);
  }

  @Test
  void channelsMoveTogetherWhereverTheyStand() {
    float[] red = {1, 2, 3, 4};
    assertThat(
            changed(new Shape(3, 2, 2), new Change(0, 0, true), 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 9, 9))
        .containsExactly(2, 1, 4, 3, 6, 5, 8, 7, 0, 0, 9, 9);
    assertThat(
            changed(
                new Shape(2, 2, 3),
                new Change(0, 0, true),
                red[0],
                5,
                0,
                red[1],
                6,
                0,
                red[2],
                7,
                9,
                red[3],
                8,
                9))
        .containsExactly(2, 6, 0, 1, 5, 0, 4, 8, 9, 3, 7, 9);
  }

  @Test
  void everyMoveIsThereOnceAndTheRowItselfIsNot() {
    PictureCopies copies = PictureCopies.of(1, true);
    assertThat(copies.changes()).hasSize(17).doesNotHaveDuplicates();
    assertThat(copies.changes()).doesNotContain(new Change(0, 0, false));
    Dataset two = rows(new Shape(1, 1), 4, 5);
    assertThat(copies.of(two, 0, 2).rows()).isEqualTo(34);
    assertThat(copies.originals(0, 2)[16]).isZero();
    assertThat(copies.originals(0, 2)[17]).isEqualTo(1);
  }
}
