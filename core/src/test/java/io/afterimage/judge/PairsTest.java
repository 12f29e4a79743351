package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairsTest {
  private static final int SIZE = 30;
  private static final Pictures MEMBERS = pictures(40);
  private static final Run RUN = Run.of(5);
  private static final int[] TEN = IntStream.range(0, 10).toArray();

  @Test
  void allArePairedWhereMemoryHoldsThem() {
    Pairs pairs = new Pairs.Ground(MEMBERS, dataset(MEMBERS), RUN).of(0, TEN, PairsTest::copy);
    assertThat(pairs.rebuilt()).isEqualTo(TEN);
    assertThat(pairs.members()).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
    assertThat(pairs.among()).isEqualTo(40);
  }

  /** Of ten reconstructions 4 are drawn, and of forty members the 5 that 20 correlations leave. */
  @Test
  void ofMoreThanMemoryHoldsAsManyAreDrawn() {
    Pairs pairs = small(MEMBERS).of(0, TEN, PairsTest::copy);
    assertThat(pairs.rebuilt()).hasSize(4).doesNotHaveDuplicates().isSorted();
    assertThat(boxed(TEN)).containsAll(boxed(pairs.rebuilt()));
    assertThat(pairs.among()).isEqualTo(5);
    assertThat(Arrays.stream(pairs.members()).distinct()).hasSize(4);
  }

  /** Members are drawn by their ids: in another order they are the same. */
  @Test
  void theOrderOfTheMembersDoesNotMatter() {
    int[] reversed = IntStream.range(0, 40).map(i -> 39 - i).toArray();
    Dataset other = dataset(MEMBERS).select(reversed);
    Pictures turned =
        new Pictures(
            MEMBERS.shape(),
            Arrays.stream(reversed).mapToObj(MEMBERS.pixels()::get).toList(),
            new int[40],
            IntStream.range(0, 40).toArray());
    int[] first = small(MEMBERS).of(0, TEN, PairsTest::copy).members();
    int[] second =
        new Pairs.Ground(turned, other, RUN, 4, 20).of(0, TEN, PairsTest::copy).members();
    assertThat(Arrays.stream(second).map(i -> 39 - i).toArray()).isEqualTo(first);
  }

  private static Pairs.Ground small(Pictures members) {
    return new Pairs.Ground(members, dataset(members), RUN, 4, 20);
  }

  /** Every other member, once more. */
  private static float[] copy(int index) {
    return MEMBERS.pixels().get(2 * index);
  }

  private static List<Integer> boxed(int[] numbers) {
    return Arrays.stream(numbers).boxed().toList();
  }

  private static Pictures pictures(int count) {
    return new Pictures(
        new Shape(SIZE),
        IntStream.range(0, count).mapToObj(i -> PeersNumbers.picture(i + 1, SIZE)).toList(),
        new int[count],
        IntStream.range(0, count).toArray());
  }

  /** The rows that pictures were read from. */
  static Dataset dataset(Pictures pictures) {
    int size = pictures.shape().size();
    float[] pixels = new float[pictures.count() * size];
    for (int i = 0; i < pictures.count(); i++) {
      System.arraycopy(pictures.pixels().get(i), 0, pixels, i * size, size);
    }
    return Dataset.of(
        "members",
        new Schema(Map.of("pixels", Role.FEATURE)),
        List.of(new Column.Array("pixels", pixels, pictures.shape())));
  }
}
