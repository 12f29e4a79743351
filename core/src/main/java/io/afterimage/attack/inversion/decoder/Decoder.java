package io.afterimage.attack.inversion.decoder;

import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.BestEpoch;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Schedule;
import io.afterimage.train.Standing;
import io.afterimage.train.SupervisedStep;
import io.afterimage.train.Trainer;
import java.util.Arrays;

/**
 * A network that rebuilds pictures from what was observed of them, taught on public rows by the
 * mean squared error of their pixels: Yang et al., CCS 2019, for scores; Dosovitskiy &amp; Brox:
 * Inverting Visual Representations with Convolutional Networks, CVPR 2016, for features. A fifth of
 * the rows is kept back: the weights are those of the epoch that did best there.
 *
 * @param network of {@link DecoderGraph}
 * @param units of what it is given and what it answers
 * @param steps of its training
 */
public record Decoder(OnnxModel network, DecoderUnits units, int steps) {
  private static final int KEPT_BACK = 5;
  private static final int ROWS_AT_ONCE = 256;

  /**
   * A decoder that learned from these rows, the last fifth of which is kept back.
   *
   * @param observed row after row
   * @param pictures of the same rows, in the target's own units and order of pixels
   * @param range that its pictures keep to
   */
  public static Decoder learned(
      float[] observed,
      float[] pictures,
      Planes planes,
      InputRange range,
      DecoderSettings settings,
      Run run) {
    int rows = pictures.length / planes.size();
    DecoderUnits units = DecoderUnits.of(observed, rows, planes, range);
    OnnxModel fresh =
        DecoderGraph.of(units.width(), planes, settings.filters(), run.keyed("graph"));
    float[] inputs = units.scaled(observed);
    float[] answers = units.planar(pictures);
    int kept = rows / KEPT_BACK;
    return taught(
        fresh,
        units,
        new PairedArrays(inputs, answers, 0, rows - kept, rows),
        new PairedArrays(inputs, answers, rows - kept, kept, rows),
        settings,
        run);
  }

  private static Decoder taught(
      OnnxModel fresh,
      DecoderUnits units,
      PairedArrays rows,
      PairedArrays keptBack,
      DecoderSettings settings,
      Run run) {
    Loss loss = Loss.squaredError(fresh);
    Optimiser adam = Optimiser.Adam.of(settings.learningRate());
    try (SupervisedStep step = new SupervisedStep(fresh, rows, loss, adam, 0, run)) {
      BestEpoch best = new BestEpoch(step, fresh, keptBack);
      int batch = Math.min(settings.batch(), rows.rows());
      Trainer.Settings course =
          new Trainer.Settings(settings.epochs(rows.rows()), batch, settings.patience(), 0);
      Standing end = Trainer.run(step, rows.rows(), course, new Schedule.Constant(), best, run);
      long steps = end.epochs().size() * course.steps(rows.rows());
      return new Decoder(best.model(), units, (int) Math.min(steps, Integer.MAX_VALUE));
    }
  }

  /** The picture of each row observed, in the target's own units and order of pixels. */
  @SuppressWarnings("try") // scope and guard are there to close
  public float[] rebuilt(float[] observed) {
    float[] inputs = units.scaled(observed);
    int width = units.width();
    int rows = inputs.length / width;
    int size = units.planes().size();
    float[] pictures = new float[Math.multiplyExact(rows, size)];
    try (Interpreter interpreter = Interpreter.of(network);
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      for (int from = 0; from < rows; from += ROWS_AT_ONCE) {
        int to = Math.min(rows, from + ROWS_AT_ONCE);
        try (TensorScope scope = new TensorScope()) {
          float[] some = Arrays.copyOfRange(inputs, from * width, to * width);
          float[] made =
              interpreter.run(Tensors.of(some, to - from, width), DecoderGraph.PICTURE).toFloats();
          System.arraycopy(made, 0, pictures, from * size, made.length);
        }
      }
    }
    return units.pictures(pictures);
  }
}
