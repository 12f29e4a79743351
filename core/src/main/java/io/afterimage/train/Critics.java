package io.afterimage.train;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.List;

/**
 * Networks that look at pictures. Their first input is {@code x}, FLOAT [N, ...shape], in the
 * space's own range; what judges by class has {@code class}, FLOAT [N, classes], beside it, 1 in
 * the column of the row's class.
 */
public final class Critics {
  /** A critic's scores, FLOAT [N, 1]; the higher, the more like a real picture. */
  public static final String SCORE = "score";

  /** The scores of classes before a softmax, FLOAT [N, classes]. */
  public static final String LOGITS = "logits";

  /** {@link #SCORE} and {@link #LOGITS} side by side, FLOAT [N, 1 + classes]. */
  static final String JUDGED = "judged";

  /** What an encoder finds, FLOAT [N, 2 latent]: means, then logarithms of variances. */
  public static final String MOMENTS = "moments";

  /** How sure a critic that names classes is of each, FLOAT [N, classes], before the softmax. */
  public static final String NAMES = "names";

  /** The inner values by which such a critic judges, FLOAT [N, values]. */
  public static final String FEATURES = "features";

  private static final double SLOPE = 0.2;

  private Critics() {}

  /**
   * Convolutions that halve the picture, with leaky ReLU, and a linear score (DCGAN: Radford, Metz,
   * Chintala, ICLR 2016). By class, the product of its embedding and the features is added (Miyato,
   * Koyama, ICLR 2018).
   *
   * @param filters of the first half, 1 to 4096; each half after it has twice as many, up to eight
   *     times these
   * @param normalised whether all convolutions but the first are normalised by the batch, which a
   *     penalty on gradients forbids (Gulrajani et al., NeurIPS 2017)
   * @param run keys the initial weights
   */
  public static OnnxModel convolutional(
      PictureSpace space, int filters, boolean normalised, Run run) {
    GraphBuilder graph = new GraphBuilder("critic");
    Layers layers = features(graph, space, filters, normalised, run);
    String features = layers.current();
    int length = layers.shape().size();
    layers.dense(1, Layers.Next.NONE);
    if (space.classes() > 0) {
      String own = layers.current();
      String classes = graph.input(Generators.CLASS, ElementType.FLOAT, "N", space.classes());
      layers.moveTo(classes, new Shape(space.classes())).dense(length, Layers.Next.NONE);
      String product = graph.node("Mul", layers.current(), features).to("product");
      String axes = graph.initializer("product.axes", new long[] {1}, 1);
      String agreement = graph.node("ReduceSum", product, axes).with("keepdims", 1).to("agreement");
      layers.moveTo(graph.node("Add", own, agreement).to("judged"), new Shape(1));
    }
    graph.node("Identity", layers.current()).to(SCORE);
    graph.output(SCORE, ElementType.FLOAT, "N", 1);
    return graph.build();
  }

  /**
   * The same convolutions, and in the end a number for each of several classes, of which real
   * pictures are, and 0 for that of pictures that were made: the score is the logarithm of the odds
   * of all those against the one, which is that of the sum of their exponentials (Salimans et al.,
   * NeurIPS 2016). Not normalised by the batch: the mean of its inner values is to tell real from
   * made batches. Outputs {@link #SCORE}, {@link #NAMES} and {@link #FEATURES}.
   *
   * @param space of pictures of which no class is told
   * @param classes that it names, 2 or more
   */
  public static OnnxModel naming(PictureSpace space, int classes, int filters, Run run) {
    atLeast("classes", classes, 2);
    GraphBuilder graph = new GraphBuilder("critic");
    Layers layers = features(graph, space, filters, false, run);
    int length = layers.shape().size();
    graph.node("Identity", layers.current()).to(FEATURES);
    layers.dense(classes, Layers.Next.NONE);
    graph.node("Identity", layers.current()).to(NAMES);
    String axes = graph.initializer("score.axes", new long[] {1}, 1);
    graph.node("ReduceLogSumExp", NAMES, axes).with("keepdims", 1).to(SCORE);
    graph.output(SCORE, ElementType.FLOAT, "N", 1);
    graph.output(NAMES, ElementType.FLOAT, "N", classes);
    graph.output(FEATURES, ElementType.FLOAT, "N", length);
    return graph.build();
  }

  /**
   * The same convolutions without normalisation, and in the end two linear heads: how real a
   * picture is, and of which class, which it is not told (Odena, Olah, Shlens, ICML 2017).
   *
   * @param space of 2 classes at least
   */
  public static OnnxModel classifying(PictureSpace space, int filters, Run run) {
    GraphBuilder graph = new GraphBuilder("critic");
    Layers layers = features(graph, space, filters, false, run);
    layers.dense(1 + space.classes(), Layers.Next.NONE);
    graph.node("Identity", layers.current()).to(JUDGED);
    String axis = graph.initializer("heads.axis", new long[] {1}, 1);
    String first = graph.initializer("heads.first", new long[] {0}, 1);
    String second = graph.initializer("heads.second", new long[] {1}, 1);
    String end = graph.initializer("heads.end", new long[] {1L + space.classes()}, 1);
    graph.node("Slice", JUDGED, first, second, axis).to(SCORE);
    graph.node("Slice", JUDGED, second, end, axis).to(LOGITS);
    graph.output(SCORE, ElementType.FLOAT, "N", 1);
    graph.output(LOGITS, ElementType.FLOAT, "N", space.classes());
    return graph.build();
  }

  /**
   * The same convolutions, and in the end the moments of a latent vector, for a variational
   * autoencoder.
   *
   * @param latent numbers of a latent vector, 1 to 65,536
   */
  public static OnnxModel encoder(PictureSpace space, int latent, int filters, Run run) {
    inRange("latent length", latent, 1, Generators.LONGEST_LATENT);
    GraphBuilder graph = new GraphBuilder("encoder");
    Layers layers = features(graph, space, filters, false, run);
    if (space.classes() > 0) {
      String classes = graph.input(Generators.CLASS, ElementType.FLOAT, "N", space.classes());
      int width = layers.shape().size() + space.classes();
      layers.moveTo(
          graph.node("Concat", layers.current(), classes).with("axis", 1).to("given"),
          new Shape(width));
    }
    layers.dense(2 * latent, Layers.Next.NONE);
    graph.node("Identity", layers.current()).to(MOMENTS);
    graph.output(MOMENTS, ElementType.FLOAT, "N", 2L * latent);
    return graph.build();
  }

  private static Layers features(
      GraphBuilder graph, PictureSpace space, int filters, boolean normalised, Run run) {
    inRange("filters", filters, 1, Generators.MOST_FILTERS);
    graph.input(Architecture.INPUT, ElementType.FLOAT, Architecture.dimensions(space.shape()));
    Layers layers = new Layers(graph, Architecture.INPUT, space.shape(), run);
    PictureLayers pictures = new PictureLayers(layers);
    if (space.planes().channelsLast()) {
      pictures.channelsFirst();
    }
    layers.picture();
    if (!space.isUnit()) {
      double span = space.high() - space.low();
      pictures.scaled(1 / span, -space.low() / span);
    }
    List<int[]> sides = space.sides();
    for (int halved = 0; halved < sides.size() - 1; halved++) {
      pictures.halve(Generators.width(filters, halved), !normalised || halved == 0);
      if (normalised && halved > 0) {
        layers.batchNorm();
      }
      layers.leakyRelu(SLOPE);
    }
    return layers.flatten();
  }
}
