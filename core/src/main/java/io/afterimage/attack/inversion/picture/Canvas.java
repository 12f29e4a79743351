package io.afterimage.attack.inversion.picture;

import io.afterimage.attack.common.CosineBasis;
import io.afterimage.data.Shape;
import java.util.Arrays;

/** The numbers that a search moves, and the picture that they stand for. Pictures stay in a box. */
public interface Canvas {
  /** How many numbers the search moves. */
  int dimensions();

  /** The numbers of a picture of the box's middle throughout. */
  double[] start();

  /** What to divide a width of pixels by, for the same width of the search's numbers. */
  double spread();

  /** Brings numbers back to where they still change the picture, in place. */
  void bound(double[] point);

  /** Writes the pictures of these numbers one after the other, in C order. */
  void paint(double[][] points, float[] pixels);

  /** A canvas whose pictures are painted each by itself. */
  interface OneByOne extends Canvas {
    /** Writes the picture of these numbers, in C order, from this place on. */
    void paint(double[] point, float[] pixels, int offset);

    @Override
    default void paint(double[][] points, float[] pixels) {
      int size = pixels.length / points.length;
      for (int i = 0; i < points.length; i++) {
        paint(points[i], pixels, i * size);
      }
    }
  }

  /** Every pixel for itself. */
  record Pixels(Shape shape, double low, double high) implements OneByOne {
    @Override
    public int dimensions() {
      return shape.size();
    }

    @Override
    public double[] start() {
      double[] start = new double[shape.size()];
      Arrays.fill(start, low + (high - low) / 2);
      return start;
    }

    @Override
    public double spread() {
      return 1;
    }

    @Override
    public void bound(double[] point) {
      for (int i = 0; i < point.length; i++) {
        point[i] = Math.max(low, Math.min(high, point[i]));
      }
    }

    @Override
    public void paint(double[] point, float[] pixels, int offset) {
      for (int i = 0; i < point.length; i++) {
        pixels[offset + i] = (float) Math.max(low, Math.min(high, point[i]));
      }
    }
  }

  /** Weights of smooth waves around the box's middle; only the picture is cut off at the box. */
  record Waves(CosineBasis basis, Shape shape, double low, double high) implements OneByOne {
    @Override
    public int dimensions() {
      return basis.size();
    }

    @Override
    public double[] start() {
      return new double[basis.size()];
    }

    /**
     * Waves have length 1 over all pixels: independent weights of width s give s·√(waves/pixels).
     */
    @Override
    public double spread() {
      return Math.sqrt(basis.size() / (double) shape.size());
    }

    @Override
    public void bound(double[] point) {}

    @Override
    public void paint(double[] point, float[] pixels, int offset) {
      double middle = low + (high - low) / 2;
      double[] picture = basis.array(point);
      for (int i = 0; i < picture.length; i++) {
        pixels[offset + i] = (float) Math.max(low, Math.min(high, middle + picture[i]));
      }
    }
  }
}
