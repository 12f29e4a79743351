package io.afterimage.attack.inversion;

import io.afterimage.attack.common.Search;
import io.afterimage.base.Access;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.ScoreTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A {@link PriorAttack} by scores alone. Each search starts from the vector drawn for its picture.
 * Goodness counts by rank, so that rounded or cut off scores serve as long as they differ; where
 * they do not, a generation teaches nothing.
 *
 * @param <S> its settings
 */
abstract class LatentClimb<S extends Record & LatentClimb.Settings>
    extends PriorAttack<S, ScoreTarget> {
  /** What all of them are told. */
  interface Settings extends WithPrior {
    /** How long searches go on. */
    Climbing.Rule rule();
  }

  LatentClimb(String id, String title, String paper) {
    super(id, title, paper, Access.SCORES, ScoreTarget.class, "", "whoever may ask the model");
  }

  @Override
  final Reconstructions rebuilt(
      ScoreTarget target, LatentSpace space, Split split, S settings, Run run) {
    LatentCanvas canvas = new LatentCanvas(space);
    List<Climb> climbs = new ArrayList<>();
    for (int c = 0; c < target.info().classes().size(); c++) {
      for (int restart = 0; restart < settings.rule().restarts(); restart++) {
        String key = target.info().classes().get(c) + "/" + restart;
        double[] start = space.vector("latent/" + key);
        Search search = search(start, canvas, settings, run.random("search/" + key));
        climbs.add(new Climb(c, canvas, search, space.row().size()));
      }
    }
    String input = split.members().inputs().get(0).name();
    return new Climbing(info().id(), target, input, space.row(), canvas, settings.rule(), run)
        .reconstructions(climbs);
  }

  /**
   * A search for one picture.
   *
   * @param start a vector of the prior
   */
  abstract Search search(double[] start, LatentCanvas canvas, S settings, RandomGenerator random);
}
