package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class ColumnTest {

  @Test
  void mappedNumbersReadAsHeapNumbersDo() {
    DoubleBuffer cells = Storage.mapped().doubles(3).put(0, 1.5).put(1, Double.NaN).put(2, 7);
    Column.Numeric mapped = new Column.Numeric("x", cells);
    assertThat(mapped.values()).containsExactly(1.5, Double.NaN, 7);
    assertThat(mapped.text(0)).isEqualTo("1.5");
    assertThat(mapped.text(1)).isNull();
    assertThat(mapped.text(2)).isEqualTo("7");
    assertThat(mapped.select(new int[] {2, 2, 0}).values()).containsExactly(7, 7, 1.5);
  }

  @Test
  void mappedCodesReadAsHeapCodesDo() {
    IntBuffer cells = Storage.mapped().ints(3).put(0, 1).put(1, -1).put(2, 0);
    Column.Categorical mapped = new Column.Categorical("x", cells, List.of("a", "b"));
    assertThat(mapped.codes()).containsExactly(1, -1, 0);
    assertThat(mapped.text(0)).isEqualTo("b");
    assertThat(mapped.text(1)).isNull();
    assertThat(mapped.select(new int[] {0, 2}).codes()).containsExactly(1, 0);
  }

  @Test
  void mappedArraysReadAsHeapArraysDo() {
    Column.Array mapped = Column.Array.allocate("x", 2, new Shape(1, 2), Storage.mapped());
    mapped.put(0, new float[] {1, 2});
    mapped.put(1, new float[] {3, 4});
    assertThat(mapped.values()).containsExactly(1, 2, 3, 4);
    assertThat(mapped.row(1)).containsExactly(3, 4);
    assertThat(mapped.select(new int[] {1, 0}).values()).containsExactly(3, 4, 1, 2);
    Column.Array heap = new Column.Array("x", new float[] {1, 2, 3, 4}, new Shape(1, 2));
    assertThat(heap.select(new int[] {1}).row(0)).containsExactly(3, 4);
  }

  @Test
  void mappedColumnsOfManySizesDoNotOverlap() {
    Storage storage = Storage.mapped();
    IntBuffer[] columns = new IntBuffer[200];
    for (int c = 0; c < columns.length; c++) {
      columns[c] = storage.ints(1 + c * 997);
      columns[c].put(0, c).put(c * 997, c);
    }
    for (int c = 0; c < columns.length; c++) {
      assertThat(columns[c].get(0)).isEqualTo(c);
      assertThat(columns[c].get(c * 997)).isEqualTo(c);
    }
  }

  @Test
  void emptyColumnsHaveNoRows() {
    assertThat(new Column.Numeric("x", new double[0]).select(new int[0]).rows()).isZero();
    assertThat(new Column.Array("x", new float[0], new Shape(3)).rows()).isZero();
  }
}
