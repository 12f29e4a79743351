package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import org.junit.jupiter.api.Test;

/** Fixed batches are made free where every operator keeps rows apart, and only there. */
class FreeBatchTest {
  private final GraphBuilder g = new GraphBuilder("fixed");

  @Test
  void rowsMergedWithAnotherAxisComeApartAgain() {
    g.input("x", ElementType.FLOAT, 1, 4, 6);
    String timeFirst = g.node("Transpose", "x").with("perm", new long[] {1, 0, 2}).to("time");
    String heads = reshaped(timeFirst, "heads", 4, 2, 3);
    String byHead = g.node("Transpose", heads).with("perm", new long[] {1, 0, 2}).to("byHead");
    String other = g.node("Transpose", byHead).with("perm", new long[] {0, 2, 1}).to("other");
    String products = g.node("MatMul", byHead, other).to("products");
    String mixed = g.node("MatMul", products, byHead).to("mixed");
    String back = g.node("Transpose", mixed).with("perm", new long[] {1, 0, 2}).to("back");
    reshaped(reshaped(back, "rows", 4, 6), "again", 4, 1, 6);
    g.node("ReduceMean", "again").with("axes", new long[] {0}).with("keepdims", 0).to("y");
    assertBatch(Batch.Kind.REWRITTEN, 1, 6, "");
  }

  @Test
  void aTokenJoinedToEveryRowIsRepeated() {
    g.input("x", ElementType.FLOAT, 1, 2, 3);
    g.initializer("token", new float[] {1, 2, 3}, 1, 1, 3);
    g.node("Concat", "token", "x").with("axis", 1).to("all");
    reshaped("all", "y", 1, 9);
    assertBatch(Batch.Kind.REWRITTEN, 1, 9, "");
  }

  @Test
  void aBatchOfSeveralKeepsItsRowsTogetherInEveryReshape() {
    g.input("x", ElementType.FLOAT, 3, 4);
    reshaped(reshaped("x", "flat", 12), "y", 3, 4);
    assertBatch(Batch.Kind.REWRITTEN, 3, 4, "");
  }

  @Test
  void rowsThatAreSummedStayAsTheyAre() {
    g.input("x", ElementType.FLOAT, 3, 4);
    g.node("ReduceSum", "x", g.initializer("axes", new long[] {0}, 1)).to("sum");
    g.node("Mul", "sum", g.initializer("nothing", new float[] {0}, 1)).to("zero");
    g.node("Add", "x", "zero").to("y");
    assertBatch(Batch.Kind.FIXED, 3, 4, "ReduceSum \"sum\" works across rows");
  }

  @Test
  void numbersOfOnePlaceInTheBatchKeepIt() {
    g.input("x", ElementType.FLOAT, 2, 2);
    g.node("Add", "x", g.initializer("bias", new float[] {0, 1e-7f, 0, 0}, 2, 2)).to("y");
    assertBatch(Batch.Kind.FIXED, 2, 2, "Add \"y\" has numbers of its own for each place");
  }

  @Test
  void numbersRepeatedForEveryPlaceBroadcast() {
    g.input("x", ElementType.FLOAT, 2, 2);
    g.node("Add", "x", g.initializer("bias", new float[] {5, 1, 5, 1}, 2, 2)).to("y");
    assertBatch(Batch.Kind.REWRITTEN, 2, 2, "");
  }

  @Test
  void anOperatorWithoutARuleKeepsTheBatch() {
    g.input("x", ElementType.FLOAT, 2, 2, 2);
    reshaped(g.node("Det", "x").to("volume"), "y", 2, 1);
    assertBatch(Batch.Kind.FIXED, 2, 1, "Det \"volume\" may mix rows");
  }

  private String reshaped(String value, String to, long... shape) {
    g.initializer(to + ".shape", shape, shape.length);
    return g.node("Reshape", value, to + ".shape").to(to);
  }

  private void assertBatch(Batch.Kind kind, int extent, int columns, String notice) {
    g.output("y", ElementType.FLOAT, extent, columns);
    try (OnnxTarget target = OnnxTarget.open(g.build(), OnnxOptions.DEFAULTS)) {
      assertThat(target.batch().kind()).as("%s", target.notices()).isEqualTo(kind);
      assertThat(String.join("; ", target.notices())).contains(notice);
    }
  }
}
