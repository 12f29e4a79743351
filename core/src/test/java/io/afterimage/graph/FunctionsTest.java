package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.AttributeProto.AttributeType;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** Models that bring functions of their own. */
@ExtendWith(ScopePerTest.class)
class FunctionsTest {
  private static final String OWN = "my.own";
  private static final int OPSET = 17;

  private static NodeProto.Builder node(
      String domain, String type, String output, String... inputs) {
    return NodeProto.newBuilder()
        .setDomain(domain)
        .setOpType(type)
        .addAllInput(List.of(inputs))
        .addOutput(output);
  }

  private static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  private static AttributeProto reference(String name, String formal) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setRefAttrName(formal)
        .build();
  }

  private static FunctionProto.Builder function(String name, long opset) {
    return FunctionProto.newBuilder()
        .setDomain(OWN)
        .setName(name)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(opset))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(OWN).setVersion(1));
  }

  /** y = leaky(x) where slope stands for alpha, 0.5 unless the call gives it. */
  private static FunctionProto leaky(long opset) {
    return function("Leaky", opset)
        .addInput("x")
        .addOutput("y")
        .addAttributeProto(number("slope", 0.5f))
        .addNode(node("", "LeakyRelu", "h", "x").addAttribute(reference("alpha", "slope")))
        .addNode(node("", "Identity", "y", "h"))
        .build();
  }

  /** Two of them one after the other, the first with another slope; h is a name in both. */
  private static FunctionProto twice() {
    return function("Twice", OPSET)
        .addInput("x")
        .addInput("unused")
        .addOutput("z")
        .addNode(node(OWN, "Leaky", "h", "x").addAttribute(number("slope", 0.25f)))
        .addNode(node(OWN, "Leaky", "z", "h"))
        .build();
  }

  private static ModelProto model(List<NodeProto> nodes, FunctionProto... functions) {
    GraphBuilder g = new GraphBuilder("calls");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.node("Identity", "x").to("y");
    g.output("y", ElementType.FLOAT, "N", 2);
    ModelProto plain = g.build().proto();
    GraphProto graph = plain.getGraph().toBuilder().clearNode().addAllNode(nodes).build();
    return plain.toBuilder()
        .setGraph(graph)
        .addAllFunctions(List.of(functions))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(OWN).setVersion(1))
        .build();
  }

  private static OnnxModel read(ModelProto proto) {
    return OnnxModel.read(proto.toByteArray(), "calls.onnx");
  }

  private static void refused(ModelProto proto, String message) {
    assertThatThrownBy(() -> read(proto))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("calls.onnx: ")
        .hasMessageContaining(message)
        .hasMessageNotContaining("\n");
  }

  private static NodeProto call(String type, String output, String... inputs) {
    return node(OWN, type, output, inputs).setName("call").build();
  }

  @Test
  void callsAreReplacedByTheNodesOfTheFunction() {
    OnnxModel model = read(model(List.of(call("Twice", "y", "x")), leaky(OPSET), twice()));
    assertThat(model.nodes().stream().map(Node::type))
        .containsExactly("LeakyRelu", "Identity", "LeakyRelu", "Identity");
    try (Interpreter interpreter = Interpreter.of(model)) {
      assertThat(interpreter.run(Tensors.of(new float[] {-8, 3}, 1, 2), "y").toDoubles())
          .containsExactly(-1, 3);
    }
  }

  @Test
  void callsAgreeWithOnnxRuntimeAndDifferences() {
    NodeProto first = node(OWN, "Twice", "h", "x").build();
    OnnxModel model = read(model(List.of(first, call("Leaky", "y", "h")), leaky(OPSET), twice()));
    Agreement.check(model, 1e-6, 1e-6);
  }

  @Test
  void aFunctionOfAnOlderVersionIsWrittenOutWhereItsNodesMeanTheSame() {
    OnnxModel model = read(model(List.of(call("Leaky", "y", "x")), leaky(OPSET - 3)));
    assertThat(model.nodes()).extracting(Node::type).containsExactly("LeakyRelu", "Identity");
    Agreement.check(model, 1e-6, 1e-6);
  }

  // Before 13, softmax worked over all axes from its own on.
  @Test
  void aFunctionWhoseNodesMeantSomethingElseStaysACall() {
    FunctionProto.Builder shares = function("Shares", 12).addInput("x").addOutput("y");
    shares.addNode(node("", "Softmax", "y", "x"));
    OnnxModel model = read(model(List.of(call("Shares", "y", "x")), shares.build()));
    assertThat(model.nodes()).extracting(Node::operator).containsExactly("my.own.Shares");
    assertThat(Interpreter.supports(model)).noneMatch(OperatorSupport::interpreted);
  }

  @Test
  void theFileStaysAsItIs() {
    ModelProto proto = model(List.of(call("Leaky", "y", "x")), leaky(OPSET));
    assertThat(read(proto).bytes()).isEqualTo(proto.toByteArray());
  }

  @Test
  void constantsInAFunctionAreParametersOfEachCall() {
    GraphBuilder g = new GraphBuilder("weights");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.node("Constant").with("value", TensorData.proto("", new float[] {1, 0, 0, 1}, 2, 2)).to("w");
    g.output(g.node("MatMul", "x", "w").to("y"), ElementType.FLOAT, "N", 2);
    FunctionProto dense =
        function("Dense", OPSET)
            .addInput("x")
            .addOutput("y")
            .addAllNode(g.build().graph().getNodeList())
            .build();
    NodeProto first = node(OWN, "Dense", "h", "x").build();
    OnnxModel model = read(model(List.of(first, call("Dense", "y", "h")), dense));
    assertThat(model.parameters().stream().map(Parameter::name))
        .containsExactly("h/Dense/w", "y/Dense/w");
    OnnxModel changed = model.withParameters(Map.of("h/Dense/w", new float[] {2, 0, 0, 3}));
    try (Interpreter interpreter = Interpreter.of(changed)) {
      assertThat(interpreter.run(Tensors.of(new float[] {1, 1}, 1, 2), "y").toDoubles())
          .containsExactly(2, 3);
    }
  }

  @Test
  void recursionIsRefused() {
    FunctionProto self =
        function("Self", OPSET)
            .addInput("x")
            .addOutput("y")
            .addNode(node(OWN, "Self", "y", "x"))
            .build();
    refused(model(List.of(call("Self", "y", "x")), self), "function my.own.Self calls itself");
  }

  @Test
  @Timeout(20)
  void callsThatMultiplyAreRefused() {
    FunctionProto[] functions = new FunctionProto[12];
    for (int level = 0; level < functions.length; level++) {
      FunctionProto.Builder f = function("F" + level, OPSET).addInput("x").addOutput("y9");
      for (int i = 0; i < 10; i++) {
        String input = i == 0 ? "x" : "y" + (i - 1);
        String type = level == 0 ? "Relu" : "F" + (level - 1);
        f.addNode(node(level == 0 ? "" : OWN, type, "y" + i, input));
      }
      functions[level] = f.build();
    }
    refused(model(List.of(call("F11", "y", "x")), functions), "written out have more than");
  }

  @Test
  void callsThatDoNotFitAreRefused() {
    refused(
        model(List.of(call("Leaky", "y", "x", "x")), leaky(OPSET)),
        "node Leaky \"call\" gives 2 inputs and 1 outputs to a function of 1 and 1");
    refused(
        model(List.of(call("Leaky", "y", "x")), leaky(OPSET), leaky(OPSET)),
        "two functions are called my.own.Leaky");
    refused(
        model(List.of(call("Leaky", "y", "x")), leaky(OPSET).toBuilder().addInput("x").build()),
        "function Leaky has two inputs called \"x\"");
  }

  @Test
  void anOperatorOfAnotherDomainWithoutAFunctionIsRefused() {
    refused(
        model(List.of(call("Mystery", "y", "x"))),
        "node \"call\": Mystery is an operator of domain \"my.own\"");
  }
}
