package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.attack.inversion.picture.Interims;
import io.afterimage.attack.inversion.picture.Trail;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Seen;
import io.afterimage.evidence.Stages;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.target.LabelTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** One run of {@link BrepMi}. */
final class Repulsion {
  private static final int DRAWN_AT_ONCE = 1024;

  private final LabelTarget target;
  private final Schema schema;
  private final String input;
  private final LatentCanvas canvas;
  private final BrepMi.Settings settings;
  private final Run run;
  private final double widest;
  private final List<CurvePoint> curve = new ArrayList<>();
  private long spent;

  Repulsion(
      LabelTarget target, String input, LatentCanvas canvas, BrepMi.Settings settings, Run run) {
    this.target = target;
    this.schema = new Schema(Map.of(input, Role.FEATURE));
    this.input = input;
    this.canvas = canvas;
    this.settings = settings;
    this.widest = 2 * LatentSpace.FARTHEST * Math.sqrt(canvas.dimensions());
    this.run = run;
  }

  /**
   * A walk: where it stands, where a whole sphere was of its class, and the next sphere. It is done
   * once that would be wider than all that vectors may lie in: its class is everywhere.
   */
  private final class Walk {
    private final int subject;
    private final double[] drawn; // what the prior gives without the target
    private final double[] at;
    private final RandomGenerator random;
    private final double[][] directions;
    private double[] kept;
    private final Trail<double[]> trail = new Trail<>();
    private double radius = settings.radius();
    private int spheres;
    private int steps;
    private boolean lost;

    Walk(int subject, int number, double[] start) {
      this.subject = subject;
      String key = target.info().classes().get(subject) + "/" + number;
      this.drawn = canvas.space().vector("latent/" + key);
      this.at = start.clone();
      this.kept = start;
      this.random = run.random("sphere/" + key);
      this.directions = new double[settings.points()][start.length];
    }

    /**
     * Of a class that no draw was labelled with: what the prior gives without the target, as is.
     */
    Walk(int subject) {
      this(
          subject,
          0,
          canvas.space().vector("latent/" + target.info().classes().get(subject) + "/0"));
      lost = true;
      radius = widest;
    }

    /** Writes the points of its sphere. */
    void ask(double[][] points) {
      for (int p = 0; p < directions.length; p++) {
        Arrays.setAll(directions[p], i -> random.nextGaussian());
        double length = Math.sqrt(Arrays.stream(directions[p]).map(v -> v * v).sum());
        for (int i = 0; i < at.length; i++) {
          directions[p][i] /= length;
          points[p][i] = at[i] + radius * directions[p][i];
        }
      }
    }

    /** Where it would go by what its points were labelled; nowhere where the sphere grows. */
    double[] next(int[] labels) {
      trail.pass(steps, at::clone);
      double[] away = new double[at.length];
      int others = 0;
      for (int p = 0; p < labels.length; p++) {
        if (labels[p] != subject) {
          others++;
          for (int i = 0; i < away.length; i++) {
            away[i] -= directions[p][i];
          }
        }
      }
      steps++;
      if (others == 0) {
        kept = at.clone();
        radius *= settings.growth();
        spheres++;
        return at.clone();
      }
      double reach = settings.length() * radius / labels.length;
      double[] next = new double[at.length];
      Arrays.setAll(next, i -> at[i] + reach * away[i]);
      canvas.bound(next);
      return next;
    }
  }

  Reconstructions reconstructions() {
    List<Walk> walks = starts();
    int[] classes = walks.stream().mapToInt(walk -> walk.subject).toArray();
    Interims interims = Interims.of(classes, target.info().classes(), canvas.space().row(), run);
    note(walks, interims);
    for (int step = 0; step < settings.steps() && stepped(walks); step++) {
      note(walks, interims);
      run.progress("brep-mi", step + 1L, settings.steps());
    }
    if (spent > curve.get(curve.size() - 1).queries()) {
      note(walks, interims); // of a step that the budget ended
    }
    return evidence(walks).after(interims.before(spent));
  }

  private void note(List<Walk> walks, Interims interims) {
    double whole = walks.stream().filter(walk -> walk.spheres > 0).count();
    curve.add(new CurvePoint(spent, whole / walks.size()));
    interims.pass(spent, subject -> picture(widest(walks, subject).kept));
  }

  /** The walk whose picture of the class is reported first. */
  private static Walk widest(List<Walk> walks, int subject) {
    return walks.stream()
        .filter(walk -> walk.subject == subject)
        .reduce((one, other) -> other.radius > one.radius ? other : one)
        .orElseThrow();
  }

  private float[] picture(double[] vector) {
    float[] picture = new float[canvas.space().row().size()];
    canvas.paint(new double[][] {vector}, picture);
    return picture;
  }

  /**
   * Vectors of the prior that the target labels with each class, the first that are drawn. A class
   * that none was found for keeps what the prior gives without the target: nobody is left out of
   * the shares.
   */
  private List<Walk> starts() {
    int[] found = new int[target.info().classes().size()];
    List<Walk> walks = new ArrayList<>();
    int from = 0;
    while (from < settings.draws() && wanting(found) && drawn(from, found, walks)) {
      from += DRAWN_AT_ONCE;
    }
    check(
        !walks.isEmpty(),
        "brep-mi drew %d pictures, and the target labels none with a class of its own; raise --draws",
        settings.draws());
    for (int subject = 0; subject < found.length; subject++) {
      if (found[subject] == 0) {
        walks.add(new Walk(subject));
      }
    }
    walks.sort(Comparator.comparingInt(walk -> walk.subject));
    return walks;
  }

  /** Starts among the next draws; false where there is no budget for them, but there are some. */
  private boolean drawn(int from, int[] found, List<Walk> walks) {
    double[][] drawn = new double[Math.min(DRAWN_AT_ONCE, settings.draws() - from)][];
    Arrays.setAll(drawn, i -> canvas.space().vector("start/" + (from + i)));
    int[] labels;
    try {
      labels = labels(drawn);
    } catch (BudgetExhaustedException e) {
      if (walks.isEmpty()) {
        throw e;
      }
      return false;
    }
    for (int i = 0; i < drawn.length; i++) {
      if (found[labels[i]] < settings.restarts()) {
        walks.add(new Walk(labels[i], found[labels[i]]++, drawn[i]));
      }
    }
    return true;
  }

  private boolean wanting(int[] found) {
    return Arrays.stream(found).anyMatch(count -> count < settings.restarts());
  }

  /** One step of all walks that are not done; false where there is none, or no budget for it. */
  private boolean stepped(List<Walk> all) {
    List<Walk> walks = all.stream().filter(walk -> walk.radius < widest).toList();
    if (walks.isEmpty()) {
      return false;
    }
    int points = settings.points();
    double[][] asked = new double[walks.size() * points][canvas.dimensions()];
    for (int i = 0; i < walks.size(); i++) {
      walks.get(i).ask(Arrays.copyOfRange(asked, i * points, (i + 1) * points));
    }
    try {
      int[] labels = labels(asked);
      double[][] next = new double[walks.size()][];
      for (int i = 0; i < next.length; i++) {
        next[i] = walks.get(i).next(Arrays.copyOfRange(labels, i * points, (i + 1) * points));
      }
      int[] there = labels(next);
      for (int i = 0; i < next.length; i++) {
        if (there[i] == walks.get(i).subject) {
          System.arraycopy(next[i], 0, walks.get(i).at, 0, next[i].length);
        }
      }
      return true;
    } catch (BudgetExhaustedException e) {
      return false;
    }
  }

  private int[] labels(double[][] points) {
    Shape shape = canvas.space().row();
    int[] labels = new int[points.length];
    int atOnce = Math.max(1, Climbing.NUMBERS_AT_ONCE / shape.size());
    for (int from = 0; from < points.length; from += atOnce) {
      double[][] some = Arrays.copyOfRange(points, from, Math.min(points.length, from + atOnce));
      float[] pixels = new float[Math.multiplyExact(some.length, shape.size())];
      canvas.paint(some, pixels);
      Dataset rows = Dataset.of("brep-mi", schema, List.of(new Column.Array(input, pixels, shape)));
      int[] answers = target.labels(rows);
      spent += answers.length;
      System.arraycopy(answers, 0, labels, from, answers.length);
    }
    return labels;
  }

  /** The pictures, of each class that of the widest sphere first. */
  private Reconstructions evidence(List<Walk> walks) {
    List<Walk> ordered =
        walks.stream()
            .sorted(
                Comparator.comparingInt((Walk walk) -> walk.subject)
                    .thenComparingDouble(walk -> -walk.radius))
            .toList();
    Shape shape = canvas.space().row();
    float[] pixels = new float[Math.multiplyExact(ordered.size(), shape.size())];
    float[] starts = new float[pixels.length];
    canvas.paint(ordered.stream().map(walk -> walk.kept).toArray(double[][]::new), pixels);
    canvas.paint(ordered.stream().map(walk -> walk.drawn).toArray(double[][]::new), starts);
    double[] labelled = ordered.stream().mapToDouble(walk -> walk.lost ? 0 : 1).toArray();
    int[] classes = ordered.stream().mapToInt(walk -> walk.subject).toArray();
    return Reconstructions.of(
            shape,
            pixels,
            starts,
            classes,
            target.info().classes(),
            labelled,
            ordered.stream().mapToInt(walk -> walk.steps).toArray(),
            curve)
        .seeing(Seen.WHOLE_SPHERES)
        .along(stages(ordered, Stages.kept(classes, shape)));
  }

  /** Pictures of where these of the walks stood. */
  private Stages stages(List<Walk> walks, int[] kept) {
    List<Stage> stages = new ArrayList<>();
    for (int row : kept) {
      walks.get(row).trail.forEach((at, step) -> stages.add(new Stage(row, step, picture(at))));
    }
    return Stages.of(stages);
  }
}
