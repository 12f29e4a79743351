package io.afterimage.bench;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.ReadOptions;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Scores Adult's rows, repeated to a million, through a pipeline that takes its raw columns: by
 * {@link OnnxTarget}, and by ONNX Runtime alone on the same batches.
 *
 * <p>Usage: {@code ScoreSpeed adult.onnx ADULT_FOLDER [ROWS] [BATCH]}
 */
public final class ScoreSpeed {
  private static final int REPEATS = 3;
  private static final String SCORES = "probabilities";

  private ScoreSpeed() {}

  /** Prints rows a second of both, their ratio, and resident memory. */
  public static void main(String[] args) throws Exception {
    Usage.run("ScoreSpeed adult.onnx ADULT_FOLDER [ROWS] [BATCH]", 2, args, () -> measure(args));
  }

  private static void measure(String[] args) throws Exception {
    Path model = Path.of(args[0]);
    int count = args.length > 2 ? Integer.parseInt(args[2]) : 1_000_000;
    int batch = args.length > 3 ? Integer.parseInt(args[3]) : 1024; // as the target asks
    Dataset rows = adult(Path.of(args[1]), count);
    double best = Double.MAX_VALUE;
    double alone = Double.MAX_VALUE;
    try (OnnxTarget target = OnnxTarget.open(model, OnnxOptions.DEFAULTS.withSample(rows));
        OrtSession session = session(model)) {
      for (int repeat = 0; repeat < REPEATS; repeat++) {
        alone = Math.min(alone, seconds(() -> scoreAlone(session, rows, batch)));
        best = Math.min(best, seconds(() -> target.scores(rows)));
        System.out.printf("resident %.0f MB%n", Memory.residentMegabytes());
      }
    }
    System.out.printf(
        "Afterimage %.0f rows/s, ONNX Runtime alone %.0f rows/s (batches of %d), ratio %.2f%n",
        count / best, count / alone, batch, alone / best);
  }

  private static Dataset adult(Path folder, int count) {
    ReadOptions options = ReadOptions.builder().header(false).trim(true).label("c15").build();
    Path file = folder.resolve("adult-train.csv.gz");
    Dataset rows = DataReader.read(Map.of("members", file), options).get("members");
    return rows.select(IntStream.range(0, count).map(i -> i % rows.rows()).toArray());
  }

  private interface Work {
    void run() throws OrtException;
  }

  private static double seconds(Work work) throws OrtException {
    long start = System.nanoTime();
    work.run();
    return (System.nanoTime() - start) / 1e9;
  }

  // ---- ONNX Runtime alone

  private static OrtSession session(Path model) throws Exception {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      return OrtEnvironment.getEnvironment().createSession(Files.readAllBytes(model), options);
    }
  }

  private static void scoreAlone(OrtSession session, Dataset rows, int batch) throws OrtException {
    double sum = 0;
    for (int from = 0; from < rows.rows(); from += batch) {
      Map<String, OnnxTensor> inputs =
          inputs(session, rows, from, Math.min(batch, rows.rows() - from));
      try (OrtSession.Result result = session.run(inputs, Set.of(SCORES))) {
        FloatBuffer scores = ((OnnxTensor) result.get(0)).getFloatBuffer();
        sum += scores.get(0);
      } finally {
        inputs.values().forEach(OnnxTensor::close);
      }
    }
    if (!Double.isFinite(sum)) {
      throw new IllegalStateException("no scores");
    }
  }

  private static Map<String, OnnxTensor> inputs(
      OrtSession session, Dataset rows, int from, int count) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {count, 1};
    Map<String, OnnxTensor> inputs = new HashMap<>();
    for (String name : session.getInputNames()) {
      Column column = rows.column(name);
      if (column instanceof Column.Numeric numbers) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
          values[i] = (float) numbers.get(from + i);
        }
        inputs.put(name, OnnxTensor.createTensor(environment, FloatBuffer.wrap(values), shape));
      } else {
        String[] texts = new String[count];
        Arrays.setAll(texts, i -> Objects.requireNonNullElse(column.text(from + i), ""));
        inputs.put(name, OnnxTensor.createTensor(environment, texts, shape));
      }
    }
    return inputs;
  }
}
