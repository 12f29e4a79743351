package io.afterimage.graph;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import io.afterimage.tensor.Tensor;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Scores a model with ONNX Runtime: float, int64 and text inputs; outputs that are numbers. */
final class Ort implements Verify.Reference {
  private final OnnxModel model;

  Ort(OnnxModel model) {
    this.model = model;
  }

  @Override
  public Map<String, double[]> score(Map<String, Value> inputs) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> given = new HashMap<>();
    try (OrtSession session = environment.createSession(model.bytes())) {
      for (Map.Entry<String, Value> input : inputs.entrySet()) {
        given.put(input.getKey(), tensor(environment, input.getValue()));
      }
      Map<String, double[]> outputs = new LinkedHashMap<>();
      try (OrtSession.Result result = session.run(given)) {
        for (Map.Entry<String, OnnxValue> output : result) {
          if (output.getValue() instanceof OnnxTensor tensor) {
            numbers(tensor, outputs, output.getKey());
          }
        }
      }
      return outputs;
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static OnnxTensor tensor(OrtEnvironment environment, Value value) throws OrtException {
    if (value instanceof Value.Strings strings) {
      return OnnxTensor.createTensor(
          environment, strings.values().toArray(String[]::new), strings.shape());
    }
    Tensor x = ((Value.Numbers) value).tensor();
    return x.dtype().isFloating()
        ? OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloats()), x.shape())
        : OnnxTensor.createTensor(environment, LongBuffer.wrap(x.toLongs()), x.shape());
  }

  private static void numbers(OnnxTensor tensor, Map<String, double[]> outputs, String name) {
    TensorInfo info = tensor.getInfo();
    double[] values = new double[(int) info.getNumElements()];
    switch (info.type) {
      case FLOAT -> {
        FloatBuffer buffer = tensor.getFloatBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = buffer.get(i);
        }
        outputs.put(name, values);
      }
      case INT64 -> {
        LongBuffer buffer = tensor.getLongBuffer();
        for (int i = 0; i < values.length; i++) {
          values[i] = buffer.get(i);
        }
        outputs.put(name, values);
      }
      default -> {}
    }
  }
}
