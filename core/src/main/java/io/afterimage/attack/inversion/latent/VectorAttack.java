package io.afterimage.attack.inversion.latent;

import io.afterimage.base.Run;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;

/**
 * A {@link LatentAttack} whose pictures are those of the latent vectors that a search ends at.
 *
 * @param <S> its settings
 */
public abstract class VectorAttack<S extends Record & LatentAttack.Settings>
    extends LatentAttack<S> {
  protected VectorAttack(String id, String title, String paper) {
    super(id, title, paper);
  }

  @Override
  @SuppressWarnings("try") // the guard is there to close
  protected final Tensor found(Aim aim, Tensor start, S settings, Run run) {
    Tensor end = search(aim, start, settings, run);
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      return aim.space().pictures(end, aim.classes());
    }
  }

  /**
   * Looks for the vectors of the pictures.
   *
   * @param start drawn from the prior and fitted to what is known, [rows, latent]
   * @return where they end, [rows, latent]
   */
  protected abstract Tensor search(Aim aim, Tensor start, S settings, Run run);
}
