package io.afterimage.target;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.platform.Fp16Conversions;
import io.afterimage.base.BadInputException;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.ValueInfo;
import io.afterimage.graph.Verify;
import io.afterimage.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What ONNX Runtime computes, whatever it means: every output that holds numbers. A sequence of
 * maps, one a row, counts as the matrix that ZipMap made it from.
 */
public final class OnnxReference implements Verify.Reference, AutoCloseable {
  private final OnnxModel model;
  private final OnnxSession session;
  private final TimeLimit limit;

  /** Opens a checked model; a BadInputException where ONNX Runtime does not take it. */
  public OnnxReference(OnnxModel model, int threads) {
    this(model, threads, TimeLimit.FEW_ROWS);
  }

  OnnxReference(OnnxModel model, int threads, Duration limit) {
    this.model = model;
    this.limit = TimeLimit.of(model, limit);
    session = new OnnxSession(model, threads);
  }

  @Override
  public Map<String, double[]> score(Map<String, Value> inputs) {
    return session.runAll(tensors(model, inputs), limit, this::outputs);
  }

  // ---- inputs

  /** What ONNX Runtime is given for these values. */
  static Map<String, OnnxTensor> tensors(OnnxModel model, Map<String, Value> inputs) {
    Map<String, OnnxTensor> tensors = new LinkedHashMap<>();
    try {
      for (ValueInfo input : model.inputs()) {
        Value value = inputs.get(input.name());
        if (value != null) {
          tensors.put(input.name(), tensor(input, value));
        }
      }
      return tensors;
    } catch (OrtException | RuntimeException e) {
      tensors.values().forEach(OnnxTensor::close);
      throw e instanceof BadInputException bad
          ? bad
          : new BadInputException(model.name() + " cannot be given these rows: " + e, e);
    }
  }

  private static OnnxTensor tensor(ValueInfo input, Value value) throws OrtException {
    if (value instanceof Value.Strings texts) {
      return OnnxTensor.createTensor(
          OnnxSession.environment(), texts.values().toArray(String[]::new), texts.shape());
    }
    ElementType type = input.element().orElseThrow();
    return OnnxTensor.createTensor(
        OnnxSession.environment(),
        bytes(type, ((Value.Numbers) value).tensor()),
        value.shape(),
        OnnxJavaType.valueOf(type.name()));
  }

  private static ByteBuffer bytes(ElementType type, Tensor tensor) {
    int size = Math.toIntExact(Math.multiplyExact(tensor.count(), type.bytes()));
    ByteBuffer bytes = ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
    if (type.isFloating()) {
      for (double number : tensor.toDoubles()) {
        put(bytes, type, number);
      }
    } else {
      for (long number : tensor.toLongs()) {
        put(bytes, type, number);
      }
    }
    return bytes.flip();
  }

  private static void put(ByteBuffer bytes, ElementType type, double number) {
    switch (type) {
      case DOUBLE -> bytes.putDouble(number);
      case FLOAT16 -> bytes.putShort(Fp16Conversions.floatToFp16((float) number));
      case BFLOAT16 -> bytes.putShort(Fp16Conversions.floatToBf16((float) number));
      default -> bytes.putFloat((float) number);
    }
  }

  private static void put(ByteBuffer bytes, ElementType type, long number) {
    switch (type.bytes()) {
      case Long.BYTES -> bytes.putLong(number);
      case Integer.BYTES -> bytes.putInt((int) number);
      case Short.BYTES -> bytes.putShort((short) number);
      default -> bytes.put((byte) number);
    }
  }

  // ---- outputs

  private Map<String, double[]> outputs(OrtSession.Result result) throws OrtException {
    Map<String, double[]> outputs = new LinkedHashMap<>();
    for (ValueInfo info : model.outputs()) {
      OnnxValue value = result.get(info.name()).orElseThrow();
      List<String> classes = OutputMeaning.read(model, info.name()).classes();
      session.requireReadable(info.name(), value);
      if (info.element().filter(type -> type != ElementType.STRING).isPresent()) {
        outputs.put(info.name(), RawAnswers.doubles((OnnxTensor) value));
      } else if (info.type().startsWith(ScoreOutput.MAPS) && !classes.isEmpty()) {
        outputs.put(info.name(), RawAnswers.maps(value, classes).values());
      }
    }
    return outputs;
  }

  @Override
  public void close() {
    session.close();
  }
}
