package io.afterimage.attack.inversion.picture;

import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Optional;

/**
 * How pictures are completed: their known pixels stand in them whatever is made, and what is made
 * is pulled to agree with them. Where nothing is known, nothing changes.
 *
 * <p>The pull is the weighted squared error over the known part, the contextual loss of Yeh, Chen,
 * Lim, Schwing, Hasegawa-Johnson, Do: Semantic Image Inpainting with Deep Generative Models, CVPR
 * 2017, here a mean over the whole picture in widths of the pixels' range: the more is known the
 * more it counts. An adversary computes it without asking the target.
 */
public interface Completion {
  /** Nothing is known of any picture. */
  Completion NOTHING =
      new Completion() {
        @Override
        public OfRows of(Tensor classes) {
          return new OfRows() {
            @Override
            public Tensor whole(Tensor made) {
              return made;
            }

            @Override
            public Tensor apart(Tensor made) {
              return Tensors.zeros(made.size(0));
            }

            @Override
            public Tensor pulled(Tensor cost, Tensor made) {
              return cost;
            }
          };
        }

        @Override
        public int[] places() {
          return new int[0];
        }

        @Override
        public double complete(float[] pictures, int offset, int subject) {
          return 0;
        }
      };

  /**
   * Known pixels that are put in their places and pull at nothing: for what is made pixel by pixel.
   *
   * @param shape of one picture
   */
  static Completion of(KnownPixels known, Shape shape, int classes) {
    return known
        .read(shape, classes)
        .<Completion>map(partial -> new Known(partial, shape, 1, 0))
        .orElse(NOTHING);
  }

  /**
   * The completion of what a prior makes.
   *
   * @param shape of one picture
   */
  static Completion of(Completing completing, Shape shape, Split split, int classes) {
    Optional<Partial> partial = completing.pixels().read(shape, classes);
    if (partial.isEmpty()) {
      return NOTHING;
    }
    double width = InputRange.of(split.reference(), PixelRange.AS_SEEN).width();
    return new Known(partial.get(), shape, width, completing.agreement());
  }

  /** Where the known pixels stand in a picture, ascending. */
  int[] places();

  /** The completion of pictures of these classes, [rows], in the innermost scope. */
  OfRows of(Tensor classes);

  /**
   * Writes the known pixels of a class into the picture that begins at this place.
   *
   * @return the weighted error of what was made, 0 or more
   */
  double complete(float[] pictures, int offset, int subject);

  /** Of pictures of which each row is of a class of its own. */
  interface OfRows {
    /** The pictures made, [rows, ...picture], with the known pixels in their places. */
    Tensor whole(Tensor made);

    /**
     * How far each is from what is known: the mean squared error over the known part, in widths of
     * the pixels' range, [rows].
     */
    Tensor apart(Tensor made);

    /**
     * The cost of all pictures together and the weighted error of each.
     *
     * @param cost a single number
     * @param made [rows, ...picture], before the known pixels were put in their places
     */
    Tensor pulled(Tensor cost, Tensor made);
  }

  /**
   * Of pictures that are partly known.
   *
   * @param width of the pixels' range
   * @param agreement weight of the squared error, a mean over the whole picture in widths
   */
  record Known(Partial partial, Shape shape, double width, double agreement) implements Completion {
    @Override
    public OfRows of(Tensor classes) {
      Tensor mask = Tensors.of(partial.known(), shape.batch(1));
      Tensor all =
          Tensors.of(partial.pixels(), shape.batch(partial.pixels().length / shape.size()));
      Tensor given =
          partial.differsByClass() ? Indexing.indexSelect(all, 0, classes.reshape(-1)) : all;
      return new Rows(given, mask, 1 / (width * width * places().length), weight());
    }

    @Override
    public int[] places() {
      return partial.places();
    }

    @Override
    public double complete(float[] pictures, int offset, int subject) {
      double error = weight() * partial.error(pictures, offset, subject) / (width * width);
      partial.draw(pictures, offset, subject);
      return error;
    }

    /** Of the mean over the known part. */
    private double weight() {
      return agreement * places().length / shape.size();
    }
  }

  /**
   * Rows that are partly known.
   *
   * @param given [rows, ...picture], or [1, ...picture]
   * @param mask 1 where a pixel is known, [1, ...picture]
   * @param share of a pixel's squared error in how far a picture is from what is known
   * @param weight of how far it is in a cost
   */
  record Rows(Tensor given, Tensor mask, double share, double weight) implements OfRows {
    @Override
    public Tensor whole(Tensor made) {
      return given.where(mask.gt(0), made);
    }

    @Override
    public Tensor apart(Tensor made) {
      return made.sub(given).mul(mask).square().flatten(1).sum(false, 1).mul(share);
    }

    @Override
    public Tensor pulled(Tensor cost, Tensor made) {
      return cost.add(apart(made).sum(), weight);
    }
  }
}
