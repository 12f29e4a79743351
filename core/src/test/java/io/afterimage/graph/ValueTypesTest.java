package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.NodeProto;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTypesTest {
  /** Labels may be whole numbers: taken for floats, a division of them would not be guarded. */
  @Test
  void aClassifiersLabelsAreNotTakenForScores() {
    assertThat(types("LinearClassifier", "labels").of("labels")).isEmpty();
    ValueTypes both = types("LinearClassifier", "labels", "scores");
    assertThat(both.of("labels")).isEmpty();
    assertThat(both.of("scores")).contains(ElementType.FLOAT);
    assertThat(types("LinearRegressor", "scores").of("scores")).contains(ElementType.FLOAT);
  }

  private static ValueTypes types(String operator, String... outputs) {
    NodeProto node =
        NodeProto.newBuilder()
            .setDomain(Node.ML)
            .setOpType(operator)
            .addInput("x")
            .addAllOutput(List.of(outputs))
            .build();
    return ValueTypes.of(List.of(node));
  }
}
