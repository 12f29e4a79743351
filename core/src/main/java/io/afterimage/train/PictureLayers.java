package io.afterimage.train;

import io.afterimage.data.Shape;
import io.afterimage.graph.GraphBuilder;

/**
 * Lays layers that halve and double the sides of pictures, channels x height x width. Their window
 * is 4 x 4 at stride 2, so that each pixel counts as often (Odena, Dumoulin, Olah 2016).
 */
final class PictureLayers {
  private static final int WINDOW = 4;
  private static final long[] STRIDES = {2, 2};

  private final Layers layers;
  private final GraphBuilder graph;

  PictureLayers(Layers layers) {
    this.layers = layers;
    this.graph = layers.graph();
  }

  /** The greater half of a picture's side. */
  static int half(int side) {
    return (side + 1) / 2;
  }

  /**
   * A convolution that halves the sides; of odd ones the greater half stays.
   *
   * @param biased whether each filter has a bias; a normalisation after it would take it away
   */
  PictureLayers halve(int filters, boolean biased) {
    String name = layers.name("conv");
    int channels = layers.shape().extent(0);
    double bound = Layers.bound(Layers.Next.RELU, channels * WINDOW * WINDOW, 0);
    String weights = layers.weights(name, bound, filters, channels, WINDOW, WINDOW);
    int height = layers.shape().extent(1);
    int width = layers.shape().extent(2);
    lay("Conv", name, weights, biased, filters, height, width);
    layers.moveTo(name, new Shape(filters, half(height), half(width)));
    return this;
  }

  /**
   * A transposed convolution that doubles the sides.
   *
   * @param height twice the height here, or one less; so is the width
   * @param biased whether each filter has a bias; a normalisation after it would take it away
   */
  PictureLayers doubled(int filters, int height, int width, boolean biased) {
    String name = layers.name("deconv");
    int channels = layers.shape().extent(0);
    int taps = WINDOW * WINDOW / 4; // a pixel of the greater picture hears a quarter of the window
    double bound = Layers.bound(Layers.Next.RELU, channels * taps, 0);
    String weights = layers.weights(name, bound, channels, filters, WINDOW, WINDOW);
    lay("ConvTranspose", name, weights, biased, filters, height, width);
    layers.moveTo(name, new Shape(filters, height, width));
    return this;
  }

  /** Height and width are those of the greater picture: of an odd side one more pixel is cut. */
  private void lay(
      String type,
      String name,
      String weights,
      boolean biased,
      int filters,
      int height,
      int width) {
    String from = layers.current();
    String[] operands =
        biased
            ? new String[] {from, weights, layers.bias(name, filters)}
            : new String[] {from, weights};
    graph
        .node(type, operands)
        .with("pads", new long[] {1, 1, 1 + height % 2, 1 + width % 2})
        .with("strides", STRIDES)
        .to(name);
  }

  // The names of layers that follow, and so their weights, are the same with and without these.

  /** Every number times a factor, plus another; neither is trained. */
  PictureLayers scaled(double factor, double offset) {
    String name = layers.current() + ".scaled";
    String by = graph.initializer(name + ".factor", new float[] {(float) factor}, 1);
    String plus = graph.initializer(name + ".offset", new float[] {(float) offset}, 1);
    String product = graph.node("Mul", layers.current(), by).to(name + ".product");
    layers.moveTo(graph.node("Add", product, plus).to(name), layers.shape());
    return this;
  }

  /** Channels first instead of last. */
  PictureLayers channelsFirst() {
    return transposed(2, 0, 1);
  }

  /** Channels last instead of first. */
  PictureLayers channelsLast() {
    return transposed(1, 2, 0);
  }

  private PictureLayers transposed(int... order) {
    long[] axes = new long[order.length + 1];
    int[] extents = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      axes[i + 1] = order[i] + 1L;
      extents[i] = layers.shape().extent(order[i]);
    }
    String name = layers.current() + ".transposed";
    graph.node("Transpose", layers.current()).with("perm", axes).to(name);
    layers.moveTo(name, new Shape(extents));
    return this;
  }
}
