package io.afterimage.attack.inversion.picture;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Posteriors;
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
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.target.ScoreTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Climbs for all classes side by side, until all are done or the query budget is spent. */
public final class Climbing {
  /**
   * Few, because thousands of questions follow one another: a generation's ranks are averaged over
   * its pictures, and the next generation corrects what noise misled.
   */
  private static final int REPEATS_WHEN_NOISY = 4;

  /** Of the pictures of one climb. */
  public static final int NUMBERS_AT_ONCE = 1 << 25;

  /** Of the climbs that are asked about together, where one alone has no more. */
  private static final int NUMBERS_TOGETHER = 1 << 23;

  private final String name;
  private final ScoreTarget target;
  private final Schema schema;
  private final String input;
  private final Shape shape;
  private final Canvas canvas;
  private final Rule rule;
  private final Run run;
  private final List<CurvePoint> curve = new ArrayList<>();
  private long spent;
  private long noted; // of what was spent, by the last point of the curve

  /**
   * How long climbs go on.
   *
   * @param steps at most so many generations
   * @param stopAt a climb is done once the target is so sure
   * @param restarts climbs of each class, one after the other
   * @param repeats answers averaged; empty for 1, or 4 where answers are noisy
   */
  public record Rule(
      @Setting("at most so many generations") int steps,
      @Setting("stop a search once the target is so sure; above 1: never") double stopAt,
      @Setting("pictures for each class") int restarts,
      @Setting(
              "answers averaged for each picture; by default 1, or 4 where answers are noisy;"
                  + " fewer where the query budget is short")
          OptionalInt repeats) {
    public Rule {
      inRange("--steps", steps, 1, 10_000_000);
      inRange("--stop-at", stopAt, 0, 2);
      inRange("--restarts", restarts, 1, 1_000);
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }

    /** Until the target is all but certain, of answers as they come. */
    public static Rule of(int steps, int restarts) {
      return new Rule(steps, 0.9999, restarts, OptionalInt.empty());
    }
  }

  /**
   * @param name for progress: the attack's id
   * @param input the name of the column that holds the pictures
   * @param canvas that all climbs move on
   */
  public Climbing(
      String name,
      ScoreTarget target,
      String input,
      Shape shape,
      Canvas canvas,
      Rule rule,
      Run run) {
    this.name = name;
    this.target = target;
    this.schema = new Schema(Map.of(input, Role.FEATURE));
    this.input = input;
    this.shape = shape;
    this.canvas = canvas;
    this.rule = rule;
    this.run = run;
  }

  /** The same after so many questions that count as well. */
  public Climbing after(long asked) {
    spent = asked;
    return this;
  }

  /** What the climbs found. A BudgetExhaustedException where not one generation could be asked. */
  public Reconstructions reconstructions(List<Climb> climbs) {
    int[] classes = climbs.stream().mapToInt(Climb::target).toArray();
    Arrays.stream(Stages.kept(classes, shape)).forEach(i -> climbs.get(i).keepTrail());
    Interims interims = Interims.of(classes, target.info().classes(), shape, run);
    for (int step = 0; step < rule.steps(); step++) {
      List<Climb> active =
          climbs.stream().filter(climb -> climb.confidence() < rule.stopAt()).toList();
      if (active.isEmpty() || !climbed(active, step > 0)) {
        break;
      }
      note(climbs, interims);
      run.progress(name, step + 1L, rule.steps());
    }
    if (spent > noted) {
      note(climbs, interims); // of a generation that the budget ended
    }
    return evidence(climbs, classes).after(interims.before(spent));
  }

  private void note(List<Climb> climbs, Interims interims) {
    curve.add(new CurvePoint(spent, meanConfidence(climbs)));
    interims.pass(spent, subject -> surest(climbs, subject).best());
    noted = spent;
  }

  /** The climb whose picture of the class an adversary would keep: the first of the surest. */
  private static Climb surest(List<Climb> climbs, int subject) {
    return climbs.stream()
        .filter(climb -> climb.target() == subject)
        .reduce((one, other) -> other.confidence() > one.confidence() ? other : one)
        .orElseThrow();
  }

  /** One generation of every climb; false where the budget ended it and that is allowed. */
  private boolean climbed(List<Climb> active, boolean mayEnd) {
    try {
      int pictures = active.get(0).questions();
      int atOnce = (int) Math.max(1, NUMBERS_TOGETHER / ((long) pictures * shape.size()));
      for (int from = 0; from < active.size(); from += atOnce) {
        step(active.subList(from, Math.min(active.size(), from + atOnce)), pictures);
      }
      return true;
    } catch (BudgetExhaustedException e) {
      if (!mayEnd) {
        throw e;
      }
      return false;
    }
  }

  private void step(List<Climb> some, int pictures) {
    int questions = some.size() * pictures;
    int repeats = rule.repeats().orElse(target.answers().noisy() ? REPEATS_WHEN_NOISY : 1);
    Asker asker = Asker.of(target, OptionalInt.of(repeats), questions, run);
    double[][] points = new double[questions][canvas.dimensions()];
    for (int i = 0; i < some.size(); i++) {
      some.get(i).ask(Arrays.copyOfRange(points, i * pictures, (i + 1) * pictures));
    }
    float[] pixels = new float[questions * shape.size()];
    canvas.paint(points, pixels);
    double[][] apart = new double[some.size()][];
    for (int i = 0; i < apart.length; i++) {
      apart[i] = some.get(i).complete(pixels, i * pictures * shape.size());
    }
    Column.Array asked = new Column.Array(input, pixels, shape);
    Posteriors answers =
        Posteriors.of(asker.ask(Dataset.of(name, schema, List.of(asked))), target.answers());
    spent += (long) questions * asker.repeats();
    for (int i = 0; i < some.size(); i++) {
      double[] logP = new double[pictures];
      for (int picture = 0; picture < pictures; picture++) {
        logP[picture] = answers.logP(i * pictures + picture, some.get(i).target());
      }
      some.get(i).learn(logP, apart[i], pixels, i * pictures * shape.size());
    }
  }

  /** The mean over classes of the best confidence so far. */
  private double meanConfidence(List<Climb> climbs) {
    double sum = 0;
    for (int i = 0; i < climbs.size(); i += rule.restarts()) {
      sum +=
          climbs.subList(i, i + rule.restarts()).stream()
              .mapToDouble(Climb::confidence)
              .max()
              .orElseThrow();
    }
    return sum * rule.restarts() / climbs.size();
  }

  private Reconstructions evidence(List<Climb> climbs, int[] classes) {
    int size = shape.size();
    float[] best = new float[climbs.size() * size];
    float[] start = new float[climbs.size() * size];
    List<Stage> stages = new ArrayList<>();
    for (int i = 0; i < climbs.size(); i++) {
      int row = i;
      System.arraycopy(climbs.get(i).best(), 0, best, i * size, size);
      System.arraycopy(climbs.get(i).start(), 0, start, i * size, size);
      climbs
          .get(i)
          .trail()
          .ifPresent(trail -> trail.forEach((at, step) -> stages.add(new Stage(row, step, at))));
    }
    return Reconstructions.of(
            shape,
            best,
            start,
            classes,
            target.info().classes(),
            climbs.stream().mapToDouble(Climb::confidence).toArray(),
            climbs.stream().mapToInt(Climb::steps).toArray(),
            curve)
        .along(Stages.of(stages));
  }
}
