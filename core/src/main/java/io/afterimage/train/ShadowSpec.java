package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;
import static io.afterimage.base.Checks.within;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Many trainings by one recipe.
 *
 * @param training of each of them: its non-members, if given, validate every one
 * @param models how many there are, from 2
 * @param share of the members that each learns from: every person is among a model's by a coin of
 *     its own
 * @param cache a folder in which models are looked for, and kept; empty for one that goes when all
 *     are done
 */
public record ShadowSpec(TrainingSpec training, int models, double share, Optional<Path> cache) {
  private static final int MOST = 10_000;

  public ShadowSpec {
    inRange("--models", models, 2, MOST);
    within("--share", share, 0, 1);
    check(
        training.saving().isEmpty(),
        "--checkpoint-every and --checkpoint-epochs are for one model: of --models, each is kept as"
            + " soon as it is trained, and --resume goes on from there; leave them out");
    check(
        !(training.network() instanceof Network.OfModel model && model.fromWeights()),
        "--from-weights is for one model: with --models, each starts from fresh weights");
  }
}
