package io.afterimage.train;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import java.util.List;

/**
 * Networks that make pictures of latent vectors. Their inputs are {@code z}, FLOAT [N, latent], and
 * of a conditional one also {@code class}, FLOAT [N, classes], 1 in the column of the row's class;
 * their output is {@code pictures}, FLOAT [N, ...shape], between the space's low and high.
 */
public final class Generators {
  /** The latent vectors. */
  public static final String LATENT = "z";

  /** The classes, one column each. */
  public static final String CLASS = "class";

  /** What is made. */
  public static final String PICTURES = "pictures";

  static final int LONGEST_LATENT = 1 << 16;
  static final int MOST_FILTERS = 1 << 12;
  private static final int WIDEST = 8;

  private Generators() {}

  /**
   * Transposed convolutions that double a small picture until it has the sides that are wanted,
   * with batch normalisation and ReLU between, a sigmoid in the end (DCGAN: Radford, Metz,
   * Chintala, ICLR 2016). Classes stand beside the latent vector (Mirza, Osindero 2014).
   *
   * @param latent numbers of a latent vector, 1 to 65,536
   * @param filters of the last picture but one, 1 to 4096; each picture before it has twice as
   *     many, up to eight times these
   * @param run keys the initial weights
   */
  public static OnnxModel convolutional(PictureSpace space, int latent, int filters, Run run) {
    inRange("latent length", latent, 1, LONGEST_LATENT);
    inRange("filters", filters, 1, MOST_FILTERS);
    GraphBuilder graph = new GraphBuilder("generator");
    Layers layers = given(graph, space, latent, run);
    List<int[]> sides = space.sides();
    int stage = sides.size() - 1;
    int[] first = sides.get(stage);
    int width = width(filters, stage - 1);
    layers.dense(width * first[0] * first[1], Layers.Next.RELU);
    layers.reshape(new Shape(width, first[0], first[1])).batchNorm().relu();
    PictureLayers pictures = new PictureLayers(layers);
    for (stage--; stage > 0; stage--) {
      int[] to = sides.get(stage);
      pictures.doubled(width(filters, stage - 1), to[0], to[1], false);
      layers.batchNorm().relu();
    }
    int[] whole = sides.get(0);
    pictures.doubled(space.planes().channels(), whole[0], whole[1], true);
    layers.sigmoid();
    return made(graph, layers, space);
  }

  /** Filters of a picture that was halved so many times more than once. */
  static int width(int filters, int halved) {
    return filters * Math.min(WIDEST, 1 << halved);
  }

  private static Layers given(GraphBuilder graph, PictureSpace space, int latent, Run run) {
    String value = graph.input(LATENT, ElementType.FLOAT, "N", latent);
    if (space.classes() > 0) {
      String classes = graph.input(CLASS, ElementType.FLOAT, "N", space.classes());
      value = graph.node("Concat", value, classes).with("axis", 1).to("given");
    }
    return new Layers(graph, value, new Shape(latent + space.classes()), run);
  }

  /** Ends the graph with the pictures in their own range and shape. */
  private static OnnxModel made(GraphBuilder graph, Layers layers, PictureSpace space) {
    if (!space.isUnit()) {
      new PictureLayers(layers).scaled(space.high() - space.low(), space.low());
    }
    if (space.planes().channelsLast()) {
      new PictureLayers(layers).channelsLast();
    }
    if (!layers.shape().equals(space.shape())) {
      layers.reshape(space.shape());
    }
    graph.node("Identity", layers.current()).to(PICTURES);
    graph.output(PICTURES, ElementType.FLOAT, Architecture.dimensions(space.shape()));
    return graph.build();
  }
}
