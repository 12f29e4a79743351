package io.afterimage.attack.membership;

import io.afterimage.attack.membership.Imitation.Learned;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Joined;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.TrainedModels;
import io.afterimage.train.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Models like the target, each of which learned from half of the suspects.
 *
 * <p>They never learn who was trained on. All suspects, members and others, make one pool; each
 * person is in the rows of exactly half of the models, drawn by coins keyed by the person alone,
 * and rows come in an order drawn by their ids. Swapping the two sides changes nothing (where rows
 * have ids of their own).
 */
final class ReferenceModels {
  private final Dataset pool;
  private final int[] order;
  private final boolean[][] learned;
  private final Learned models;
  private final String note;
  private final boolean ofOwnGraph;
  private final Run run;

  private ReferenceModels(
      Dataset pool,
      int[] order,
      boolean[][] learned,
      Learned models,
      String note,
      boolean ofOwnGraph,
      Run run) {
    this.pool = pool;
    this.order = order;
    this.learned = learned;
    this.models = models;
    this.note = note;
    this.ofOwnGraph = ofOwnGraph;
    this.run = run;
  }

  /**
   * Trains the models, or finds them trained.
   *
   * @param sureness how sure the target is of each suspect: see {@link Sureness}
   */
  static ReferenceModels of(
      ScoreTarget target,
      Suspects suspects,
      double[] sureness,
      ReferenceSettings settings,
      Run run) {
    Run shared = run.ofShared().keyed("references");
    Optional<TrainedModels> kept = shared.shared().map(s -> new TrainedModels(s.folder()));
    int[] order = order(suspects, shared);
    Dataset pool = Joined.of("suspects", suspects.members(), suspects.nonMembers()).select(order);
    // Summed in the pool's order, for sums of floats depend on theirs.
    double mean = Arrays.stream(order).mapToDouble(i -> sureness[i]).average().orElseThrow();
    Imitation.Known known = new Imitation.Known(pool, target.info(), mean);
    Imitation.Plan plan =
        Imitation.of(target, pool, settings, shared).plan(known, settings, kept, shared);
    int count = settings.references();
    String what = "%d reference models %s".formatted(count, plan.what());
    run.say("%s: at most some %s".formatted(what, time(plan.seconds(count))));
    boolean[][] learned = learned(suspects, count, shared);
    List<Pupil> pupils =
        IntStream.range(0, count).mapToObj(m -> pupil(m, learned[m], order)).toList();
    return new ReferenceModels(
        pool, order, learned, plan.learned(pupils), what, plan.ofOwnGraph(), shared);
  }

  private static String time(double seconds) {
    return seconds < 100
        ? "%.0f s".formatted(Math.ceil(seconds))
        : "%.0f min".formatted(Math.ceil(seconds / 60));
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

  // ---- what they answer

  int count() {
    return learned.length;
  }

  /** Whether a model learned from a suspect. */
  boolean learned(int model, int suspect) {
    return learned[model][suspect];
  }

  /** What a network is that imitates the target, where that cannot be taught itself too. */
  NetworkImitation student(ScoreTarget target) {
    return NetworkImitation.of(target, pool, run);
  }

  /** The numbers of the suspects in an order drawn by their ids, for what depends on an order. */
  int[] order() {
    return order.clone();
  }

  /** Whether they are of the target's own graph. */
  boolean ofOwnGraph() {
    return ofOwnGraph;
  }

  /** How they came about, for the report. */
  String note() {
    return note;
  }

  /** What every model answers about every suspect, in the suspects' order. */
  List<Predictions> answers(UnaryOperator<Dataset> version) {
    IntFunction<Predictions> answers = models.answering(version.apply(pool));
    return Workers.map(
        run, "asking the reference models", count(), model -> placed(answers.apply(model)));
  }

  /** What a student of the target answers about every suspect, in the suspects' order. */
  Predictions answers(NetworkImitation student, OnnxModel taught) {
    return placed(student.answers(taught, student.examples().apply(pool)));
  }

  /** What one of the models answers to other rows: probabilities, or values. */
  Predictions answers(int model, Dataset rows) {
    return models.answering(rows).apply(model).probabilities();
  }

  /** From the pool's order into the suspects'. */
  private Predictions placed(Predictions inPool) {
    int columns = inPool.columns();
    double[] placed = new double[inPool.values().length];
    for (int row = 0; row < order.length; row++) {
      System.arraycopy(inPool.values(), row * columns, placed, order[row] * columns, columns);
    }
    return new Predictions(placed, columns, inPool.meaning());
  }
}
