package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import io.afterimage.base.BadInputException;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Trees worked out by hand. Two tests of the only feature: x ? 2, then where false x ? 5. */
@ExtendWith(ScopePerTest.class)
class EnsembleTest {
  private static final float NAN = Float.NaN;

  private static TensorProto bytes(int... values) {
    byte[] raw = new byte[values.length];
    for (int i = 0; i < raw.length; i++) {
      raw[i] = (byte) values[i];
    }
    return TensorProto.newBuilder()
        .setDataType(ElementType.UINT8.code())
        .addDims(raw.length)
        .setRawData(ByteString.copyFrom(raw))
        .build();
  }

  private static TensorProto floats(float... values) {
    return TensorData.proto("", values, values.length);
  }

  private static OneNode indexed(int mode) {
    return indexed(mode, new long[] {0, 1}, 1);
  }

  /** Leaves worth 1, 10 and 100; the first tree starts at the first test, the second alone. */
  private static OneNode indexed(int mode, long[] roots, long aggregate) {
    return OneNode.of(Node.ML, "TreeEnsemble", 5)
        .with("aggregate_function", aggregate)
        .with("n_targets", 1)
        .with("tree_roots", roots)
        .with("nodes_modes", bytes(mode, mode))
        .with("nodes_splits", floats(2, 5))
        .with("nodes_featureids", new long[] {0, 0})
        .with("nodes_missing_value_tracks_true", new long[] {0, 1})
        .with("nodes_truenodeids", new long[] {0, 1})
        .with("nodes_trueleafs", new long[] {1, 1})
        .with("nodes_falsenodeids", new long[] {2, 2})
        .with("nodes_falseleafs", new long[] {1, 1})
        .with("leaf_targetids", new long[] {0, 0, 0})
        .with("leaf_weights", floats(1, 10, 100));
  }

  private static float[] run(OneNode node, float... x) {
    return node.run(Tensors.of(x, x.length, 1)).toFloats();
  }

  @Test
  void everyModeComparesAsItsNameSays() {
    float[] x = {1, 2, 3, 5, 6};
    assertThat(run(indexed(0), x)).containsExactly(11, 11, 110, 110, 200);
    assertThat(run(indexed(1), x)).containsExactly(11, 110, 110, 200, 200);
    assertThat(run(indexed(2), x)).containsExactly(200, 101, 101, 11, 11);
    assertThat(run(indexed(3), x)).containsExactly(200, 200, 101, 101, 11);
    assertThat(run(indexed(4), x)).containsExactly(200, 101, 200, 110, 200);
    assertThat(run(indexed(5), x)).containsExactly(11, 110, 11, 101, 11);
  }

  @Test
  void aMissingValueGoesWhereTheNodeSays() {
    assertThat(run(indexed(0), NAN)).containsExactly(110);
  }

  @Test
  void setsFollowOneAnotherAndEndInNaN() {
    OneNode node = indexed(6).with("membership_values", floats(1, 7, NAN, 7, -0.0f, NAN));
    assertThat(run(node, 1, 7, 0, 3)).containsExactly(101, 11, 110, 200);
  }

  @Test
  void treesAreCombinedAsAsked() {
    long[] both = {0, 1};
    assertThat(run(indexed(0, both, 0), 1, 3)).containsExactly(5.5f, 55);
    assertThat(run(indexed(0, both, 2), 1, 3)).containsExactly(1, 10);
    assertThat(run(indexed(0, both, 3), 1, 3)).containsExactly(10, 100);
  }

  @Test
  void thresholdsAreComparedInThePrecisionOfTheInput() {
    double near = 2 + 1e-12;
    Tensor asDouble = Tensors.of(new double[] {near}, 1, 1);
    assertThat(indexed(0).run(asDouble).toDoubles()).containsExactly(110);
    assertThat(run(indexed(0), (float) near)).containsExactly(11);
  }

  private static OneNode named() {
    return OneNode.of(Node.ML, "TreeEnsembleRegressor", 3)
        .with("nodes_treeids", new long[] {0, 0, 0})
        .with("nodes_nodeids", new long[] {0, 1, 2})
        .with("nodes_featureids", new long[] {0, 0, 0})
        .with("nodes_modes", List.of("BRANCH_LT", "LEAF", "LEAF"))
        .with("nodes_truenodeids", new long[] {1, 0, 0})
        .with("nodes_falsenodeids", new long[] {2, 0, 0})
        .with("target_treeids", new long[] {0, 0})
        .with("target_nodeids", new long[] {1, 2})
        .with("target_ids", new long[] {0, 0});
  }

  @Test
  void numbersMayStandInTensorsOfDouble() {
    OneNode node =
        named()
            .with("nodes_values_as_tensor", TensorData.proto("", new double[] {2.5, 0, 0}, 3))
            .with("base_values_as_tensor", TensorData.proto("", new double[] {0.5}, 1))
            .with("target_weights_as_tensor", TensorData.proto("", new double[] {-1, 4}, 2));
    assertThat(run(node, 2, 3)).containsExactly(-0.5f, 4.5f);
  }

  @Test
  void anOutputWithoutVotesIsZeroWhateverTheAggregate() {
    OneNode node =
        named()
            .with("n_targets", 2)
            .with("aggregate_function", "MIN")
            .with("nodes_values", new float[] {2.5f, 0, 0})
            .with("target_weights", new float[] {-1, 4});
    assertThat(run(node, 2, 3)).containsExactly(-1, 0, 4, 0);
  }

  // Whatever is 1 or 3 goes on to the same test, as LightGBM's sets of categories are written.
  @Test
  void branchesMayShareWhatFollowsThem() {
    OneNode node =
        OneNode.of(Node.ML, "TreeEnsembleRegressor", 3)
            .with("nodes_treeids", new long[6])
            .with("nodes_nodeids", new long[] {0, 1, 2, 3, 4, 5})
            .with("nodes_featureids", new long[6])
            .with("nodes_values", new float[] {1, 3, 2, 0, 0, 0})
            .with(
                "nodes_modes",
                List.of("BRANCH_EQ", "BRANCH_EQ", "BRANCH_LEQ", "LEAF", "LEAF", "LEAF"))
            .with("nodes_truenodeids", new long[] {2, 2, 3, 0, 0, 0})
            .with("nodes_falsenodeids", new long[] {1, 5, 4, 0, 0, 0})
            .with("target_treeids", new long[3])
            .with("target_nodeids", new long[] {3, 4, 5})
            .with("target_ids", new long[3])
            .with("target_weights", new float[] {10, 20, 30});
    assertThat(run(node, 1, 2, 3, 4)).containsExactly(10, 30, 20, 30);
  }

  @Test
  void brokenTreesAreRefused() {
    OneNode circle =
        indexed(0)
            .with("nodes_falsenodeids", new long[] {1, 0})
            .with("nodes_falseleafs", new long[] {0, 0});
    assertThatThrownBy(() -> run(circle, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("its branches go round in a circle");
    OneNode beyond = indexed(0).with("nodes_truenodeids", new long[] {0, 3});
    assertThatThrownBy(() -> run(beyond, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("node 1 goes on to");
    assertThatThrownBy(() -> run(indexed(9), 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("mode number 9");
  }
}
