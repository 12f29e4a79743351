package io.afterimage.target;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.afterimage.base.BadInputException;
import io.afterimage.graph.OnnxModel;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime with one model loaded, which the checker has accepted. Only built-in operators: no
 * library that a model may want is ever loaded. Safe to run from several threads.
 */
final class OnnxSession implements AutoCloseable {
  private final OrtSession session;
  private final String model;

  OnnxSession(OnnxModel model, int threads) {
    this.model = model.name();
    try (OrtSession.SessionOptions options = options(threads)) {
      session = environment().createSession(model.bytes(), options);
    } catch (OrtException e) {
      throw new BadInputException(
          model.name() + ": ONNX Runtime does not take it: " + oneLine(e), e);
    }
  }

  // Spinning threads that wait for each other cost far more than they save beside other work.
  private static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.load_model_format", "ONNX");
    return options;
  }

  static OrtEnvironment environment() {
    return Environment.INSTANCE;
  }

  /** What is read from an output. */
  @FunctionalInterface
  interface Reader<R> {
    R read(OnnxValue value) throws OrtException;
  }

  /** Runs the model on these inputs, which it closes, and reads one output. */
  <R> R run(Map<String, OnnxTensor> inputs, String output, Reader<R> reader) {
    try (OrtSession.Result result = session.run(inputs, Set.of(output))) {
      return reader.read(result.get(0));
    } catch (OrtException e) {
      throw new BadInputException(model + " cannot score these rows: " + oneLine(e), e);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  /** The first line of what ONNX Runtime says, cut to what fits on a screen's line or three. */
  static String oneLine(OrtException e) {
    String line = String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    return line.length() > 240 ? line.substring(0, 240) + "…" : line;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Loads the native library when the first model is opened, not before. */
  private static final class Environment {
    static final OrtEnvironment INSTANCE =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "afterimage");

    static {
      try {
        INSTANCE.setTelemetry(false);
      } catch (OrtException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
