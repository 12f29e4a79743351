package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.base.Access;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.Target;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.Prior;
import java.util.List;
import java.util.Optional;

/**
 * A {@link PriorAttack} with the target's gradients.
 *
 * @param <S> its settings
 */
public abstract class LatentAttack<S extends Record & LatentAttack.Settings>
    extends PriorAttack<S, GradientTarget> {
  /** What all of them are told. */
  public interface Settings extends WithPrior {
    /** How vectors are moved. */
    Walk walk();
  }

  protected LatentAttack(String id, String title, String paper) {
    super(
        id,
        title,
        paper,
        Access.GRADIENTS,
        GradientTarget.class,
        "the model's weights, ",
        "whoever holds the model");
  }

  @Override
  protected final Reconstructions rebuilt(
      GradientTarget target, LatentSpace space, Split split, S settings, Run run) {
    Optional<Prior> taught = taught(target, space, split, settings, run);
    if (taught.isEmpty()) {
      return searched(target, space, space, split, settings, run);
    }
    try (LatentSpace other = space.of(taught.get())) {
      return searched(target, space, other, split, settings, run);
    }
  }

  @SuppressWarnings("try") // the scope is there to close
  private Reconstructions searched(
      GradientTarget target,
      LatentSpace unasked,
      LatentSpace space,
      Split split,
      S settings,
      Run run) {
    Walk walk = settings.walk();
    Rebuilt rebuilt = new Rebuilt(target, space.row(), walk.restarts());
    int together = Math.max(1, walk.batch() / target.info().classes().size());
    List<GradientTarget> students = students(target, split, settings, run);
    try (TensorScope scope = new TensorScope()) {
      Aim all =
          new Aim(
              target,
              students,
              split.reference(),
              unasked,
              space,
              rebuilt,
              rebuilt.rows(0, walk.restarts()),
              Optional.empty());
      Optional<Aim.Learned> learned = learned(all, settings, run);
      for (int from = 0; from < walk.restarts(); from += together) {
        int[] rows = rebuilt.rows(from, Math.min(walk.restarts(), from + together));
        rebuild(all.at(rows, learned), settings, run);
      }
      return rebuilt.evidence(steps(space, settings));
    } finally {
      students.forEach(Target::close);
    }
  }

  /** Steps that each reconstruction takes. */
  protected int steps(LatentSpace space, S settings) {
    return settings.walk().steps();
  }

  /** Models that learned from the target and have their say beside it; closed in the end. */
  protected List<GradientTarget> students(GradientTarget target, Split split, S settings, Run run) {
    return List.of();
  }

  /**
   * A prior that learned from the target, in whose pictures is searched. Those of the adversary who
   * never asked remain what each search is measured against.
   *
   * @param space of the prior that knows of no target, whose vectors are as long
   * @return empty to search that one
   */
  protected Optional<Prior> taught(
      GradientTarget target, LatentSpace space, Split split, S settings, Run run) {
    return Optional.empty();
  }

  /**
   * What is learned of the classes once, before their pictures are looked for batch by batch; empty
   * where that is nothing.
   *
   * @param aim all pictures
   */
  protected Optional<Aim.Learned> learned(Aim aim, S settings, Run run) {
    return Optional.empty();
  }

  @SuppressWarnings("try") // the scope is there to close
  private void rebuild(Aim aim, S settings, Run run) {
    try (TensorScope scope = new TensorScope()) {
      Tensor start = aim.start();
      aim.put(start, found(aim, start, settings, run));
    }
  }

  /**
   * Looks for the pictures.
   *
   * @param start drawn from the prior and fitted to what is known, [rows, latent]
   * @return [rows, ...input]
   */
  protected abstract Tensor found(Aim aim, Tensor start, S settings, Run run);
}
