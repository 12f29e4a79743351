package io.afterimage.train;

import static io.afterimage.train.Numbers.answers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Gaussians;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TrainingForm;
import io.afterimage.graph.TrainingForm.BatchNorm;
import io.afterimage.tensor.NoLeakedTensors;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs that ONNX Runtime's optimiser wrote are trained as those that it read. */
@ExtendWith(NoLeakedTensors.class)
class OptimisedGraphTest {
  private static final int ROWS = 60;

  private static OnnxModel model(String name) {
    String root = System.getProperty("afterimage.root", "..");
    return OnnxModel.read(
        Path.of(root, "core/src/test/resources/fixtures/optimised", name + ".onnx"));
  }

  private static Shape row(OnnxModel model) {
    return model.inputs().get(0).dimensions().size() == 2 ? new Shape(6) : new Shape(1, 8, 8);
  }

  private static float[] rows(Shape row) {
    return Gaussians.floats(ROWS * row.size(), Run.of(1).random("rows"));
  }

  private static List<Double> losses(OnnxModel model) {
    Shape row = row(model);
    float[] x = rows(row);
    int[] classes = new int[ROWS];
    for (int i = 0; i < ROWS; i++) {
      classes[i] = x[i * row.size() + row.size() / 2] > 0 ? 1 : 0;
    }
    return Trainer.train(
            model,
            Examples.ofClasses(model.inputs().get(0).name(), x, row, classes),
            Loss.crossEntropy(model),
            Optimiser.Adam.of(0.02),
            Trainer.Settings.of(20, 20),
            Run.of(3))
        .record()
        .losses();
  }

  @ParameterizedTest
  @ValueSource(strings = {"cnn-fused", "mlp-quick-gelu"})
  void trainedFromFreshWeightsTheLossFalls(String name) {
    assertFalls(losses(FreshWeights.of(model(name), Run.of(2))));
  }

  private static void assertFalls(List<Double> losses) {
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.7 * losses.get(0));
  }

  @Test
  void batchNormalisationStandsBetweenAConvolutionAndWhatWasFusedToIt() {
    OnnxModel model = model("cnn-fused");
    OnnxModel form = TrainingForm.of(model, BatchNorm.AFTER_CONV, 0.2);
    long fused = count(model, "FusedConv");
    assertThat(fused).isPositive();
    assertThat(count(form, "FusedConv")).isZero();
    assertThat(count(form, "BatchNormalization")).isGreaterThanOrEqualTo(fused);
    float[] x = rows(row(model));
    String output = model.outputs().get(0).name();
    // Untrained it divides by the root of 1 + 1e-5 alone.
    assertThat(answers(form, x, row(model), output))
        .containsExactly(answers(model, x, row(model), output), within(1e-4));
    assertFalls(losses(form));
  }

  private static long count(OnnxModel model, String type) {
    return model.nodes().stream().map(Node::type).filter(type::equals).count();
  }
}
