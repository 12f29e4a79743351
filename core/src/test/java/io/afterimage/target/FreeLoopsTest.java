package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fixed batches of loops that carry rows are made free where no step mixes them. */
class FreeLoopsTest {
  private static final ElementType FLOAT = ElementType.FLOAT;
  private static final int STEPS = 5;

  private final GraphBuilder g = new GraphBuilder("loops");
  private final GraphBuilder body = new GraphBuilder("body");

  /** A loop's body up to the state that it carries. */
  private void loopBody(long batch, int width) {
    body.input("i", ElementType.INT64);
    body.input("goes", ElementType.BOOL);
    body.input("h", FLOAT, batch, width);
    body.output(body.node("Identity", "goes").to("still"), ElementType.BOOL);
  }

  private String loop(String state) {
    g.initializer("steps", new long[] {STEPS});
    return g.node("Loop", "steps", "", state).with("body", body).to("last");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 3})
  void aStateThatStartsWithoutRowsHasThemFromTheFirstStepOn(long batch) {
    g.input("x", FLOAT, batch, STEPS, 3);
    g.node("Transpose", "x").with("perm", new long[] {1, 0, 2}).to("time");
    g.initializer("start", new float[4 * (int) batch], batch, 4);
    drawn(g, "w", 3, 4);
    drawn(g, "u", 4, 4);
    loopBody(batch, 4);
    body.node("Gather", "time", "i").to("now");
    body.node("MatMul", "now", "w").to("a");
    body.node("MatMul", "h", "u").to("b");
    body.node("Add", "a", "b").to("sum");
    body.output(body.node("Tanh", "sum").to("next"), FLOAT, batch, 4);
    body.output(body.node("Identity", "next").to("seen"), FLOAT, batch, 4);
    g.initializer("steps", new long[] {STEPS});
    g.node("Loop", "steps", "", "start").with("body", body).to("last", "all");
    String mean =
        g.node("ReduceMean", "all").with("axes", new long[] {0}).with("keepdims", 0).to("m");
    g.node("Add", "last", mean).to("y");
    assertBatch(Batch.Kind.REWRITTEN, batch, 4, "");
  }

  @Test
  void rowsMeetEveryStoredRowInAScan() {
    g.input("x", FLOAT, 2, 3);
    drawn(g, "stored", 7, 3);
    body.input("all", FLOAT, 2, 3);
    body.input("one", FLOAT, 3);
    body.output(body.node("Identity", "all").to("same"), FLOAT, 2, 3);
    body.node("Sub", "all", "one").to("apart");
    body.output(
        body.node("ReduceSumSquare", "apart")
            .with("axes", new long[] {1})
            .with("keepdims", 0)
            .to("far"),
        FLOAT,
        2);
    g.node("Scan", "x", "stored").with("body", body).with("num_scan_inputs", 1).to("x2", "fars");
    g.node("Transpose", "fars").with("perm", new long[] {1, 0}).to("y");
    assertBatch(Batch.Kind.REWRITTEN, 2, 7, "");
  }

  @Test
  void rowsThatMixInAStepKeepTheBatch() {
    g.input("x", FLOAT, 2, 3);
    loopBody(2, 3);
    body.initializer("axes", new long[] {0}, 1);
    body.initializer("nothing", new float[] {0}, 1);
    body.node("ReduceSum", "h", "axes").to("total");
    body.node("Mul", "total", "nothing").to("zero");
    body.output(body.node("Add", "h", "zero").to("next"), FLOAT, 2, 3);
    g.node("Identity", loop("x")).to("y");
    assertBatch(Batch.Kind.FIXED, 2, 3, "ReduceSum \"total\" works across rows inside");
  }

  @Test
  void aLoopThatARowMayEndKeepsItsBatch() {
    g.input("x", FLOAT, 1, 3);
    body.input("i", ElementType.INT64);
    body.input("goes", ElementType.BOOL);
    body.input("h", FLOAT, 1, 3);
    body.initializer("bound", new float[] {4}, 1);
    body.node("ReduceSum", "h", body.initializer("axes", new long[] {1}, 1)).to("sum");
    body.node("Less", "sum", "bound").to("less");
    body.node("Reshape", "less", body.initializer("shape", new long[] {1}, 1)).to("still");
    body.output("still", ElementType.BOOL, 1);
    body.output(body.node("Add", "h", "h").to("next"), FLOAT, 1, 3);
    g.node("Identity", loop("x")).to("y");
    assertBatch(Batch.Kind.FIXED, 1, 3, "takes as many steps as a row says");
  }

  @Test
  void aStateThatGrowsKeepsTheBatch() {
    g.input("x", FLOAT, 2, 3);
    body.input("i", ElementType.INT64);
    body.input("goes", ElementType.BOOL);
    body.input("h", FLOAT, 2, "width");
    body.output(body.node("Identity", "goes").to("still"), ElementType.BOOL);
    body.output(body.node("Concat", "h", "x").with("axis", 1).to("next"), FLOAT, 2, "wider");
    g.node("ReduceMean", loop("x")).with("axes", new long[] {1}).to("y");
    assertBatch(Batch.Kind.FIXED, 2, 1, "carries a value that grows");
  }

  @Test
  void aPlaceOfTheBatchThatALaterStepTreatsOtherwiseKeepsIt() {
    g.input("x", FLOAT, 2, 3);
    g.initializer("factors", new float[] {1, 1, 1, 1.0000001f}, 2, 2, 1);
    body.input("h", FLOAT, 2, 3);
    body.input("factor", FLOAT, 2, 1);
    body.output(body.node("Mul", "h", "factor").to("next"), FLOAT, 2, 3);
    g.node("Scan", "x", "factors").with("body", body).with("num_scan_inputs", 1).to("y");
    assertBatch(
        Batch.Kind.FIXED, 2, 3, "Mul \"next\" has numbers of its own for each place in the batch");
  }

  @Test
  void whatIsCutByTheNumberOfTheStepKeepsTheBatch() {
    g.input("x", FLOAT, 2, STEPS + 1);
    loopBody(2, STEPS + 1);
    body.initializer("one", new long[] {1}, 1);
    body.node("Unsqueeze", "i", body.initializer("zero", new long[] {0}, 1)).to("from");
    body.node("Add", "from", "one").to("to");
    body.node("Slice", "h", "from", "to", "one").to("column");
    body.output(body.node("Add", "h", "column").to("next"), FLOAT, 2, STEPS + 1);
    g.node("Identity", loop("x")).to("y");
    assertBatch(Batch.Kind.FIXED, 2, STEPS + 1, "may change the shapes inside");
  }

  @Test
  void branchesInsideALoopKeepTheBatch() {
    g.input("x", FLOAT, 2, 3);
    loopBody(2, 3);
    GraphBuilder same = new GraphBuilder("same");
    same.output(same.node("Identity", "h").to("kept"), FLOAT, 2, 3);
    GraphBuilder twice = new GraphBuilder("twice");
    twice.output(twice.node("Add", "h", "h").to("doubled"), FLOAT, 2, 3);
    body.output(
        body.node("If", "goes").with("then_branch", same).with("else_branch", twice).to("next"),
        FLOAT,
        2,
        3);
    g.node("Identity", loop("x")).to("y");
    assertBatch(Batch.Kind.FIXED, 2, 3, "Loop \"last\" may mix rows inside");
  }

  private static void drawn(GraphBuilder graph, String name, long... shape) {
    int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
    graph.initializer(name, Gaussians.floats(count, Run.of(7).random(name)), shape);
  }

  private void assertBatch(Batch.Kind kind, long extent, int columns, String notice) {
    g.output("y", FLOAT, extent, columns);
    try (OnnxTarget target = OnnxTarget.open(g.build(), OnnxOptions.DEFAULTS)) {
      assertThat(target.batch().kind()).as("%s", target.notices()).isEqualTo(kind);
      assertThat(String.join("; ", target.notices())).contains(notice);
    }
  }
}
