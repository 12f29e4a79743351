package io.afterimage.target;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import io.afterimage.graph.BatchTrace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/** What ONNX Runtime computed of every value; valid while the result is open. */
record SessionTrace(OrtSession.Result result) implements BatchTrace {
  private static final long MOST_INTEGERS = 1 << 12;

  private Optional<OnnxTensor> tensor(String value) {
    Optional<OnnxValue> found = result.get(value);
    return found.filter(OnnxTensor.class::isInstance).map(OnnxTensor.class::cast);
  }

  @Override
  public Optional<long[]> shape(String value) {
    return tensor(value).map(tensor -> tensor.getInfo().getShape());
  }

  @Override
  public Optional<long[]> integers(String value) {
    return tensor(value)
        .filter(tensor -> tensor.getInfo().type != OnnxJavaType.STRING)
        .filter(tensor -> tensor.getInfo().getNumElements() <= MOST_INTEGERS)
        .flatMap(SessionTrace::integers);
  }

  private static Optional<long[]> integers(OnnxTensor tensor) {
    ByteBuffer bytes = tensor.getByteBuffer().order(ByteOrder.nativeOrder());
    long[] numbers = new long[(int) tensor.getInfo().getNumElements()];
    for (int i = 0; i < numbers.length; i++) {
      switch (tensor.getInfo().type) {
        case INT64 -> numbers[i] = bytes.getLong();
        case INT32 -> numbers[i] = bytes.getInt();
        case BOOL -> numbers[i] = bytes.get();
        default -> {
          return Optional.empty();
        }
      }
    }
    return Optional.of(numbers);
  }

  @Override
  public boolean sameAlong(String value, int axis) {
    return tensor(value)
        .filter(tensor -> tensor.getInfo().type != OnnxJavaType.STRING)
        .map(tensor -> BatchTrace.sameAlong(bytes(tensor), tensor.getInfo().getShape(), axis))
        .orElse(false);
  }

  private static byte[] bytes(OnnxTensor tensor) {
    ByteBuffer buffer = tensor.getByteBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
