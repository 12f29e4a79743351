package io.afterimage.train;

import static io.afterimage.train.Numbers.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class FreshWeightsTest {
  private static final int COLUMNS = 30;
  private static final OnnxModel LENET =
      Architectures.lenet(10).over(new Shape(1, 16, 16), Run.of(1));

  @Test
  void keepsTheGraphAndForgetsTheWeights() {
    OnnxModel fresh = FreshWeights.of(LENET, Run.of(2));
    assertThat(fresh.nodes()).extracting(Node::label).isEqualTo(labels(LENET));
    assertThat(fresh.initializers()).isEqualTo(LENET.initializers());
    assertThat(fresh.sha256()).isNotEqualTo(LENET.sha256());
  }

  @Test
  void oneSeedGivesOneModelWhateverTheWeightsWere() {
    OnnxModel once = FreshWeights.of(LENET, Run.of(2));
    assertThat(FreshWeights.of(once, Run.of(2)).sha256()).isEqualTo(once.sha256());
    assertThat(FreshWeights.of(LENET, Run.of(3)).sha256()).isNotEqualTo(once.sha256());
  }

  /**
   * The variance of n uniform draws lies within 4 standard errors, sqrt(0.8 / n) of itself each.
   */
  @Test
  void weightsHaveGlorotsVarianceAndBiasesAreZero() {
    Map<String, float[]> values = parameters(FreshWeights.of(LENET, Run.of(4)));
    assertThat(values.keySet()).contains("conv0.weight", "conv0.bias");
    assertThat(values.get("conv0.bias")).containsOnly(0);
    float[] dense = Objects.requireNonNull(values.get("dense7.weight"), values::toString);
    double variance = Arrays.stream(doubles(dense)).map(w -> w * w).average().orElseThrow();
    double glorot = 2.0 / (dense.length / 120 + 120);
    assertThat(variance).isCloseTo(glorot, within(4 * glorot * Math.sqrt(0.8 / dense.length)));
  }

  /** Else the two sigmoids of scikit-learn's binary models would no longer add up to 1. */
  @Test
  void trainedAgainABinaryLinearModelKeepsItsColumnsOpposite() throws IOException {
    OnnxModel fresh = FreshWeights.of(binary(), Run.of(5));
    float[] x = Gaussians.floats(400 * COLUMNS, Run.of(6).random("rows"));
    int[] y = new int[400];
    Arrays.setAll(y, row -> x[row * COLUMNS] > 0 ? 1 : 0);
    String input = fresh.inputs().get(0).name();
    OnnxModel trained =
        Trainer.train(
                fresh,
                Examples.ofClasses(input, x, new Shape(COLUMNS), y),
                Loss.crossEntropy(fresh),
                Optimiser.Adam.of(0.01),
                Trainer.Settings.of(20, 16),
                Run.of(7))
            .model();
    parameters(trained)
        .forEach(
            (name, values) -> {
              for (int i = 0; i < values.length / 2; i++) {
                assertThat(values[i]).isCloseTo(-values[values.length / 2 + i], within(1e-4f));
              }
            });
    assertThat(parameters(trained).values()).anySatisfy(v -> assertThat(v[0]).isNotZero());
  }

  private static OnnxModel binary() throws IOException {
    try (InputStream in =
        FreshWeightsTest.class.getResourceAsStream("/fixtures/sklearn-binary.onnx")) {
      return OnnxModel.read(Objects.requireNonNull(in).readAllBytes(), "sklearn-binary");
    }
  }

  private static List<String> labels(OnnxModel model) {
    return model.nodes().stream().map(Node::label).toList();
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    Arrays.setAll(doubles, i -> values[i]);
    return doubles;
  }
}
