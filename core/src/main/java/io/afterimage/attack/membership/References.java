package io.afterimage.attack.membership;

import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Confidences;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Joined;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import io.afterimage.train.Cohort;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.RowLosses;
import io.afterimage.train.TrainedModels;
import io.afterimage.train.Trainer.Trained;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * How sure the target is of each suspect, and how sure models like it are that were trained with
 * and without that suspect.
 *
 * <p>The reference models never learn who was trained on. All suspects, members and others, make
 * one pool; each person is in the rows of exactly half of the models, drawn by coins keyed by the
 * person alone, and rows come in an order drawn by their ids. Swapping the two sides changes
 * nothing (where rows have ids of their own).
 *
 * <p>Confidences are logits of the true class, ended where the target's answers end: a float's
 * probability cannot be told from 1 beyond 16, a rounded one's sooner. For a regressor they are
 * minus the absolute error.
 */
final class References {
  /** Where the float nearest below 1 lies. */
  private static final double MOST_LOGIT = 16;

  private final double[] target;
  private final double[][] models;
  private final boolean[][] learned;

  private References(double[] target, double[][] models, boolean[][] learned) {
    this.target = target;
    this.models = models;
    this.learned = learned;
  }

  /** Asks the target about everybody and trains the models, or finds them trained. */
  static References of(
      ScoreTarget target, Suspects suspects, ReferenceRecipe recipe, OptionalInt repeats, Run run) {
    Asker asker = Asker.of(target, repeats, suspects.rows(), run);
    Run shared = run.ofShared().keyed("references");
    int[] order = order(suspects, shared);
    Dataset pool = Joined.of("suspects", suspects.members(), suspects.nonMembers()).select(order);
    Imitation imitation = Imitation.of(target, pool, shared);
    double limit = limit(target);
    List<Predictions> answers = suspects.sides().stream().map(asker::ask).toList();
    double[] found = each(suspects, answers, (a, rows) -> Confidences.of(a, target, rows));
    double sureness = sureness(suspects, answers, target, order);
    int epochs = recipe.epochs() > 0 ? recipe.epochs() : imitation.epochs(sureness, recipe, shared);
    boolean[][] learned = learned(suspects, recipe.references(), shared);
    List<Pupil> pupils =
        IntStream.range(0, recipe.references())
            .mapToObj(model -> pupil(model, learned[model], order))
            .toList();
    List<Trained> trained =
        Cohort.train(
            imitation.graph(),
            imitation.pool(),
            pupils,
            recipe.of(imitation.loss(), epochs),
            shared.shared().map(kept -> new TrainedModels(kept.folder())),
            shared);
    double[][] models = new double[trained.size()][];
    for (int model = 0; model < models.length; model++) {
      OnnxModel graph = trained.get(model).model();
      double[] losses = RowLosses.of(graph, imitation.pool(), imitation.loss()).losses();
      models[model] = ended(placed(confidences(losses, target.info().task()), order), limit);
    }
    return new References(ended(found, limit), models, learned);
  }

  // ---- who is in which model

  /** The numbers of the suspects, members first, in an order drawn by their ids. */
  private static int[] order(Suspects suspects, Run run) {
    String[] ids = texts(suspects, Dataset::id);
    long[] keys = Arrays.stream(ids).mapToLong(id -> run.seedFor("order/" + id)).toArray();
    return IntStream.range(0, ids.length)
        .boxed()
        .sorted(Comparator.<Integer>comparingLong(i -> keys[i]).thenComparing(i -> ids[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  private interface Text {
    String of(Dataset rows, int row);
  }

  private static String[] texts(Suspects suspects, Text text) {
    return suspects.sides().stream()
        .flatMap(side -> IntStream.range(0, side.rows()).mapToObj(row -> text.of(side, row)))
        .toArray(String[]::new);
  }

  /** For each model who it learns from: of each person exactly half of the models do. */
  private static boolean[][] learned(Suspects suspects, int models, Run run) {
    String[] persons = texts(suspects, Dataset::person);
    boolean[][] learned = new boolean[models][persons.length];
    for (int i = 0; i < persons.length; i++) {
      int[] drawn = run.shuffled("coins/" + persons[i], models);
      for (int place = 0; place < models / 2; place++) {
        learned[drawn[place]][i] = true;
      }
    }
    return learned;
  }

  private static Pupil pupil(int model, boolean[] learned, int[] order) {
    int[] rows = IntStream.range(0, order.length).filter(row -> learned[order[row]]).toArray();
    return new Pupil("reference-" + model, rows);
  }

  // ---- how sure

  private static double[] each(
      Suspects suspects, List<Predictions> answers, BiFunction<Predictions, Dataset, double[]> of) {
    return IntStream.range(0, answers.size())
        .mapToObj(side -> of.apply(answers.get(side), suspects.sides().get(side)))
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  /**
   * How sure the target is of everybody: the mean greatest probability; of a regressor minus the
   * mean absolute error. Summed in the pool's order, for sums of floats depend on theirs.
   */
  private static double sureness(
      Suspects suspects, List<Predictions> answers, ScoreTarget target, int[] order) {
    double[] each =
        target.info().task() == Task.REGRESSION
            ? each(suspects, answers, (a, rows) -> Confidences.of(a, target, rows))
            : each(suspects, answers, (a, rows) -> greatest(Posteriors.of(a, target.answers())));
    return Arrays.stream(order).mapToDouble(i -> each[i]).average().orElseThrow();
  }

  private static double[] greatest(Posteriors posteriors) {
    return IntStream.range(0, posteriors.rows())
        .mapToDouble(
            row ->
                IntStream.range(0, posteriors.classes())
                    .mapToDouble(c -> posteriors.p(row, c))
                    .max()
                    .orElseThrow())
        .toArray();
  }

  /** How far confidences reach either way. */
  private static double limit(ScoreTarget target) {
    if (target.info().task() == Task.REGRESSION) {
      return Double.MAX_VALUE;
    }
    OptionalInt decimals = target.answers().decimals();
    double half = Math.pow(10, -decimals.orElse(0)) / 2;
    return decimals.isPresent() ? Math.min(MOST_LOGIT, Math.log((1 - half) / half)) : MOST_LOGIT;
  }

  /** Of losses: minus log p of the true class, or squared errors. */
  private static double[] confidences(double[] losses, Task task) {
    return Arrays.stream(losses)
        .map(
            loss ->
                task == Task.REGRESSION ? -Math.sqrt(loss) : -loss - Math.log(-Math.expm1(-loss)))
        .toArray();
  }

  /** From the pool's order into the suspects'. */
  private static double[] placed(double[] inPool, int[] order) {
    double[] placed = new double[order.length];
    for (int row = 0; row < order.length; row++) {
      placed[order[row]] = inPool[row];
    }
    return placed;
  }

  private static double[] ended(double[] confidences, double limit) {
    return Arrays.stream(confidences).map(c -> Math.max(-limit, Math.min(limit, c))).toArray();
  }

  // ---- what attacks compare

  int people() {
    return target.length;
  }

  /** How sure the target is of a suspect, members first. */
  double target(int person) {
    return target[person];
  }

  /** How sure the models are that learned from the suspect, at least one. */
  double[] with(int person) {
    return of(person, true);
  }

  /** How sure the models are that did not, at least one. */
  double[] without(int person) {
    return of(person, false);
  }

  private double[] of(int person, boolean with) {
    return IntStream.range(0, models.length)
        .filter(model -> learned[model][person] == with)
        .mapToDouble(model -> models[model][person])
        .toArray();
  }
}
