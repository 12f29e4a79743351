package io.afterimage.attack.inversion.latent;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.Attack;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.Target;
import java.util.Optional;

/**
 * An attack that looks, among the pictures that a prior can make, for those that the target takes
 * for a class.
 *
 * <p>What each reconstruction starts from is the picture of a vector drawn before the target was
 * asked: the baseline, what the adversary draws without it. Where a part of the pictures is known,
 * it is fitted to that part, and the baseline is what the prior completes without the target.
 *
 * @param <S> its settings
 * @param <T> the least access that it needs
 */
public abstract class PriorAttack<S extends Record & WithPrior, T extends Target>
    implements Attack<S, T, Reconstructions> {
  private final AttackInfo info;
  private final Class<T> target;

  /**
   * @param target the least access that it needs, as a type
   * @param holds what the adversary holds beside public pictures, with a comma, or nothing
   * @param whoever can rebuild, in plain words
   */
  protected PriorAttack(
      String id,
      String title,
      String paper,
      Access access,
      Class<T> target,
      String holds,
      String whoever) {
    this.target = target;
    this.info =
        new AttackInfo(
            id,
            title,
            paper,
            Family.INVERSION,
            access,
            holds + "the names of the classes and public pictures of the same kind",
            true,
            whoever + " can draw a picture by which a person is recognised");
  }

  @Override
  public final AttackInfo info() {
    return info;
  }

  @Override
  public final Class<T> target() {
    return target;
  }

  @Override
  public final Optional<String> refusal(Split split) {
    return refusal(split, defaults());
  }

  /** A generator that is brought along needs no public pictures. */
  @Override
  public final Optional<String> refusal(Split split, S settings) {
    return settings.refusal(split);
  }

  @Override
  public final Reconstructions run(T target, Split split, S settings, Run run) {
    Optional<String> refusal = refusal(split, settings);
    check(refusal.isEmpty(), "%s %s", info.id(), refusal.orElse(""));
    try (LatentSpace space =
        LatentSpace.of(
            target.info(), split, settings.prior(), settings.completing(), info.id(), run)) {
      return rebuilt(target, space, split, settings, run).knowing(space.completion().places());
    }
  }

  /**
   * Looks for pictures of every class.
   *
   * @param space of the prior, open as long as this runs
   */
  protected abstract Reconstructions rebuilt(
      T target, LatentSpace space, Split split, S settings, Run run);
}
