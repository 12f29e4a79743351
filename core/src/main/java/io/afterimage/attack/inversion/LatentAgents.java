package io.afterimage.attack.inversion;

import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.attack.inversion.picture.Interims;
import io.afterimage.attack.inversion.picture.Trails;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Stages;
import io.afterimage.target.ScoreTarget;
import io.afterimage.train.SoftActorCritics;
import io.afterimage.train.SoftActorCritics.Moves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * One run of {@link RlbMi}. An episode is a row: {@code class * restarts + number}. Classes are
 * taken side by side, as many as memory holds, and get as many steps each.
 */
final class LatentAgents {
  /** Of the networks of agents that stand side by side. */
  private static final long MOST_WEIGHTS = 1 << 25;

  private final ScoreTarget target;
  private final Schema schema;
  private final String input;
  private final LatentCanvas canvas;
  private final Shape shape;
  private final RlbMi.Settings settings;
  private final Run run;
  private final int classes;
  private final float[] best;
  private final float[] starts;
  private final double[] confidence;
  private final int[] subjects;
  private final Trails trails;
  private final Interims interims;
  private final List<CurvePoint> curve = new ArrayList<>();
  private long spent;

  LatentAgents(
      ScoreTarget target, String input, LatentCanvas canvas, RlbMi.Settings settings, Run run) {
    this.target = target;
    this.schema = new Schema(Map.of(input, Role.FEATURE));
    this.input = input;
    this.canvas = canvas;
    this.shape = canvas.space().row();
    this.settings = settings;
    this.run = run;
    this.classes = target.info().classes().size();
    this.confidence = new double[Math.multiplyExact(classes, settings.restarts())];
    this.best = new float[Math.multiplyExact(confidence.length, shape.size())];
    this.starts = starts();
    this.subjects = new int[confidence.length];
    Arrays.fill(confidence, -1);
    Arrays.setAll(subjects, row -> row / settings.restarts());
    this.trails = Trails.of(Stages.kept(subjects, shape));
    this.interims = Interims.of(subjects, target.info().classes(), shape, run);
  }

  /** A BudgetExhaustedException where not one move of all could be asked about. */
  Reconstructions reconstructions() {
    int steps = steps();
    long weights = settings.learning().agents().size(canvas.dimensions());
    long numbers = (long) settings.restarts() * pictures() * shape.size();
    int together =
        (int) Math.max(1, Math.min(MOST_WEIGHTS / weights, Climbing.NUMBERS_AT_ONCE / numbers));
    for (int from = 0; from < classes; from += together) {
      move(from, Math.min(classes, from + together), steps);
    }
    return evidence(steps);
  }

  /** Pictures that a move is judged by: where states become actions, they have one picture. */
  private int pictures() {
    return settings.diversity() > 0 ? 2 : 1;
  }

  /** As many as the budget allows every episode. */
  private int steps() {
    long asked = (long) confidence.length * pictures();
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    if (left < asked) {
      throw new BudgetExhaustedException(left, 0, asked);
    }
    return (int) Math.min(settings.steps(), left / asked);
  }

  /** All steps of some classes' episodes. */
  private void move(int from, int to, int steps) {
    Run own = run.keyed("agents/" + target.info().classes().get(from));
    if (!settings.learning().learned()) {
      RandomGenerator random = own.random("actions");
      move(from, to, steps, states -> random(states.length, random), moves -> {});
      return;
    }
    SoftActorCritics.Settings how = settings.learning().agents();
    try (SoftActorCritics agents = new SoftActorCritics(to - from, canvas.dimensions(), how, own)) {
      move(
          from,
          to,
          steps,
          agents::act,
          moves -> {
            agents.remember(moves);
            for (int i = 0; i < settings.learning().updates(); i++) {
              agents.learn();
            }
          });
    }
  }

  private static float[] random(int count, RandomGenerator random) {
    float[] actions = new float[count];
    for (int i = 0; i < count; i++) {
      actions[i] = 2 * random.nextFloat() - 1;
    }
    return actions;
  }

  private void move(
      int from, int to, int steps, UnaryOperator<float[]> policy, Consumer<Moves> learner) {
    float[] states = new float[0];
    passed(from, to, 0, starts);
    for (int step = 0; step < steps; step++) {
      if (step % settings.moves() == 0) {
        states = drawn(from, to, step / settings.moves());
      }
      float[] actions = policy.apply(states);
      float[] towards = times(actions, settings.reach());
      float[] nexts = moved(states, towards, settings.diversity());
      float[] rewards = asked(from, nexts, towards);
      boolean last = (step + 1) % settings.moves() == 0;
      learner.accept(new Moves(states, actions, rewards, nexts, last));
      states = nexts;
      passed(from, to, step + 1, best);
      curve.add(new CurvePoint(spent, meanConfidence()));
      interims.pass(spent, this::surest);
      run.progress(
          "rlb-mi", (long) from * steps + (to - from) * (step + 1L), (long) classes * steps);
    }
  }

  /** Shows where the episodes of these classes stand after so many steps: the best so far. */
  private void passed(int from, int to, int step, float[] pictures) {
    int size = shape.size();
    for (int i = from * settings.restarts(); i < to * settings.restarts(); i++) {
      int row = i;
      trails.pass(row, step, () -> Arrays.copyOfRange(pictures, row * size, (row + 1) * size));
    }
  }

  /** Where episodes start; the first where the prior's own pictures stand. */
  private float[] drawn(int from, int to, int episode) {
    int restarts = settings.restarts();
    int length = canvas.dimensions();
    float[] states = new float[(to - from) * restarts * length];
    for (int i = 0; i < (to - from) * restarts; i++) {
      double[] vector = canvas.space().vector(key(from * restarts + i, episode));
      for (int j = 0; j < length; j++) {
        states[i * length + j] = (float) vector[j];
      }
    }
    return states;
  }

  /** What the prior makes of the first episodes' starts, without the target. */
  private float[] starts() {
    double[][] vectors = new double[confidence.length][];
    Arrays.setAll(vectors, row -> canvas.space().vector(key(row, 0)));
    float[] pictures = new float[best.length];
    canvas.paint(vectors, pictures);
    return pictures;
  }

  private String key(int row, int episode) {
    String name = target.info().classes().get(row / settings.restarts());
    String key = "latent/" + name + "/" + row % settings.restarts();
    return episode == 0 ? key : key + "/episode/" + episode;
  }

  private static float[] times(float[] numbers, double factor) {
    float[] product = new float[numbers.length];
    for (int i = 0; i < product.length; i++) {
      product[i] = (float) (numbers[i] * factor);
    }
    return product;
  }

  /** The next states. */
  static float[] moved(float[] states, float[] towards, double diversity) {
    float[] nexts = new float[states.length];
    for (int i = 0; i < nexts.length; i++) {
      nexts[i] = (float) (diversity * states[i] + (1 - diversity) * towards[i]);
    }
    return nexts;
  }

  /** The rewards of moves to these states; keeps the pictures that the target is surest of. */
  private float[] asked(int from, float[] nexts, float[] towards) {
    int count = nexts.length / canvas.dimensions();
    boolean alike = pictures() == 1;
    double[][] points = Arrays.copyOf(points(nexts), count * pictures());
    if (!alike) {
      System.arraycopy(points(towards), 0, points, count, count);
    }
    float[] pixels = new float[Math.multiplyExact(points.length, shape.size())];
    canvas.paint(points, pixels);
    Dataset rows = Dataset.of("rlb-mi", schema, List.of(new Column.Array(input, pixels, shape)));
    Posteriors answers = Posteriors.of(new Asker(target, 1, run).ask(rows), target.answers());
    spent += points.length;
    float[] rewards = new float[count];
    for (int i = 0; i < count; i++) {
      int row = from * settings.restarts() + i;
      int subject = row / settings.restarts();
      rewards[i] = (float) settings.reward().of(answers, i, alike ? i : count + i, subject);
      if (answers.p(i, subject) > confidence[row]) {
        confidence[row] = answers.p(i, subject);
        System.arraycopy(pixels, i * shape.size(), best, row * shape.size(), shape.size());
      }
    }
    return rewards;
  }

  private double[][] points(float[] vectors) {
    int length = canvas.dimensions();
    double[][] points = new double[vectors.length / length][length];
    for (int i = 0; i < vectors.length; i++) {
      points[i / length][i % length] = vectors[i];
    }
    return points;
  }

  /** The mean over classes of the best confidence so far; 0 in classes not yet asked about. */
  private double meanConfidence() {
    double sum = 0;
    int restarts = settings.restarts();
    for (int c = 0; c < classes; c++) {
      sum +=
          Arrays.stream(confidence, c * restarts, (c + 1) * restarts)
              .map(p -> Math.max(0, p))
              .max()
              .orElseThrow();
    }
    return sum / classes;
  }

  /** The surest picture of a class so far; what it starts from where none was asked about. */
  private float[] surest(int subject) {
    int row = subject * settings.restarts();
    for (int i = row + 1; i < (subject + 1) * settings.restarts(); i++) {
      row = confidence[i] > confidence[row] ? i : row;
    }
    float[] pictures = confidence[row] < 0 ? starts : best;
    return Arrays.copyOfRange(pictures, row * shape.size(), (row + 1) * shape.size());
  }

  private Reconstructions evidence(int steps) {
    int[] taken = new int[confidence.length];
    Arrays.fill(taken, steps);
    return Reconstructions.of(
            shape, best, starts, subjects, target.info().classes(), confidence, taken, curve)
        .along(trails.stages())
        .after(interims.before(spent));
  }
}
