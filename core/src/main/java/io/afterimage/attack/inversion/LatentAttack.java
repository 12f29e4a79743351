package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.Attack;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Optional;

/**
 * An attack that looks, with the target's gradients, for the latent vectors whose pictures the
 * target takes for a class.
 *
 * <p>What each picture starts from, the prior's own picture of the first vector, is the baseline:
 * what the adversary draws without the target.
 *
 * @param <S> its settings
 */
abstract class LatentAttack<S extends Record & LatentSettings>
    implements Attack<S, GradientTarget, Reconstructions> {
  private final AttackInfo info;

  LatentAttack(String id, String title, String paper) {
    this.info =
        new AttackInfo(
            id,
            title,
            paper,
            Family.INVERSION,
            Access.GRADIENTS,
            "the model's weights, the names of the classes and public pictures of the same kind",
            true,
            "whoever holds the model can draw a picture by which a person is recognised");
  }

  @Override
  public final AttackInfo info() {
    return info;
  }

  @Override
  public final Class<GradientTarget> target() {
    return GradientTarget.class;
  }

  @Override
  public final Optional<String> refusal(Split split) {
    return defaults().prior().refusal(split);
  }

  @Override
  public final Reconstructions run(GradientTarget target, Split split, S settings, Run run) {
    Optional<String> refusal = settings.prior().refusal(split);
    check(refusal.isEmpty(), "%s %s", info.id(), refusal.orElse(""));
    try (LatentSpace space =
        LatentSpace.of(target.info(), split, settings.prior(), info.id(), run)) {
      Rebuilt rebuilt = new Rebuilt(target, space.row(), settings.restarts());
      int classes = target.info().classes().size();
      int together = Math.max(1, settings.batch() / classes);
      for (int from = 0; from < settings.restarts(); from += together) {
        int[] rows = rebuilt.rows(from, Math.min(settings.restarts(), from + together));
        rebuild(new Aim(target, space, rebuilt, rows), settings, run);
      }
      return rebuilt.evidence(settings.steps());
    }
  }

  @SuppressWarnings("try") // the scope is there to close
  private void rebuild(Aim aim, S settings, Run run) {
    try (TensorScope scope = new TensorScope()) {
      Tensor start = start(aim, settings, run);
      Tensor end = search(aim, start, settings, run);
      aim.put(start, end);
    }
  }

  /** What the search starts from: drawn from the prior. */
  Tensor start(Aim aim, S settings, Run run) {
    return aim.draw("latent");
  }

  /**
   * Looks for the vectors of the pictures.
   *
   * @param start [rows, latent]
   * @return where they end, [rows, latent]
   */
  abstract Tensor search(Aim aim, Tensor start, S settings, Run run);
}
