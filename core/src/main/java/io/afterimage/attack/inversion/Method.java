package io.afterimage.attack.inversion;

import io.afterimage.attack.common.CosineBasis;
import io.afterimage.attack.common.Covariance;
import io.afterimage.attack.common.CovarianceAdaptation;
import io.afterimage.attack.common.DiagonalCovariance;
import io.afterimage.attack.common.FullCovariance;
import io.afterimage.attack.common.NaturalEvolution;
import io.afterimage.attack.common.Search;
import io.afterimage.attack.inversion.picture.Canvas;
import io.afterimage.data.Shape;
import java.util.random.RandomGenerator;

/** How {@link MiSearch} looks for a picture. */
enum Method {
  /** Estimated gradients, on pixels. */
  NES {
    @Override
    Canvas canvas(Shape shape, double low, double high, int waves) {
      return new Canvas.Pixels(shape, low, high);
    }

    @Override
    Search search(Canvas canvas, MiSearch.Settings s, double range, RandomGenerator random) {
      double unit = range / canvas.spread();
      return new NaturalEvolution(
          canvas.start(),
          s.size(canvas),
          s.width() * unit,
          s.learningRate() * unit,
          s.momentum(),
          canvas::bound,
          random);
    }
  },
  /** Evolution with a width for each pixel. */
  SEPARABLE_CMA {
    @Override
    Canvas canvas(Shape shape, double low, double high, int waves) {
      return new Canvas.Pixels(shape, low, high);
    }

    @Override
    Search search(Canvas canvas, MiSearch.Settings s, double range, RandomGenerator random) {
      return evolution(canvas, new DiagonalCovariance(canvas.dimensions()), s, range, random);
    }
  },
  /** Evolution with a full covariance, on the lowest frequencies of the picture. */
  FULL_CMA {
    @Override
    Canvas canvas(Shape shape, double low, double high, int waves) {
      return new Canvas.Waves(new CosineBasis(shape, waves), shape, low, high);
    }

    @Override
    Search search(Canvas canvas, MiSearch.Settings s, double range, RandomGenerator random) {
      return evolution(canvas, new FullCovariance(canvas.dimensions()), s, range, random);
    }
  };

  /** What it moves. */
  abstract Canvas canvas(Shape shape, double low, double high, int waves);

  /**
   * A search from the canvas's start.
   *
   * @param range high - low of the box
   */
  abstract Search search(
      Canvas canvas, MiSearch.Settings settings, double range, RandomGenerator random);

  private static Search evolution(
      Canvas canvas,
      Covariance covariance,
      MiSearch.Settings s,
      double range,
      RandomGenerator random) {
    double unit = range / canvas.spread();
    return new CovarianceAdaptation(
        canvas.start(), covariance, s.size(canvas), s.width() * unit, unit, canvas::bound, random);
  }
}
