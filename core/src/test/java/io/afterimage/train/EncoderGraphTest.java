package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncoderGraphTest {

  @Test
  void onnxRuntimeEncodesBitByBitAsTheEncoderDoes() throws OrtException {
    Dataset rows = Tables.mixed(200, 1);
    Encoder encoder = Encoder.fit(rows);
    GraphBuilder graph = new GraphBuilder("encoder");
    graph.node("Identity", EncoderGraph.add(graph, encoder)).to("rows");
    graph.output("rows", ElementType.FLOAT, "N", encoder.width());
    float[][] encoded = run(graph.build().bytes(), rows);
    float[] expected = encoder.encode(rows);
    for (int row = 0; row < rows.rows(); row++) {
      for (int i = 0; i < encoder.width(); i++) {
        assertThat(encoded[row][i]).isEqualTo(expected[row * encoder.width() + i]);
      }
    }
  }

  private static float[][] run(byte[] model, Dataset rows) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(model)) {
      Map<String, OnnxTensor> inputs = new HashMap<>();
      for (Column column : rows.inputs()) {
        inputs.put(column.name(), OnnxTensor.createTensor(environment, cells(column)));
      }
      try (OrtSession.Result result = session.run(inputs)) {
        return (float[][]) result.get(0).getValue();
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
    }
  }

  private static Object cells(Column column) {
    String[][] texts = new String[column.rows()][1];
    double[][] numbers = new double[column.rows()][1];
    for (int row = 0; row < column.rows(); row++) {
      if (column instanceof Column.Numeric numeric) {
        numbers[row][0] = numeric.get(row);
      } else {
        String text = column.text(row);
        texts[row][0] = text == null ? "" : text;
      }
    }
    return column instanceof Column.Numeric ? numbers : texts;
  }
}
