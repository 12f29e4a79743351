package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.Attack;
import io.afterimage.attack.common.Search;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.ScoreTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * An attack that looks, by scores alone, for the latent vectors whose pictures the target takes for
 * a class. Each search starts from a vector drawn from the prior, whose picture is the baseline:
 * what the adversary draws without the target. Goodness counts by rank, so that rounded or cut off
 * scores serve as long as they differ; where they do not, a generation teaches nothing.
 *
 * @param <S> its settings
 */
abstract class LatentClimb<S extends Record & LatentClimb.Settings>
    implements Attack<S, ScoreTarget, Reconstructions> {
  private final AttackInfo info;

  /** What all of them are told. */
  interface Settings {
    /** What is searched. */
    PriorChoice prior();

    /** At most so many generations. */
    int steps();

    /** A search is done once the target is so sure. */
    double stopAt();

    /** Pictures for each class. */
    int restarts();

    /** Answers averaged for each picture; empty for 1, or 4 where answers are noisy. */
    OptionalInt repeats();
  }

  LatentClimb(String id, String title, String paper) {
    this.info =
        new AttackInfo(
            id,
            title,
            paper,
            Family.INVERSION,
            Access.SCORES,
            "the names of the classes and public pictures of the same kind",
            true,
            "whoever may ask the model can draw a picture by which a person is recognised");
  }

  @Override
  public final AttackInfo info() {
    return info;
  }

  @Override
  public final Class<ScoreTarget> target() {
    return ScoreTarget.class;
  }

  @Override
  public final Optional<String> refusal(Split split) {
    return defaults().prior().refusal(split);
  }

  @Override
  public final Reconstructions run(ScoreTarget target, Split split, S settings, Run run) {
    Optional<String> refusal = settings.prior().refusal(split);
    check(refusal.isEmpty(), "%s %s", info.id(), refusal.orElse(""));
    try (LatentSpace space =
        LatentSpace.of(target.info(), split, settings.prior(), info.id(), run)) {
      LatentCanvas canvas = new LatentCanvas(space);
      List<Climb> climbs = new ArrayList<>();
      for (int c = 0; c < target.info().classes().size(); c++) {
        for (int restart = 0; restart < settings.restarts(); restart++) {
          String key = target.info().classes().get(c) + "/" + restart;
          double[] start = space.vector("latent/" + key);
          Search search = search(start, canvas, settings, run.random("search/" + key));
          climbs.add(new Climb(c, canvas, search, space.row().size()));
        }
      }
      String input = split.members().inputs().get(0).name();
      Climbing.Rule rule =
          new Climbing.Rule(
              settings.steps(), settings.stopAt(), settings.restarts(), settings.repeats());
      return new Climbing(info.id(), target, input, space.row(), canvas, rule, run)
          .reconstructions(climbs);
    }
  }

  /**
   * A search for one picture.
   *
   * @param start a vector of the prior
   */
  abstract Search search(double[] start, LatentCanvas canvas, S settings, RandomGenerator random);
}
