package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Many independent descents in one batch. Each row stops by its own rule, is then taken out of the
 * batch, and leaves the best picture that it passed through.
 *
 * <p>Rows share neither a step size nor a norm, so that each takes its own path whatever stands
 * beside it. A row's best picture is copied only once the row has left it: while the cost falls at
 * every step, keeping the best costs nothing.
 *
 * <p>Shapes: x is [rows still descending, ...picture].
 */
public final class Descent {
  private final GradientTarget target;
  private final Rule rule;
  private final Surroundings surroundings;
  private final Outcome outcome;
  private final LastCosts lastCosts;
  private final Trails trails;

  // Of the rows still descending: where they stand in the outcome, their pictures now and one step
  // ago, and their velocity. Whether the picture now is the best so far, and not yet copied.
  private int[] rows;
  private Tensor classes;
  private Tensor x;
  private @Nullable Tensor before;
  private @Nullable Tensor velocity;
  private boolean[] atBest;

  private Descent(
      GradientTarget target,
      Tensor start,
      int[] classes,
      Rule rule,
      Surroundings surroundings,
      Trails trails) {
    this.target = target;
    this.rule = rule;
    this.surroundings = surroundings;
    this.trails = trails;
    this.outcome = new Outcome(Tensors.zerosLike(start), classes.length);
    this.lastCosts = new LastCosts(classes.length, Math.min(rule.patience, rule.steps));
    this.rows = IntStream.range(0, classes.length).toArray();
    this.classes = indices(classes);
    this.x = start.copy(); // steps are taken in its memory
    this.atBest = new boolean[classes.length];
  }

  /** What a picture costs and where it may go. */
  public interface Surroundings {
    /**
     * What is descended, differentiable in x.
     *
     * @param x [n, ...picture]
     * @param confidence the target's probability of each row's own class, [n]
     * @return [n]
     */
    Tensor cost(Tensor x, Tensor confidence);

    /**
     * The pictures after a step, brought back to where they may be; x may be changed.
     *
     * @param before the pictures before the step
     * @param step how many steps were taken, from 1
     */
    Tensor project(Tensor before, Tensor x, int step);

    /**
     * How the cost falls. By default along the pictures' own numbers.
     *
     * @return the gradient is of what steps move, one row for each of x
     */
    default GradientTarget.Slope slope(GradientTarget target, Tensor x, GradientTarget.Cost cost) {
      return target.slope(x, cost);
    }

    /**
     * The pictures that a move leads to; x is left as it is. By default x + factor * move.
     *
     * @param spare of x's shape, to be written over where that saves memory
     * @param move of the shape of the slope's gradient
     */
    default Tensor moved(@Nullable Tensor spare, Tensor x, Tensor move, double factor) {
      if (spare == null || spare.size(0) != x.size(0)) {
        return x.add(move, factor);
      }
      InPlace.sum(spare, x, move, factor);
      return spare;
    }
  }

  /**
   * How far, and how fast.
   *
   * @param steps at most so many
   * @param patience a row stops where its cost is at least the greatest of its last so many
   * @param stopAt a row stops once its confidence is that high; above 1 is never
   * @param rate length of a step for a gradient of length 1, in what steps move
   * @param momentum share of the last step that is taken again
   */
  public record Rule(int steps, int patience, double stopAt, double rate, double momentum) {}

  /**
   * The best picture of every row, that of least cost on its way, the start included.
   *
   * @param pictures [rows, ...picture]
   * @param cost the least cost
   * @param confidence the target's probability of the row's class there
   * @param bestStep the step that led there
   * @param steps how many steps the row took
   */
  public record Outcome(
      Tensor pictures, double[] cost, double[] confidence, int[] bestStep, int[] steps) {
    private Outcome(Tensor pictures, int rows) {
      this(pictures, new double[rows], new double[rows], new int[rows], new int[rows]);
      Arrays.fill(cost, Double.POSITIVE_INFINITY);
    }
  }

  /**
   * Descends until every row has stopped. The outcome belongs to the innermost scope.
   *
   * @param start [rows, ...picture]; left as it is
   * @param classes whose probability each row raises
   * @param trails of rows, which take the pictures that a row goes on from
   */
  public static Outcome run(
      GradientTarget target,
      Tensor start,
      int[] classes,
      Rule rule,
      Surroundings surroundings,
      Trails trails,
      Run run) {
    Descent descent = new Descent(target, start, classes, rule, surroundings, trails);
    for (int taken = 0; descent.rows.length > 0; taken++) {
      run.progress("descent", taken, rule.steps);
      descent.advance(taken);
    }
    return descent.outcome;
  }

  /** Judges the pictures that so many steps led to; those that go on take one more. */
  private void advance(int taken) {
    try (TensorScope scope = new TensorScope()) {
      GradientTarget.Slope slope =
          surroundings.slope(target, x, (at, p) -> surroundings.cost(at, confidence(p)));
      float[] confidence = confidence(slope.probabilities()).toFloats();
      int[] goOn = judge(slope.cost().toFloats(), confidence, taken);
      pass(goOn, taken);
      if (goOn.length < rows.length) {
        drop(goOn, scope);
      }
      if (goOn.length > 0) {
        step(rowsOf(slope.gradient(), goOn), taken + 1, scope);
      }
    }
  }

  /** The probability of each row's own class. */
  private Tensor confidence(Tensor probabilities) {
    return Indexing.gather(probabilities, 1, classes.unsqueeze(1)).squeeze(1);
  }

  /** Keeps what is best and tells which of the rows still descending go on. */
  private int[] judge(float[] cost, float[] confidence, int taken) {
    boolean[] left = new boolean[rows.length];
    boolean[] settled = new boolean[rows.length];
    int[] goOn = new int[rows.length];
    int going = 0;
    for (int i = 0; i < rows.length; i++) {
      check(
          Float.isFinite(cost[i]),
          "the model's answer is not finite after %d steps; lower --learning-rate",
          taken);
      boolean better = note(rows[i], cost[i], confidence[i], taken);
      boolean stalled = lastCosts.stalled(rows[i], cost[i], taken);
      boolean stops = stalled || taken == rule.steps || confidence[i] >= rule.stopAt;
      left[i] = atBest[i] && !better;
      settled[i] = stops && better;
      atBest[i] = better;
      if (!stops) {
        goOn[going++] = i;
      }
    }
    if (before != null) {
      copy(before, left);
    }
    copy(x, settled);
    return Arrays.copyOf(goOn, going);
  }

  private boolean note(int row, float cost, float confidence, int taken) {
    outcome.steps[row] = taken;
    if (cost >= outcome.cost[row]) {
      return false;
    }
    outcome.cost[row] = cost;
    outcome.confidence[row] = confidence;
    outcome.bestStep[row] = taken;
    return true;
  }

  private void copy(Tensor pictures, boolean[] chosen) {
    int[] from = IntStream.range(0, chosen.length).filter(i -> chosen[i]).toArray();
    if (from.length > 0) {
      int[] to = Arrays.stream(from).map(i -> rows[i]).toArray();
      Tensor best = Indexing.indexSelect(pictures, 0, indices(from));
      InPlace.setRows(outcome.pictures, indices(to), best);
    }
  }

  private void pass(int[] goOn, int taken) {
    for (int i : goOn) {
      trails.pass(rows[i], taken, () -> x.select(0, i).toFloats());
    }
  }

  private void step(Tensor gradient, int number, TensorScope scope) {
    Tensor spare = before;
    Tensor move = rule.momentum > 0 ? accelerate(gradient, scope) : gradient;
    double factor = rule.momentum > 0 ? 1 : -rule.rate;
    Tensor moved = surroundings.project(x, surroundings.moved(spare, x, move, factor), number);
    before = x;
    x = moved == spare ? moved : scope.keep(moved);
    if (spare != null && moved != spare) {
      spare.close();
    }
  }

  private Tensor accelerate(Tensor gradient, TensorScope scope) {
    Tensor moving = velocity;
    if (moving == null) {
      moving = scope.keep(Tensors.zerosLike(gradient));
      velocity = moving;
    }
    InPlace.mul(moving, rule.momentum);
    InPlace.add(moving, gradient, -rule.rate);
    return moving;
  }

  /** Leaves only these of the rows still descending. */
  private void drop(int[] goOn, TensorScope scope) {
    Tensor chosen = rowsOf(x, goOn);
    x.close();
    x = scope.keep(chosen);
    classes = scope.keep(rowsOf(classes, goOn));
    if (velocity != null) {
      velocity = scope.keep(rowsOf(velocity, goOn));
    }
    boolean[] best = atBest;
    int[] old = rows;
    atBest = new boolean[goOn.length];
    rows = new int[goOn.length];
    for (int i = 0; i < goOn.length; i++) {
      atBest[i] = best[goOn[i]];
      rows[i] = old[goOn[i]];
    }
  }

  /** These of the rows still descending: all of them without a copy. */
  private static Tensor rowsOf(Tensor tensor, int[] chosen) {
    return chosen.length == tensor.size(0)
        ? tensor
        : Indexing.indexSelect(tensor, 0, indices(chosen));
  }

  private static Tensor indices(int[] values) {
    return Tensors.of(Arrays.stream(values).asLongStream().toArray(), values.length);
  }
}
