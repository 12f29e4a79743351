package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Threads;
import io.afterimage.train.Trainer.Settings;
import io.afterimage.train.Trainer.Trained;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains many models of one graph side by side, each from fresh weights on rows of its own: shadow
 * and reference models. Several share a stack of batched operators where the graph allows, and
 * every worker has one thread of libtorch.
 *
 * <p>A model does not depend on which others are trained with it, beyond the order of sums: its
 * weights and orders are drawn by its name.
 */
public final class Cohort {
  /** Enough to keep matrix products busy, few enough for the caches. */
  private static final int STACK = 8;

  private final OnnxModel graph;
  private final Examples pool;
  private final String poolSha256;
  private final Optional<Examples> validation;
  private final Optional<String> validationSha256;
  private final Recipe recipe;
  private final Optional<TrainedModels> cache;
  private final Run run;

  private Cohort(
      OnnxModel graph,
      Examples pool,
      Optional<Examples> validation,
      Recipe recipe,
      Optional<TrainedModels> cache,
      Run run) {
    this.graph = graph;
    this.pool = pool;
    this.poolSha256 = pool.sha256();
    this.validation = validation;
    this.validationSha256 = validation.map(Examples::sha256);
    this.recipe = recipe;
    this.cache = cache;
    this.run = run;
  }

  /**
   * One model.
   *
   * @param name keys its weights and its orders of rows
   * @param rows numbers of the examples that it learns from
   */
  public record Pupil(String name, int[] rows) {
    public Pupil {
      check(rows.length > 0, "model %s has no rows to learn from", name);
    }

    Run run(Run run) {
      return Workers.alone(run, "model/" + name);
    }

    /** What these of its rows are called in the pool. */
    int[] inPool(int[] own) {
      return Arrays.stream(own).map(row -> rows[row]).toArray();
    }
  }

  /**
   * How every one of them is trained.
   *
   * @param clipNorm the greatest norm of all gradients of a step together, 0 for any
   */
  public record Recipe(
      Loss loss, Optimiser optimiser, Settings settings, Pace pace, double clipNorm) {
    Schedule schedule(int rows) {
      return pace.schedule(settings.steps(rows));
    }

    /** At the full learning rate, with gradients of any norm. */
    public static Recipe of(Loss loss, Optimiser optimiser, Settings settings) {
      return new Recipe(loss, optimiser, settings, Pace.CONSTANT, 0);
    }
  }

  /** A model at the end of its training, and how that went. */
  record Ended(OnnxModel model, Standing standing) {}

  /** Trains the models, none of which is validated. */
  public static List<Trained> train(
      OnnxModel graph,
      Examples pool,
      List<Pupil> pupils,
      Recipe recipe,
      Optional<TrainedModels> cache,
      Run run) {
    return train(graph, pool, Optional.empty(), pupils, recipe, cache, run);
  }

  /**
   * Trains the models.
   *
   * @param graph whose trainable parameters are drawn anew for every model
   * @param validation what every model is validated on after each epoch: with patience, its loss
   *     says when training ends and which epoch's weights are taken
   * @param cache where models are looked for, and kept as soon as they are trained
   * @return in the pupils' order
   * @throws BadInputException where a model's loss is no longer a number; the others are kept
   */
  public static List<Trained> train(
      OnnxModel graph,
      Examples pool,
      Optional<Examples> validation,
      List<Pupil> pupils,
      Recipe recipe,
      Optional<TrainedModels> cache,
      Run run) {
    try (TensorScope owner = TensorScope.owner()) {
      Examples resident = pool.resident(owner);
      Optional<Examples> judging = validation.map(examples -> examples.resident(owner));
      return new Cohort(graph, resident, judging, recipe, cache, run).trained(pupils);
    }
  }

  private List<Trained> trained(List<Pupil> pupils) {
    Map<Pupil, Trained> done = new LinkedHashMap<>();
    List<List<Pupil>> stacks = stacks(pupils);
    // Threads within an operation would fight the workers'.
    Threads.alone(() -> Workers.map(run, "models", stacks.size(), i -> stack(stacks.get(i))))
        .forEach(done::putAll);
    return pupils.stream().map(done::get).toList();
  }

  /** Models that take as many steps an epoch can share a stack. */
  private List<List<Pupil>> stacks(List<Pupil> pupils) {
    // Gradients of a stack are clipped together, which is not the same.
    boolean stacked = recipe.clipNorm() == 0 && StackedStep.suits(graph, pool, recipe.loss());
    int most = stacked ? STACK : 1;
    Map<Long, List<Pupil>> alike = new LinkedHashMap<>();
    for (Pupil pupil : pupils) {
      long steps = recipe.settings().steps(pupil.rows().length);
      alike.computeIfAbsent(steps, s -> new ArrayList<>()).add(pupil);
    }
    // No worker should wait for another that has a full stack.
    int share = Math.max(1, Math.min(most, (pupils.size() + run.threads() - 1) / run.threads()));
    List<List<Pupil>> stacks = new ArrayList<>();
    for (List<Pupil> group : alike.values()) {
      for (int i = 0; i < group.size(); i += share) {
        stacks.add(group.subList(i, Math.min(group.size(), i + share)));
      }
    }
    return stacks;
  }

  // A stack of which some are missing is trained whole: who stands in it moves the order of sums,
  // so that otherwise a training that was stopped would end in other bits.
  private Map<Pupil, Trained> stack(List<Pupil> pupils) {
    Map<Pupil, Trained> done = new LinkedHashMap<>();
    for (Pupil pupil : pupils) {
      cache
          .flatMap(kept -> kept.find(graph, record(pupil, List.of())))
          .ifPresent(found -> done.put(pupil, found));
    }
    if (done.size() < pupils.size()) {
      Threads.setIntraOp(1);
      List<Ended> fresh = pupils.size() == 1 ? List.of(alone(pupils.get(0))) : together(pupils);
      for (int i = 0; i < pupils.size(); i++) {
        Ended ended = fresh.get(i);
        done.computeIfAbsent(pupils.get(i), pupil -> keep(pupil, ended));
      }
    }
    return done;
  }

  private Trained keep(Pupil pupil, Ended ended) {
    Trained trained = new Trained(ended.model(), record(pupil, ended.standing().epochs()));
    cache.ifPresent(kept -> kept.put(trained));
    return trained;
  }

  private Ended alone(Pupil pupil) {
    Run own = pupil.run(run);
    OnnxModel fresh = FreshWeights.of(graph, own);
    Examples rows = new Chosen(pool, pupil.rows());
    try (SupervisedStep step =
            new SupervisedStep(
                fresh, rows, recipe.loss(), recipe.optimiser(), recipe.clipNorm(), own);
        Course course = new Course(step, validation, recipe.settings())) {
      Standing end =
          Trainer.run(
              step, rows.rows(), recipe.settings(), recipe.schedule(rows.rows()), course, own);
      course.restoreBest();
      return new Ended(step.model(), end);
    } catch (BadInputException e) {
      throw new BadInputException("model %s: %s".formatted(pupil.name(), e.getMessage()), e);
    }
  }

  private List<Ended> together(List<Pupil> pupils) {
    try (StackedTraining training =
        new StackedTraining(graph, pool, validation, pupils, recipe, run)) {
      return training.run();
    }
  }

  private TrainingRecord record(Pupil pupil, List<Standing.Epoch> epochs) {
    return new TrainingRecord(
        graph.sha256(),
        Chosen.sha256(poolSha256, pupil.rows()),
        recipe.loss().toString(),
        recipe.optimiser(),
        recipe.settings(),
        recipe.pace(),
        recipe.clipNorm(),
        validationSha256,
        pupil.run(run).seed(),
        1,
        epochs);
  }
}
