package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Cohort.Pupil;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Grows many models of trees side by side, each on rows of its own: what {@link Cohort} is for
 * networks. A model does not depend on which others are grown with it.
 */
public final class TreeCohort {
  private final LabelledTable pool;
  private final String poolSha256;
  private final Optional<TrainedModels> cache;
  private final Run run;

  /**
   * Models that learn from rows of one pool.
   *
   * @param cache where models are looked for, and kept as soon as they are grown
   */
  public TreeCohort(LabelledTable pool, Optional<TrainedModels> cache, Run run) {
    this.pool = pool;
    this.poolSha256 = pool.sha256();
    this.cache = cache;
    this.run = run;
  }

  /**
   * Grows the models; gives them in the pupils' order. Where they are kept, each is read anew when
   * it is asked for: a forest that remembers thousands of rows is large.
   */
  public List<Supplier<OnnxModel>> grow(List<Pupil> pupils, TreeRecipe recipe) {
    return Workers.map(run, "models", pupils.size(), i -> later(pupils.get(i), recipe));
  }

  private Supplier<OnnxModel> later(Pupil pupil, TreeRecipe recipe) {
    OnnxModel model = grow(pupil, recipe);
    return cache.isPresent() ? () -> grow(pupil, recipe) : () -> model;
  }

  /** Grows one model, or finds it grown. */
  public OnnxModel grow(Pupil pupil, TreeRecipe recipe) {
    Run own = pupil.run(run);
    String key = "%s %s %d".formatted(recipe, Chosen.sha256(poolSha256, pupil.rows()), own.seed());
    return cache
        .flatMap(kept -> kept.find(key, pupil.name()))
        .orElseGet(
            () -> {
              OnnxModel grown = grown(pupil, recipe, own);
              cache.ifPresent(kept -> kept.put(key, grown));
              return grown;
            });
  }

  private OnnxModel grown(Pupil pupil, TreeRecipe recipe, Run own) {
    try {
      return recipe.grow(pool.select(pupil.rows()), own);
    } catch (BadInputException e) {
      throw new BadInputException("model %s: %s".formatted(pupil.name(), e.getMessage()), e);
    }
  }
}
