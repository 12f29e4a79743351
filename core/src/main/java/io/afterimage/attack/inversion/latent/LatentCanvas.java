package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Canvas;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;

/** The vectors of a {@link LatentSpace}, and the pictures that its generator makes of them. */
public record LatentCanvas(LatentSpace space) implements Canvas {
  private static final int AT_ONCE = 1024;

  /** Beyond this hardly any vector of the prior has a number. */
  private static final double FARTHEST = 4;

  @Override
  public int dimensions() {
    return space.prior().latent();
  }

  @Override
  public double[] start() {
    return new double[dimensions()];
  }

  @Override
  public double spread() {
    return 1;
  }

  @Override
  public void bound(double[] point) {
    for (int i = 0; i < point.length; i++) {
      point[i] = Math.max(-FARTHEST, Math.min(FARTHEST, point[i]));
    }
  }

  @Override
  public void paint(double[][] points, float[] pixels) {
    int size = pixels.length / points.length;
    for (int from = 0; from < points.length; from += AT_ONCE) {
      double[][] some = Arrays.copyOfRange(points, from, Math.min(points.length, from + AT_ONCE));
      float[] made = pictures(some);
      System.arraycopy(made, 0, pixels, from * size, made.length);
    }
  }

  @SuppressWarnings("try") // scope and guard are there to close
  private float[] pictures(double[][] points) {
    float[] vectors = new float[points.length * dimensions()];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < points[i].length; j++) {
        vectors[i * points[i].length + j] = (float) points[i][j];
      }
    }
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor latents = Tensors.of(vectors, points.length, dimensions());
      return space.pictures(latents).toFloats();
    }
  }
}
