package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredMatrixTest {
  private static OnnxModel model() {
    GraphBuilder graph = new GraphBuilder("rows");
    String x = graph.input("x", ElementType.FLOAT, "N", 3);
    String stored = graph.initializer("stored", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    graph.node("MatMul", x, stored).to("y");
    graph.output("y", ElementType.FLOAT, "N", 2);
    return graph.build();
  }

  @Test
  void standsAsStoredAndOnItsSide() {
    List<StoredMatrix> both = StoredMatrix.of(model(), Set.of(2, 3));
    assertThat(both.get(0).rows()).isEqualTo(new double[][] {{1, 2}, {3, 4}, {5, 6}});
    assertThat(both.get(1).rows()).isEqualTo(new double[][] {{1, 3, 5}, {2, 4, 6}});
    assertThat(StoredMatrix.of(model(), Set.of(4))).isEmpty();
  }

  @Test
  void refusesMoreThanFitsIntoMemory() {
    assertThat(StoredMatrix.of(model(), Set.of(2), 6)).hasSize(1);
    assertThatThrownBy(() -> StoredMatrix.of(model(), Set.of(2, 3), 6))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("stores 12 numbers")
        .hasMessageContaining("more than the 6");
  }
}
