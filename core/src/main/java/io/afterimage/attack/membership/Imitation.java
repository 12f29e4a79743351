package io.afterimage.attack.membership;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.TrainedModels;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** What models like the target are made as. */
sealed interface Imitation permits NetworkImitation, TreeImitation {
  /**
   * An imitation of the target: trees where it is an ensemble of trees, else a network, which it is
   * too where its architecture is named.
   *
   * @param pool everybody's rows
   */
  static Imitation of(ScoreTarget target, Dataset pool, ReferenceSettings settings, Run run) {
    return settings
        .architecture()
        .<Imitation>map(named -> NetworkImitation.named(named, target, pool, run))
        .or(() -> TreeImitation.of(target, pool))
        .orElseGet(() -> NetworkImitation.of(target, pool, run));
  }

  /**
   * What the adversary knows of the target beside its architecture, which tells nothing of who was
   * trained on.
   *
   * @param pool everybody's rows
   * @param sureness how sure the target is, mean over the pool: see {@link Sureness}
   */
  record Known(Dataset pool, TargetInfo target, double sureness) {}

  /**
   * How models must be made to be as sure of everybody as the target is, as one model shows that
   * learns from half of the pool.
   *
   * @param kept where models are looked for, and kept
   */
  Plan plan(Known known, ReferenceSettings settings, Optional<TrainedModels> kept, Run run);

  /** How models are made. */
  interface Plan {
    /** In words, after their number. */
    String what();

    /** Whether models are of the target's own graph, so that they stand for how it was made. */
    boolean ofOwnGraph();

    /** How long so many models take at most. */
    double seconds(int models);

    /** Makes a model of each pupil's rows of the pool, or finds it made. */
    Learned learned(List<Pupil> pupils);
  }

  /** Models that learned. */
  @FunctionalInterface
  interface Learned {
    /** What each of them, by its number, answers to these rows. */
    IntFunction<Predictions> answering(Dataset rows);
  }
}
