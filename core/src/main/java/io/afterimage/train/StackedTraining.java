package io.afterimage.train;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Cohort.Ended;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.SupervisedStep.Score;
import io.afterimage.train.Trainer.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Trains several models of one graph at once. Each ends, and keeps its best weights, by its own
 * losses, as it would alone; the stack goes on until all have ended.
 */
final class StackedTraining implements AutoCloseable {
  private final List<Pupil> pupils;
  private final Cohort.Recipe recipe;
  private final Optional<Examples> validation;
  private final Run run;
  private final List<Run> runs;
  private final StackedStep step;
  private final OptionalDouble constantLoss;
  private final List<KeptWeights> best;
  private final List<Standing> standings;
  private final Map<Integer, Ended> ended = new TreeMap<>();

  /**
   * @param graph that {@link StackedStep#suits}
   * @param pupils who take as many steps an epoch
   */
  StackedTraining(
      OnnxModel graph,
      Examples pool,
      Optional<Examples> validation,
      List<Pupil> pupils,
      Cohort.Recipe recipe,
      Run run) {
    this.pupils = pupils;
    this.recipe = recipe;
    this.validation = validation;
    this.run = run;
    this.runs = pupils.stream().map(pupil -> pupil.run(run)).toList();
    List<OnnxModel> fresh = runs.stream().map(own -> FreshWeights.of(graph, own)).toList();
    this.step = new StackedStep(fresh, pool, recipe.loss(), recipe.optimiser(), run);
    this.constantLoss = step.constantLoss();
    this.best =
        IntStream.range(0, pupils.size())
            .mapToObj(i -> new KeptWeights(step.parameters(i)))
            .toList();
    this.standings = new ArrayList<>(Collections.nCopies(pupils.size(), Standing.START));
  }

  /**
   * Trains them all.
   *
   * @return in the pupils' order
   * @throws BadInputException where the loss of one that has not ended is no longer a number
   */
  List<Ended> run() {
    for (int epoch = 0; ended.size() < pupils.size(); epoch++) {
      epoch(epoch);
      going().forEach(this::keepOrEnd);
    }
    return List.copyOf(ended.values());
  }

  private IntStream going() {
    return IntStream.range(0, pupils.size()).filter(i -> !ended.containsKey(i));
  }

  private void keepOrEnd(int i) {
    Standing standing = standings.get(i);
    if (recipe.settings().keepsAt(standing)) {
      best.get(i).keep();
    }
    if (recipe.settings().endsAt(standing)) {
      best.get(i).restore();
      ended.put(i, new Ended(step.model(i), standing));
    }
  }

  private void epoch(int epoch) {
    List<int[]> orders =
        IntStream.range(0, pupils.size())
            .mapToObj(i -> runs.get(i).shuffled("order/" + epoch, pupils.get(i).rows().length))
            .toList();
    Settings settings = recipe.settings();
    long steps = settings.steps(orders.get(0).length);
    Schedule schedule = recipe.schedule(orders.get(0).length);
    for (int taken = 0; taken < steps; taken++) {
      run.checkCancelled();
      List<int[]> rows = batch(orders, taken);
      double rate = schedule.at(epoch * steps + taken, settings.epochs() * steps);
      double[] losses = step.take(rows, epoch, rate);
      going().forEach(i -> after(i, losses[i], rows.get(i).length));
    }
    Optional<List<Score>> scores = validation.map(step::score);
    going().forEach(i -> epochDone(i, scores.map(all -> all.get(i))));
  }

  private List<int[]> batch(List<int[]> orders, int taken) {
    int size = recipe.settings().batch();
    return IntStream.range(0, pupils.size())
        .mapToObj(i -> pupils.get(i).inPool(part(orders.get(i), taken * size, size)))
        .toList();
  }

  private static int[] part(int[] order, int from, int size) {
    return Arrays.copyOfRange(order, from, Math.min(order.length, from + size));
  }

  private void after(int i, double loss, int rows) {
    Standing standing = standings.get(i);
    double bound = ConstantAnswer.bound(standing, constantLoss);
    try {
      Trainer.requireReasonable(loss, bound, standing.epochs().size());
    } catch (BadInputException e) {
      throw new BadInputException(
          "model %s: %s".formatted(pupils.get(i).name(), e.getMessage()), e);
    }
    standings.set(i, standing.after(loss, rows));
  }

  private void epochDone(int i, Optional<Score> score) {
    Standing standing = standings.get(i);
    double loss = standing.sum() / standing.seen();
    standings.set(i, standing.epochDone(Standing.Epoch.of(loss, score)));
  }

  @Override
  public void close() {
    best.forEach(KeptWeights::close);
    step.close();
  }
}
