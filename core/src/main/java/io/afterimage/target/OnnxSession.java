package io.afterimage.target;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.RuntimeForm;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * ONNX Runtime with one model loaded, which the checker has accepted. Only built-in operators: no
 * library that a model may want is ever loaded. Safe to run from several threads.
 */
final class OnnxSession implements AutoCloseable {
  private static final long DEEP_STACK = 1L << 29;

  /** How ONNX Runtime names an operator that it lacks, or lacks for these types. */
  private static final Pattern NO_OPERATOR =
      Pattern.compile("(?:No Op registered for|Could not find an implementation for) (\\w+)");

  /** How ONNX Runtime names a value of another type than declared, and its node by name alone. */
  private static final Pattern OTHER_TYPE = Pattern.compile("output arg \\((.*?)\\) of node ");

  private final OrtSession session;
  private final String model;

  OnnxSession(OnnxModel model, int threads) {
    this(model, RuntimeForm.of(model), threads);
  }

  private OnnxSession(OnnxModel model, byte[] bytes, int threads) {
    this.model = model.name();
    try (OrtSession.SessionOptions options = options(threads)) {
      session = environment().createSession(bytes, options);
    } catch (OrtException e) {
      String what = misdeclared(model, e).map(Node::label).orElse("it");
      throw refused(this.model + ": ONNX Runtime does not take " + what + ": " + oneLine(e), e);
    }
  }

  private static Optional<Node> misdeclared(OnnxModel model, OrtException e) {
    Matcher value = OTHER_TYPE.matcher(String.valueOf(e.getMessage()));
    return value.find() ? model.producer(value.group(1)) : Optional.empty();
  }

  /** The model with every value of its graph among its outputs. */
  static OnnxSession talkative(OnnxModel model, int threads) {
    return new OnnxSession(model, RuntimeForm.talkative(model), threads);
  }

  private static BadInputException refused(String message, OrtException e) {
    Matcher missing = NO_OPERATOR.matcher(String.valueOf(e.getMessage()));
    return missing.find()
        ? new UnsupportedModelException(message, missing.group(1), e)
        : new BadInputException(message, e);
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

  /** Reads all outputs. */
  @FunctionalInterface
  interface AllReader<R> {
    R read(OrtSession.Result result) throws OrtException;
  }

  /** Runs the model on these inputs, which it closes, and reads every output. */
  <R> R runAll(Map<String, OnnxTensor> inputs, TimeLimit limit, AllReader<R> reader) {
    return run(inputs, session.getOutputNames(), limit, reader);
  }

  /** Runs the model on these inputs, which it closes, and reads one output. */
  <R> R run(Map<String, OnnxTensor> inputs, String output, TimeLimit limit, Reader<R> reader) {
    return run(inputs, Set.of(output), limit, result -> reader.read(result.get(0)));
  }

  private <R> R run(
      Map<String, OnnxTensor> inputs, Set<String> outputs, TimeLimit limit, AllReader<R> reader) {
    try (TimeLimit.Watch watch = limit.watch()) {
      return watched(inputs, outputs, watch, reader);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private <R> R watched(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      TimeLimit.Watch watch,
      AllReader<R> reader) {
    try (OrtSession.Result result = session.run(inputs, outputs, watch.options())) {
      return reader.read(result);
    } catch (OrtException e) {
      throw watch
          .exceeded(model, e)
          .orElseGet(
              () -> new BadInputException(model + " cannot score these rows: " + oneLine(e), e));
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
    static final OrtEnvironment INSTANCE = started();
  }

  /**
   * ONNX Runtime 1.29 reads the process's command line with a recursive regular expression when it
   * starts, which overflows an ordinary stack where the line has some thousands of characters (a
   * class path, say) and takes the process down. So it starts on a thread with a deep one.
   */
  private static OrtEnvironment started() {
    FutureTask<OrtEnvironment> start = new FutureTask<>(OnnxSession::start);
    new Thread(null, start, "onnxruntime start", DEEP_STACK).start();
    try {
      return start.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException();
    } catch (ExecutionException e) {
      throw new IllegalStateException("ONNX Runtime does not start", e);
    }
  }

  private static OrtEnvironment start() throws OrtException {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "afterimage");
    environment.setTelemetry(false);
    return environment;
  }
}
