package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Threads;
import io.afterimage.train.Trainer.Settings;
import io.afterimage.train.Trainer.Trained;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

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
  private final Recipe recipe;
  private final Optional<TrainedModels> cache;
  private final Run run;

  private Cohort(
      OnnxModel graph, Examples pool, Recipe recipe, Optional<TrainedModels> cache, Run run) {
    this.graph = graph;
    this.pool = pool;
    this.poolSha256 = pool.sha256();
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

    private Run run(Run run) {
      return Workers.alone(run, "model/" + name);
    }

    /** What these of its rows are called in the pool. */
    private int[] inPool(int[] own) {
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
    private Schedule schedule(int rows) {
      return pace.schedule(settings.steps(rows));
    }

    /** At the full learning rate, with gradients of any norm. */
    public static Recipe of(Loss loss, Optimiser optimiser, Settings settings) {
      return new Recipe(loss, optimiser, settings, Pace.CONSTANT, 0);
    }
  }

  /**
   * Trains the models.
   *
   * @param graph whose trainable parameters are drawn anew for every model
   * @param cache where models are looked for, and kept as soon as they are trained
   * @return in the pupils' order
   * @throws BadInputException where a model's loss is no longer a number; the others are kept
   */
  public static List<Trained> train(
      OnnxModel graph,
      Examples pool,
      List<Pupil> pupils,
      Recipe recipe,
      Optional<TrainedModels> cache,
      Run run) {
    return new Cohort(graph, pool, recipe, cache, run).trained(pupils);
  }

  private List<Trained> trained(List<Pupil> pupils) {
    Map<Pupil, Trained> done = new LinkedHashMap<>();
    int before = Threads.intraOp();
    Threads.setIntraOp(1); // of all workers: threads within an operation would fight theirs
    try {
      List<List<Pupil>> stacks = stacks(pupils);
      Workers.map(run, "models", stacks.size(), i -> stack(stacks.get(i))).forEach(done::putAll);
    } finally {
      Threads.setIntraOp(before);
    }
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
      Map<Pupil, Trained> fresh = pupils.size() == 1 ? alone(pupils.get(0)) : together(pupils);
      fresh.keySet().removeAll(done.keySet());
      cache.ifPresent(kept -> fresh.values().forEach(kept::put));
      done.putAll(fresh);
    }
    return done;
  }

  private Map<Pupil, Trained> alone(Pupil pupil) {
    Run own = pupil.run(run);
    OnnxModel fresh = FreshWeights.of(graph, own);
    Examples rows = new Chosen(pool, pupil.rows());
    try (SupervisedStep step =
        new SupervisedStep(
            fresh, rows, recipe.loss(), recipe.optimiser(), recipe.clipNorm(), own)) {
      Standing end =
          Trainer.run(
              step,
              rows.rows(),
              recipe.settings(),
              recipe.schedule(rows.rows()),
              Trainer.Watch.NONE,
              own);
      Trained trained = new Trained(step.model(), record(pupil, end.losses()));
      return new LinkedHashMap<>(Map.of(pupil, trained));
    } catch (BadInputException e) {
      throw new BadInputException("model %s: %s".formatted(pupil.name(), e.getMessage()), e);
    }
  }

  // ---- a stack

  private Map<Pupil, Trained> together(List<Pupil> pupils) {
    List<Run> runs = pupils.stream().map(pupil -> pupil.run(run)).toList();
    List<OnnxModel> fresh = runs.stream().map(own -> FreshWeights.of(graph, own)).toList();
    Map<Pupil, Trained> done = new LinkedHashMap<>();
    try (StackedStep step = new StackedStep(fresh, pool, recipe.loss(), recipe.optimiser())) {
      List<Standing> standings = new ArrayList<>();
      pupils.forEach(pupil -> standings.add(Standing.START));
      while (done.size() < pupils.size()) {
        epoch(step, pupils, runs, standings);
        for (int i = 0; i < pupils.size(); i++) {
          Standing standing = standings.get(i);
          if (!done.containsKey(pupils.get(i)) && recipe.settings().endsAt(standing)) {
            TrainingRecord record = record(pupils.get(i), standing.losses());
            done.put(pupils.get(i), new Trained(step.model(i), record));
          }
        }
      }
    }
    return done;
  }

  private void epoch(
      StackedStep step, List<Pupil> pupils, List<Run> runs, List<Standing> standings) {
    int epoch = standings.get(0).epochs().size();
    List<int[]> orders =
        IntStream.range(0, pupils.size())
            .mapToObj(i -> runs.get(i).shuffled("order/" + epoch, pupils.get(i).rows().length))
            .toList();
    Settings settings = recipe.settings();
    int batch = settings.batch();
    long steps = settings.steps(orders.get(0).length);
    Schedule schedule = recipe.schedule(orders.get(0).length);
    for (int taken = 0; taken < steps; taken++) {
      run.checkCancelled();
      int from = taken * batch;
      List<int[]> rows =
          IntStream.range(0, pupils.size())
              .mapToObj(i -> pupils.get(i).inPool(part(orders.get(i), from, batch)))
              .toList();
      double rate = schedule.at(epoch * steps + taken, settings.epochs() * steps);
      double[] losses = step.take(rows, epoch, rate);
      for (int i = 0; i < losses.length; i++) {
        if (Trainer.isDivergent(standings.get(i), losses[i])) {
          String reason = Trainer.diverged(losses[i], epoch).getMessage();
          throw new BadInputException("model %s: %s".formatted(pupils.get(i).name(), reason));
        }
        standings.set(i, standings.get(i).after(losses[i], rows.get(i).length));
      }
    }
    standings.replaceAll(s -> s.epochDone(Standing.Epoch.of(s.sum() / s.seen(), Optional.empty())));
  }

  private static int[] part(int[] order, int from, int batch) {
    return Arrays.copyOfRange(order, from, Math.min(order.length, from + batch));
  }

  private TrainingRecord record(Pupil pupil, List<Double> losses) {
    return new TrainingRecord(
        graph.sha256(),
        Chosen.sha256(poolSha256, pupil.rows()),
        recipe.loss().toString(),
        recipe.optimiser(),
        recipe.settings(),
        recipe.pace(),
        recipe.clipNorm(),
        pupil.run(run).seed(),
        1,
        losses);
  }
}
