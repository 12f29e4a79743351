package io.afterimage.attack.inversion.decoder;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Lays the network that makes pictures of a few numbers: a dense layer to a small stack of planes,
 * then transposed convolutions of 4x4 taps that double its sides, each followed by batch
 * normalisation and tanh as in Yang et al. 2019; a sigmoid ends it. What stands over at the right
 * and lower edge is cut off.
 *
 * <p>Shapes: {@link #INPUT} is FLOAT [N, width], {@link #PICTURE} FLOAT [N, channels, height,
 * width], 0 to 1. Weights start as Glorot &amp; Bengio 2010 draw them.
 */
final class DecoderGraph {
  static final String INPUT = "observed";
  static final String PICTURE = "picture";

  /** Pictures with a side below it have nothing to double. */
  private static final int SMALLEST_SIDE = 8;

  private static final int MOST_DOUBLINGS_OF_WIDTH = 3;
  private static final long MOST_WEIGHTS = 1L << 26;
  private static final int TAPS = 4;

  private final GraphBuilder graph = new GraphBuilder("decoder");
  private final int filters;
  private final Run run;
  private String value = INPUT;

  private DecoderGraph(int filters, Run run) {
    this.filters = filters;
    this.run = run;
  }

  /**
   * A fresh decoder of pictures; where they are below 8x8, by two hidden layers instead of
   * convolutions.
   *
   * @param width numbers observed about one picture
   * @param run keys the initial weights
   */
  static OnnxModel of(int width, Planes planes, int filters, Run run) {
    DecoderGraph decoder = new DecoderGraph(filters, run);
    decoder.graph.input(INPUT, ElementType.FLOAT, "N", width);
    int doublings = doublings(planes);
    if (doublings == 0) {
      decoder.denseOnly(width, planes);
    } else {
      decoder.convolutions(width, planes, doublings);
    }
    return decoder.ended(planes);
  }

  private static int doublings(Planes planes) {
    int side = Math.min(planes.height(), planes.width());
    int doublings = 0;
    while (side >= SMALLEST_SIDE) {
      side = (side + 1) / 2;
      doublings++;
    }
    return doublings;
  }

  private void denseOnly(int width, Planes planes) {
    int hidden = filters << MOST_DOUBLINGS_OF_WIDTH;
    dense("dense0", width, hidden);
    tanh("tanh0");
    dense("dense1", hidden, hidden);
    tanh("tanh1");
    dense("dense2", hidden, planes.size());
    reshape(planes.channels(), planes.height(), planes.width());
  }

  private void convolutions(int width, Planes planes, int doublings) {
    int height = divided(planes.height(), doublings);
    int across = divided(planes.width(), doublings);
    int channels = channels(doublings - 1);
    dense("dense", width, channels * height * across);
    reshape(channels, height, across);
    for (int left = doublings - 1; left >= 0; left--) {
      normalise("norm" + left, channels);
      tanh("tanh" + left);
      int next = left == 0 ? planes.channels() : channels(left - 1);
      doubled("up" + left, channels, next);
      channels = next;
    }
    crop(planes);
  }

  /** Channels with so many doublings to come after the next. */
  private int channels(int doublings) {
    return filters << Math.min(doublings, MOST_DOUBLINGS_OF_WIDTH);
  }

  private static int divided(int side, int doublings) {
    int by = 1 << doublings;
    return (side + by - 1) / by;
  }

  private void dense(String name, int inputs, int outputs) {
    check(
        (long) inputs * outputs <= MOST_WEIGHTS,
        "a decoder of %d observed numbers with --filters %d needs %d weights, more than %d; lower"
            + " --filters or observe a layer of fewer numbers",
        inputs,
        filters,
        (long) inputs * outputs,
        MOST_WEIGHTS);
    String weights = weights(name, inputs, outputs, outputs, inputs);
    value =
        graph
            .node("Gemm", value, weights, filled(name + ".bias", 0, outputs))
            .with("transB", 1)
            .to(name);
  }

  private void reshape(int channels, int height, int width) {
    String shape = graph.initializer("planes.shape", new long[] {0, channels, height, width}, 4);
    value = graph.node("Reshape", value, shape).to("planes");
  }

  private void normalise(String name, int channels) {
    value =
        graph
            .node(
                "BatchNormalization",
                value,
                filled(name + ".scale", 1, channels),
                filled(name + ".bias", 0, channels),
                filled(name + ".mean", 0, channels),
                filled(name + ".variance", 1, channels))
            .to(name);
  }

  private void tanh(String name) {
    value = graph.node("Tanh", value).to(name);
  }

  /** Twice as high and wide; each pixel is made by a quarter of the taps. */
  private void doubled(String name, int inputs, int outputs) {
    int reach = TAPS * TAPS / 4;
    String weights = weights(name, inputs * reach, outputs * reach, inputs, outputs, TAPS, TAPS);
    value =
        graph
            .node("ConvTranspose", value, weights, filled(name + ".bias", 0, outputs))
            .with("strides", new long[] {2, 2})
            .with("pads", new long[] {1, 1, 1, 1})
            .to(name);
  }

  private void crop(Planes planes) {
    value =
        graph
            .node(
                "Slice",
                value,
                graph.initializer("crop.starts", new long[] {0, 0}, 2),
                graph.initializer("crop.ends", new long[] {planes.height(), planes.width()}, 2),
                graph.initializer("crop.axes", new long[] {2, 3}, 2))
            .to("cropped");
  }

  private OnnxModel ended(Planes planes) {
    graph.node("Sigmoid", value).to(PICTURE);
    graph.output(
        PICTURE, ElementType.FLOAT, "N", planes.channels(), planes.height(), planes.width());
    return graph.build();
  }

  private String weights(String layer, int inputs, int outputs, long... extents) {
    double bound = Math.sqrt(6.0 / ((long) inputs + outputs));
    RandomGenerator random = run.random("weights/" + layer);
    int count = Math.toIntExact(Arrays.stream(extents).reduce(1, Math::multiplyExact));
    float[] drawn = new float[count];
    for (int i = 0; i < count; i++) {
      drawn[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return graph.initializer(layer + ".weight", drawn, extents);
  }

  private String filled(String name, float number, int count) {
    float[] values = new float[count];
    Arrays.fill(values, number);
    return graph.initializer(name, values, count);
  }
}
