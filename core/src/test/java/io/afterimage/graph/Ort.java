package io.afterimage.graph;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.platform.Fp16Conversions;
import io.afterimage.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Scores a model with ONNX Runtime: float, float16, int32, int64, int8, uint8, bool and text
 * inputs; outputs that are real numbers or int64. It has one thread: what it quantises as it goes
 * depends on how many share a batch.
 */
final class Ort implements Verify.Reference {
  private final OnnxModel model;

  Ort(OnnxModel model) {
    this.model = model;
  }

  @Override
  public Map<String, double[]> score(Map<String, Value> inputs) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      return score(environment, options, inputs);
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  private Map<String, double[]> score(
      OrtEnvironment environment, OrtSession.SessionOptions options, Map<String, Value> inputs)
      throws OrtException {
    Map<String, OnnxTensor> given = new HashMap<>();
    try (OrtSession session = environment.createSession(model.bytes(), options)) {
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
    return switch (x.dtype()) {
      case INT -> OnnxTensor.createTensor(environment, ints(x), x.shape());
      case LONG -> OnnxTensor.createTensor(environment, LongBuffer.wrap(x.toLongs()), x.shape());
      case BOOL -> OnnxTensor.createTensor(environment, bytes(x), x.shape(), OnnxJavaType.BOOL);
      case BYTE -> OnnxTensor.createTensor(environment, bytes(x), x.shape(), OnnxJavaType.INT8);
      case UBYTE -> OnnxTensor.createTensor(environment, bytes(x), x.shape(), OnnxJavaType.UINT8);
      case HALF -> OnnxTensor.createTensor(environment, halves(x), x.shape(), OnnxJavaType.FLOAT16);
      default -> OnnxTensor.createTensor(environment, FloatBuffer.wrap(x.toFloats()), x.shape());
    };
  }

  private static IntBuffer ints(Tensor x) {
    return IntBuffer.wrap(Arrays.stream(x.toLongs()).mapToInt(Math::toIntExact).toArray());
  }

  private static ByteBuffer bytes(Tensor x) {
    long[] values = x.toLongs();
    ByteBuffer buffer = ByteBuffer.allocateDirect(values.length);
    for (long value : values) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  private static ShortBuffer halves(Tensor x) {
    return Fp16Conversions.convertFloatBufferToFp16Buffer(FloatBuffer.wrap(x.toFloats()));
  }

  private static void numbers(OnnxTensor tensor, Map<String, double[]> outputs, String name) {
    TensorInfo info = tensor.getInfo();
    double[] values = new double[(int) info.getNumElements()];
    switch (info.type) {
      case FLOAT, FLOAT16 -> {
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
