package io.afterimage.attack.membership;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.BestEpoch;
import io.afterimage.train.Examples;
import io.afterimage.train.Layers;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import io.afterimage.train.SupervisedStep;
import io.afterimage.train.Trainer;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A small network that forecasts a number from a row: the mean and the deviation of a Gaussian, and
 * a quantile. Of the rows that it is given a fifth validates: the weights are those of the epoch
 * that did best there, so that it forecasts no worse for knowing few rows.
 */
final class Forecaster {
  private static final int FOLDS = 5;

  private final OnnxModel network;
  private final int width;
  private final double mean;
  private final double spread;

  private Forecaster(OnnxModel network, int width, double mean, double spread) {
    this.network = network;
    this.width = width;
    this.mean = mean;
    this.spread = spread;
  }

  /**
   * What is forecast of one row.
   *
   * @param deviation above 0
   * @param quantile in deviations above the mean
   */
  record Forecast(double mean, double deviation, double quantile) {}

  /**
   * Learns from these rows, the last fifth of which validates.
   *
   * @param x row after row
   * @param y the number of each row
   */
  static Forecaster fit(float[] x, double[] y, MembershipQmia.Settings settings, Run run) {
    int width = x.length / y.length;
    double mean = Arrays.stream(y).average().orElseThrow();
    double variance = Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
    double spread = variance > 0 ? Math.sqrt(variance) : 1;
    double[] scaled = Arrays.stream(y).map(v -> (v - mean) / spread).toArray();
    int learning = y.length - y.length / FOLDS;
    OnnxModel network =
        trained(
            layers(settings.hidden()).over(new Shape(width), run.keyed("weights")),
            examples(x, scaled, 0, learning),
            examples(x, scaled, learning, y.length),
            settings,
            run);
    return new Forecaster(network, width, mean, spread);
  }

  private static Examples examples(float[] x, double[] y, int from, int to) {
    int width = x.length / y.length;
    return Examples.ofValues(
        Architecture.INPUT,
        Arrays.copyOfRange(x, from * width, to * width),
        new Shape(width),
        Arrays.copyOfRange(y, from, to));
  }

  private static Architecture layers(int hidden) {
    return layers -> {
      layers.dense(hidden, Layers.Next.RELU).relu();
      layers.dense(hidden, Layers.Next.RELU).relu();
      layers.dense(Forecasting.WIDTH, Layers.Next.NONE).value();
    };
  }

  private static OnnxModel trained(
      OnnxModel graph,
      Examples learning,
      Examples validation,
      MembershipQmia.Settings settings,
      Run run) {
    Optimiser adam = Optimiser.Adam.of(settings.learningRate());
    try (SupervisedStep step =
        new SupervisedStep(graph, learning, new Forecasting(settings.level()), adam, 1, run)) {
      BestEpoch best = new BestEpoch(step, graph, validation);
      int batch = Math.min(settings.batch(), learning.rows());
      Trainer.Settings course =
          new Trainer.Settings(settings.epochs(), batch, settings.patience(), 0);
      Trainer.run(step, learning.rows(), course, new Schedule.Cosine(), best, run);
      return best.model();
    }
  }

  /** The forecast of each row, in the units of what was learned. */
  @SuppressWarnings("try") // the scope is there to close
  Forecast[] of(float[] x) {
    int rows = x.length / width;
    try (Interpreter interpreter = Interpreter.of(network);
        TensorScope scope = new TensorScope()) {
      double[] answers = interpreter.run(Tensors.of(x, rows, width), Layers.VALUE).toDoubles();
      return IntStream.range(0, rows)
          .mapToObj(row -> forecast(answers, row * Forecasting.WIDTH))
          .toArray(Forecast[]::new);
    }
  }

  private Forecast forecast(double[] answers, int at) {
    double limit = Forecasting.MOST_LOG_DEVIATION;
    double log = Math.max(-limit, Math.min(limit, answers[at + 1]));
    return new Forecast(mean + spread * answers[at], spread * Math.exp(log), answers[at + 2]);
  }
}
