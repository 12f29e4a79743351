package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Canvas;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.TensorScope;
import java.util.Arrays;

/** The vectors of a {@link LatentSpace}, and the pictures that its generator makes of them. */
public record LatentCanvas(LatentSpace space) implements Canvas {
  private static final int AT_ONCE = 1024;

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
      point[i] = Math.max(-LatentSpace.FARTHEST, Math.min(LatentSpace.FARTHEST, point[i]));
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
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      return space.pictures(space.latents(points)).toFloats();
    }
  }
}
