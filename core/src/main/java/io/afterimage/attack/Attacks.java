package io.afterimage.attack;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.RecipeScores;
import io.afterimage.target.Target;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** Every attack on the class path that registered itself with {@code @AutoService}. */
public final class Attacks {
  private Attacks() {}

  /** All of them, in the order of their ids. */
  public static List<Attack<?, ?, ?>> all() {
    return ServiceLoader.load(Attack.class).stream()
        .<Attack<?, ?, ?>>map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing(attack -> attack.info().id()))
        .toList();
  }

  /** The attack of this id; a BadInputException that lists the ids where there is none. */
  public static Attack<?, ?, ?> named(String id) {
    return all().stream()
        .filter(attack -> attack.info().id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "there is no attack %s; there are %s"
                        .formatted(
                            id,
                            String.join(", ", all().stream().map(a -> a.info().id()).toList()))));
  }

  /**
   * Runs an attack whose types are known only at run time, with settings made from its own by
   * {@link SettingsForm}. A BadInputException where the target gives less access than it needs.
   */
  public static Evidence run(
      Attack<?, ?, ?> attack, Target target, Split split, Record settings, Run run) {
    return typed(attack, target, split, settings, run);
  }

  /** Whether the target gives the access that the attack needs. */
  public static boolean reaches(Attack<?, ?, ?> attack, Target target) {
    return attack.target().isInstance(target)
        && target.info().access().covers(attack.info().access());
  }

  /** {@link Attack#refusal} of an attack whose types are known only at run time. */
  public static Optional<String> refusal(Attack<?, ?, ?> attack, Split split, Record settings) {
    return refused(attack, split, settings);
  }

  private static <S extends Record> Optional<String> refused(
      Attack<S, ?, ?> attack, Split split, Record settings) {
    return attack.refusal(split, own(attack, settings));
  }

  /** {@link Attack#unsuited} of an attack whose types are known only at run time. */
  public static Optional<String> unsuited(Attack<?, ?, ?> attack, Target target) {
    return typed(attack, target);
  }

  private static <T extends Target> Optional<String> typed(Attack<?, T, ?> attack, Target target) {
    require(attack, target);
    return attack.unsuited(attack.target().cast(target));
  }

  /** {@link Attack#ofRecipe} of an attack whose types are known only at run time. */
  public static Optional<RecipeScores> ofRecipe(
      Attack<?, ?, ?> attack, Target target, Split split, Record settings, Run run) {
    return recipe(attack, target, split, settings, run);
  }

  private static <S extends Record, T extends Target> Optional<RecipeScores> recipe(
      Attack<S, T, ?> attack, Target target, Split split, Record settings, Run run) {
    require(attack, target);
    return attack.ofRecipe(attack.target().cast(target), split, own(attack, settings), run);
  }

  private static <S extends Record, T extends Target, E extends Evidence> E typed(
      Attack<S, T, E> attack, Target target, Split split, Record settings, Run run) {
    require(attack, target);
    return attack.run(attack.target().cast(target), split, own(attack, settings), run);
  }

  @SuppressWarnings("unchecked") // defaults() returns an S, and a record class has no subclass
  private static <S extends Record> S own(Attack<S, ?, ?> attack, Record settings) {
    return ((Class<S>) attack.defaults().getClass()).cast(settings);
  }

  private static void require(Attack<?, ?, ?> attack, Target target) {
    if (!reaches(attack, target)) {
      throw new BadInputException(
          "%s needs access %s to the target, but %s gives %s"
              .formatted(
                  attack.info().id(),
                  attack.info().access(),
                  target.info().name(),
                  target.info().access()));
    }
  }
}
