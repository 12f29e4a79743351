package io.afterimage.attack;

import io.afterimage.base.AttackInfo;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.RecipeScores;
import io.afterimage.target.Target;
import java.util.Optional;

/**
 * One attack: a paper made runnable. Implementations are stateless and registered with
 * {@code @AutoService}.
 *
 * @param <S> its settings, a record whose compact constructor validates them and whose
 *     {@code @Setting} annotations become the options of the command line
 * @param <T> the least access that it needs
 * @param <E> the evidence that it brings
 */
public interface Attack<S extends Record, T extends Target, E extends Evidence> {
  AttackInfo info();

  /** The paper's settings. */
  S defaults();

  /** Settings with which it ends within seconds, for the conformance test. */
  S small();

  /** The least access that it needs, as a type. */
  Class<T> target();

  /**
   * Why the attack cannot be run on these rows, in one line that says what to do; empty where it
   * can. Asks no target.
   */
  default Optional<String> refusal(Split split) {
    return Optional.empty();
  }

  /** The same with these settings, which may bring what the rows lack. */
  default Optional<String> refusal(Split split, S settings) {
    return refusal(split);
  }

  /**
   * Why the attack does not fit this target, though it gives the access, in one line; empty where
   * it does. Asks it nothing.
   */
  default Optional<String> unsuited(T target) {
    return Optional.empty();
  }

  /**
   * Attacks the target. Asks it only through its interface; draws only from the run, keyed by
   * record id.
   */
  E run(T target, Split split, S settings, Run run);

  /**
   * What the attack says of everybody under the models that it trains like the target, each of
   * which takes the target's place and is compared with the others; empty where it trains none, or
   * none of the target's own graph.
   */
  default Optional<RecipeScores> ofRecipe(T target, Split split, S settings, Run run) {
    return Optional.empty();
  }
}
