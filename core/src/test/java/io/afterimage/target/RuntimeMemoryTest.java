package io.afterimage.target;

import static io.afterimage.graph.ElementType.BOOL;
import static io.afterimage.graph.ElementType.FLOAT;
import static io.afterimage.graph.ElementType.INT64;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sizes that a graph computes from its inputs, which no look at the file tells. */
@Timeout(60)
class RuntimeMemoryTest {
  private static final long GIB = 1L << 30;

  @ParameterizedTest
  @CsvSource({
    "ConstantOfShape, many, '', ''",
    "Expand, x1, many, ''",
    "Tile, x1, many, ''",
    "Range, zero, scalar, one",
    "Pad, x1, pads, ''",
    "Resize, x1, '', scales"
  })
  void aValueBeyondTheCapIsRefusedByItsNode(
      String type, String first, String second, String third) {
    OnnxModel model = growing(type, 3 * GIB / 4, first, second, third);
    assertThatThrownBy(() -> OnnxTarget.open(model, OnnxOptions.DEFAULTS))
        .isInstanceOf(NoRoomException.class)
        .hasMessageStartingWith("growing: node " + type + " \"big\" wants ")
        .hasMessageContaining("all values together may take 2147483648")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aLoopThatCollectsMoreThanTheCapIsRefused() {
    GraphBuilder body = new GraphBuilder("body");
    body.input("i", INT64);
    body.input("goes", BOOL);
    body.output(body.node("Identity", "goes").to("still"), BOOL);
    body.initializer("wide", new long[] {1 << 20}, 1);
    body.output(body.node("Expand", "zero", "wide").to("seen"), FLOAT, 1 << 20);
    GraphBuilder g = new GraphBuilder("collecting");
    g.input("x", FLOAT, "N", 1);
    g.initializer("zero", new float[] {0});
    g.initializer("rounds", new long[] {1L << 40});
    g.node("Loop", "rounds", "").with("body", body).to("all");
    g.node("ReduceSum", "all").with("keepdims", 0).to("sum");
    g.output(g.node("Add", "x", "sum").to("y"), FLOAT, "N", 1);
    assertThatThrownBy(() -> OnnxTarget.open(g.build(), OnnxOptions.DEFAULTS))
        .isInstanceOf(NoRoomException.class)
        .hasMessageStartingWith("collecting: node ")
        .hasMessageContaining("2147483648");
  }

  @Test
  void rowsThatDoNotFitTogetherAreScoredInSmallerPortions() {
    GraphBuilder g = new GraphBuilder("wide");
    g.input("x", FLOAT, "N", 1);
    g.initializer("columns", new long[] {1, 1 << 24}, 2);
    g.node("Expand", "x", "columns").to("wide");
    g.initializer("last", new long[] {1}, 1);
    g.output(g.node("ReduceMax", "wide").with("axes", new long[] {1}).to("y"), FLOAT, "N", 1);
    double[] values = IntStream.range(0, 48).asDoubleStream().toArray();
    try (OnnxTarget target = OnnxTarget.open(g.opset(13).build(), OnnxOptions.DEFAULTS)) {
      double[] scores = target.scores(Tables.of("rows", Tables.numbers("x", values))).values();
      assertThat(scores).containsExactly(values);
    }
  }

  @Test
  void whatAClosedModelHeldIsFreeForTheNext() {
    for (long megabytes : new long[] {300, 900, 1500}) {
      OnnxModel model = growing("ConstantOfShape", megabytes << 18, "many", "", "");
      try (OnnxTarget target = OnnxTarget.open(model, OnnxOptions.DEFAULTS)) {
        assertThat(target.scores(Tables.of("one", Tables.numbers("x", 1))).values())
            .containsExactly(1);
      }
    }
  }

  /** Adds the least of many numbers, so many because its input says so. */
  private static OnnxModel growing(String type, long count, String... inputs) {
    GraphBuilder g = new GraphBuilder("growing").opset(13);
    g.input("x", FLOAT, "N", 1);
    g.initializer("zero", new float[] {0});
    g.initializer("one", new float[] {1});
    g.initializer("nothing", new long[] {0}, 1);
    g.initializer("count", new long[] {count}, 1);
    g.initializer("flat", new long[] {-1}, 1);
    // Zero, but only the input tells.
    g.node("Mul", "x", "zero").to("zeros");
    g.node("ReduceMax", "zeros").with("keepdims", 0).to("none");
    g.node("Reshape", "none", "flat").to("x1");
    g.node("Cast", "x1").with("to", INT64.code()).to("none64");
    g.node("Add", "none64", "count").to("many");
    g.node("Concat", "none64", "many").with("axis", 0).to("pads");
    g.node("Cast", "many").with("to", FLOAT.code()).to("scales");
    g.node("Squeeze", "scales").to("scalar");
    String[] given = Arrays.stream(inputs).map(i -> i == null ? "" : i).toArray(String[]::new);
    g.node(type, Arrays.copyOf(given, last(given))).to("big");
    g.node("ReduceMin", "big").with("keepdims", 0).to("least");
    g.node("Mul", "least", "zero").to("gone");
    g.output(g.node("Add", "x", "gone").to("y"), FLOAT, "N", 1);
    return g.build();
  }

  private static int last(String... inputs) {
    int count = inputs.length;
    while (inputs[count - 1].isEmpty()) {
      count--;
    }
    return count;
  }
}
