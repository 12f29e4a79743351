package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.OpenedPrior;
import io.afterimage.train.Prior;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The codes that a target makes of pictures, and the decoder that makes pictures of them: a descent
 * that moves codes, as that of Fredrikson et al. 2015 (algorithm 2, Process-DAE) does on a stacked
 * denoising autoencoder. There each step's code is decoded, the picture denoised and sharpened, and
 * encoded again. Here the picture is what is kept between two steps, so that what is reported is
 * what the target was asked about.
 *
 * <p>Shapes: x is [rows, ...picture], codes and their gradients [rows, code].
 *
 * @param target that encodes up to the layer
 * @param layer whose values are the codes
 * @param shape of a picture as the target takes it
 * @param decoder of codes; whoever made this closes it
 */
public record Codes(GradientTarget target, String layer, Shape shape, OpenedPrior decoder)
    implements AutoCloseable {

  /**
   * The codes that this decoder takes; a BadInputException where it does not fit the layer or the
   * target's pictures.
   *
   * @param layer empty for the last before the scores
   * @param probe a row to tell layers by
   */
  public static Codes of(
      GradientTarget target, Path decoder, Optional<String> layer, Dataset probe, Run run) {
    Shape shape = target.info().arrayInput().orElseThrow();
    Prior pictures = Prior.of(OnnxModel.read(decoder), shape);
    InnerLayer inner = InnerLayer.of(target, layer, probe);
    int width = inner.of(probe, run).length / probe.rows();
    check(
        width == pictures.latent(),
        "--decoder takes codes of %d numbers, but layer %s has %d; name the layer with --layer",
        pictures.latent(),
        inner.name(),
        width);
    return new Codes(target, inner.name(), shape, pictures.open(run));
  }

  /** How the cost falls along the codes of these pictures. */
  public GradientTarget.Slope slope(Tensor x, GradientTarget.Cost cost) {
    try (TensorScope scope = new TensorScope()) {
      Tensor at = x.detach().requireGrad();
      GradientTarget.Inside inside = target.inside(at, List.of(layer));
      Tensor code = Objects.requireNonNull(inside.features().get(layer));
      Tensor probabilities = inside.logits().softmax(1);
      Tensor costs = cost.of(at, probabilities);
      Tensor gradient = Autograd.gradients(costs.sum(), List.of(code), false).get(0);
      return new GradientTarget.Slope(
          scope.keep(probabilities.detach()),
          scope.keep(costs.detach()),
          scope.keep(gradient.reshape(x.size(0), -1)));
    }
  }

  /** The pictures of the codes of x after a move. */
  @SuppressWarnings("try") // scope and guard are there to close
  public Tensor moved(Tensor x, Tensor move, double factor) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor code = target.features(x, layer).reshape(x.size(0), -1);
      return scope.keep(pictures(code.add(move, factor)));
    }
  }

  /** Fills in the picture of the code of zeros. */
  @SuppressWarnings("try") // scope and guard are there to close
  public void zero(float[] picture) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      float[] made = pictures(Tensors.zeros(1, decoder.prior().latent())).toFloats();
      System.arraycopy(made, 0, picture, 0, made.length);
    }
  }

  private Tensor pictures(Tensor codes) {
    return decoder.pictures(codes).reshape(shape.batch(codes.size(0)));
  }

  @Override
  public void close() {
    decoder.close();
  }
}
