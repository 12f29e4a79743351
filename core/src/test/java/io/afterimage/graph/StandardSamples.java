package io.afterimage.graph;

import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Set;

/** Standard operators, and graphs of several. */
final class StandardSamples extends SampleMaker {
  private static final String MICROSOFT = Node.MICROSOFT + ":";

  StandardSamples(Draws draws) {
    super(draws);
  }

  @Override
  void make() {
    standard();
    pooling();
    constants();
    sequences();
    branches();
  }

  private void standard() {
    add(":Cast", node -> node.with("to", ElementType.DOUBLE.code()), drawn(2, 3));
    add(":CastLike", drawn(2, 3), drawn(1));
    add(":GlobalLpPool", node -> node.with("p", 3), drawn(2, 3, 4, 4));
    add(":Trilu", node -> node.with("upper", 0), drawn(2, 3, 4));
    Tensor pads = whole(1, 0, 0, 2);
    add(":Pad", drawn(2, 3), pads, drawn());
  }

  private void pooling() {
    add(
        MICROSOFT + "NhwcMaxPool",
        node -> node.with("kernel_shape", new long[] {2, 2}),
        drawn(1, 4, 4, 2));
    Tensor regions = Tensors.of(new double[] {0, 0, 0, 3, 4, 0, 1, 2, 5, 5}, 2, 5);
    add(
        ":MaxRoiPool",
        node -> node.with("pooled_shape", new long[] {2, 2}),
        drawn(1, 2, 6, 6),
        regions);
  }

  // ---- graphs of several nodes

  private void constants() {
    GraphBuilder g = new GraphBuilder("constant");
    g.input("x", ElementType.FLOAT, 2, 3);
    g.node("Constant").with("value", TensorData.proto("w", numbers(12), 3, 4)).to("w");
    g.output(g.node("MatMul", "x", "w").to("y"), ElementType.FLOAT, 2, 4);
    add(Set.of(":Constant"), g, drawn(2, 3));
  }

  private void sequences() {
    GraphBuilder g = new GraphBuilder("sequences");
    g.input("a", ElementType.FLOAT, 2, 3);
    g.input("b", ElementType.FLOAT, 2, 2);
    g.initializer("first", new long[] {0});
    g.initializer("last", new long[] {-1});
    g.node("SequenceConstruct", "a", "b").to("two");
    g.node("SequenceInsert", "two", "a", "first").to("three");
    g.node("SequenceErase", "three", "first").to("again");
    g.node("SequenceAt", "again", "last").to("at");
    g.node("SequenceEmpty").to("none");
    g.node("SequenceInsert", "none", "at").to("one");
    g.node("ConcatFromSequence", "again").with("axis", 1).to("joined");
    g.node("ConcatFromSequence", "one").with("axis", 1).to("alone");
    g.node("SplitToSequence", "joined").with("axis", 1).to("columns");
    g.node("Optional", "columns").to("maybe");
    g.node("OptionalGetElement", "maybe").to("got");
    g.node("ConcatFromSequence", "got").with("axis", 0).to("stacked");
    g.output("alone", ElementType.FLOAT, 2, 2);
    g.output("stacked", ElementType.FLOAT, 10, 1);
    add(
        Set.of(
            ":SequenceConstruct",
            ":SequenceInsert",
            ":SequenceErase",
            ":SequenceAt",
            ":SequenceEmpty",
            ":ConcatFromSequence",
            ":SplitToSequence",
            ":Optional",
            ":OptionalGetElement"),
        g,
        drawn(2, 3),
        drawn(2, 2));
  }

  private void branches() {
    GraphBuilder then = new GraphBuilder("then");
    then.output(then.node("Tanh", "x").to("t"), ElementType.FLOAT, 3);
    GraphBuilder otherwise = new GraphBuilder("else");
    otherwise.output(otherwise.node("Neg", "x").to("e"), ElementType.FLOAT, 3);
    GraphBuilder g = new GraphBuilder("branches");
    g.input("x", ElementType.FLOAT, 3);
    g.input("chosen", ElementType.BOOL);
    g.node("If", "chosen").with("then_branch", then).with("else_branch", otherwise).to("y");
    g.output("y", ElementType.FLOAT, 3);
    add(Set.of(":If"), g, drawn(3), Tensors.ones(DType.BOOL));
  }
}
