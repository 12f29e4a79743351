package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Models with a few bytes changed are executed, or refused in one line: nothing else. */
@ExtendWith(NoLeakedTensors.class)
class DamagedModelTest {
  private static final int VARIANTS = 3000;

  private static OnnxModel network() {
    GraphBuilder g = new GraphBuilder("network");
    g.input("x", ElementType.FLOAT, "N", 1, 4, 4);
    g.initializer("w", new float[8], 2, 1, 2, 2);
    g.initializer("shape", new long[] {0, -1}, 2);
    g.initializer("v", new float[16], 8, 2);
    g.node("Conv", "x", "w").with("pads", new long[] {0, 1, 1, 0}).to("c");
    g.node("MaxPool", "c")
        .with("kernel_shape", new long[] {2, 2})
        .with("strides", new long[] {2, 2})
        .to("m");
    g.node("Reshape", "m", "shape").to("r");
    g.node("Gemm", "r", "v").with("alpha", 0.5).to("z");
    g.output(g.node("Softmax", "z").with("axis", 1).to("p"), ElementType.FLOAT, "N", 2);
    return g.build();
  }

  private static OnnxModel forest() {
    double[][] answers = {{}, {1, 0}, {0, 1}};
    int[] feature = {0, -1, -1};
    int[] left = {1, -1, -1};
    int[] right = {2, -1, -1};
    TreeEnsembles.Nodes tree = new TreeEnsembles.Nodes(feature, new float[3], left, right, answers);
    return TreeEnsembles.classifier("forest", 2, List.of(tree, tree), List.of("a", "b"));
  }

  @Test
  void networksAreExecutedOrRefusedInOneLine() {
    damaged(network().bytes());
  }

  @Test
  void forestsAreExecutedOrRefusedInOneLine() {
    damaged(forest().bytes());
  }

  private static void damaged(byte[] whole) {
    int executed = 0;
    for (int variant = 0; variant < VARIANTS; variant++) {
      RandomGenerator random = Run.of(variant).random("damage");
      byte[] bytes = whole.clone();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      if (executes(bytes, variant)) {
        executed++;
      }
    }
    assertThat(executed).isBetween(1, VARIANTS - 1);
  }

  private static boolean executes(byte[] bytes, int variant) {
    try {
      OnnxModel model = OnnxModel.read(bytes, "damaged.onnx");
      List<String> outputs = model.outputs().stream().map(ValueInfo::name).toList();
      Interpreter.supports(model);
      outputs.forEach(output -> Outputs.finalScores(model, output));
      TensorScope.run(() -> execute(model, outputs));
      return true;
    } catch (BadInputException e) {
      assertThat(e.getMessage()).as("variant %d", variant).doesNotContain("\n");
      return false;
    } catch (RuntimeException e) {
      return fail("variant " + variant, e);
    }
  }

  private static void execute(OnnxModel model, List<String> outputs) {
    try (Interpreter interpreter = Interpreter.of(model)) {
      interpreter.run(Verify.drawnInputs(model, 2, Run.of(1)), outputs);
    }
  }
}
