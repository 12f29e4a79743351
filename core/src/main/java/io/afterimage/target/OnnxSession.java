package io.afterimage.target;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import io.afterimage.base.CancelledException;
import io.afterimage.graph.Node;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.RuntimeForm;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * ONNX Runtime with one model loaded, which the checker has accepted. Only built-in operators: no
 * library that a model may want is ever loaded. Safe to run from several threads.
 */
final class OnnxSession implements AutoCloseable {
  private static final long DEEP_STACK = 1L << 29;
  private static final long MOST_READ = 1L << 26;

  private final OrtSession session;
  private final OnnxModel model;

  OnnxSession(OnnxModel model, int threads) {
    this(model, RuntimeForm.of(model), threads);
  }

  private OnnxSession(OnnxModel model, byte[] bytes, int threads) {
    this.model = model;
    try (OrtSession.SessionOptions options = options(threads)) {
      session = environment().createSession(bytes, options);
    } catch (OrtException e) {
      throw RuntimeFailure.opening(model, e);
    }
  }

  /** The model with every value of its graph among its outputs. */
  static OnnxSession talkative(OnnxModel model, int threads) {
    return new OnnxSession(model, RuntimeForm.talkative(model), threads);
  }

  // Spinning threads that wait for each other cost far more than they save beside other work.
  static OrtSession.SessionOptions options(int threads) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.load_model_format", "ONNX");
    options.addConfigEntry("session.use_env_allocators", "1");
    options.addConfigEntry("session.use_device_allocator_for_initializers", "1");
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
    return run(
        inputs,
        Set.of(output),
        limit,
        result -> {
          requireReadable(output, result.get(0));
          return reader.read(result.get(0));
        });
  }

  private <R> R run(
      Map<String, OnnxTensor> inputs, Set<String> outputs, TimeLimit limit, AllReader<R> reader) {
    try {
      return watched(inputs, outputs, limit, reader);
    } catch (NoRoomException e) {
      // Other models left the memory in pieces.
      RuntimeMemory.shrink();
      return watched(inputs, outputs, limit, reader);
    } finally {
      inputs.values().forEach(OnnxTensor::close);
    }
  }

  private <R> R watched(
      Map<String, OnnxTensor> inputs, Set<String> outputs, TimeLimit limit, AllReader<R> reader) {
    try (TimeLimit.Watch watch = limit.watch()) {
      return run(inputs, outputs, watch, reader);
    }
  }

  private <R> R run(
      Map<String, OnnxTensor> inputs,
      Set<String> outputs,
      TimeLimit.Watch watch,
      AllReader<R> reader) {
    try (OrtSession.Result result = session.run(inputs, outputs, watch.options())) {
      return reader.read(result);
    } catch (OrtException e) {
      throw watch.ended(model.name(), e).orElseGet(() -> RuntimeFailure.running(model, e));
    }
  }

  /** Refuses an answer too large to be copied to the Java heap. */
  void requireReadable(String output, OnnxValue value) {
    if (value instanceof OnnxTensor tensor && tensor.getInfo().getNumElements() > MOST_READ) {
      throw new NoRoomException(
          "%s: output %s of node %s has %d numbers; at most %d are read at once"
              .formatted(
                  model.name(),
                  output,
                  model.producer(output).map(Node::label).orElse("?"),
                  tensor.getInfo().getNumElements(),
                  MOST_READ));
    }
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
    RuntimeMemory.bound();
    return environment;
  }
}
