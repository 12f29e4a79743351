package io.afterimage.bench;

import io.afterimage.base.Access;
import io.afterimage.bench.Overheard.Question;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.QueryMeter;
import io.afterimage.tensor.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Times a step of inversion with a prior, 100 pictures at a time, with gradients (gmi), scores
 * (latent-cma) and labels (brep-mi), against bare loops of calls to org.bytedeco with the same
 * weights. The bare loops without gradients ask as many questions and search nothing, so that the
 * ratio holds what the search costs. What is done once cancels: two runs of different length are
 * timed, and their difference counts. First both sides must compute the same numbers.
 *
 * <p>Usage: {@code LatentSpeed THREADS [STEPS]}, with the environment that the command {@code
 * afterimage} sets. Prints one line of JSON for each access: seconds of a step, and how many times
 * those of the bare loop they are.
 */
public final class LatentSpeed {
  /** Two sides take turns so often. */
  private static final int ROUNDS = 5;

  /** Steps of the shorter run. */
  private static final int FEW = 5;

  private static final int EACH = 20;
  private static final int CHECKED = 3;
  private static final double ROUNDING = 1e-3;
  private static final int[] CLASSES =
      IntStream.range(0, LatentScene.CLASSES * EACH).map(i -> i / EACH).toArray();

  private final LatentScene scene;
  private final OnnxTarget scorer;
  private final InterpretedTarget target;
  private final int threads;
  private final int steps;

  /** The loops of both sides, each of so many steps. */
  private record Sides(IntConsumer bare, IntConsumer ours) {}

  private LatentSpeed(
      LatentScene scene, OnnxTarget scorer, InterpretedTarget target, int threads, int steps) {
    this.scene = scene;
    this.scorer = scorer;
    this.target = target;
    this.threads = threads;
    this.steps = steps;
  }

  /** Checks, measures and prints. */
  public static void main(String[] args) throws Exception {
    Usage.run("LatentSpeed THREADS [STEPS]", 1, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    int threads = Integer.parseInt(args[0]);
    int steps = args.length > 1 ? Integer.parseInt(args[1]) : 50;
    Threads.setIntraOp(threads);
    Path folder = Files.createTempDirectory("latent-speed");
    try {
      LatentScene scene = LatentScene.of(folder);
      OnnxTarget scorer = scene.opened(threads);
      try (InterpretedTarget target = InterpretedTarget.of(scorer)) {
        LatentSpeed speed = new LatentSpeed(scene, scorer, target, threads, steps);
        speed.gradients();
        speed.scores();
        speed.labels();
      }
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  // ---- gradients

  private void gradients() {
    float[] start = scene.drawn(names());
    Reconstructions found = gmi(CHECKED);
    try (BareLatent bare = new BareLatent(scene)) {
      require("gmi's first pictures", found.start(), bare.pictures(start));
      require("gmi's last pictures", found.pixels(), bare.descended(start, CLASSES, CHECKED));
    }
    IntConsumer loop = count -> bare(bare -> bare.descended(start, CLASSES, count));
    time(Access.GRADIENTS, "gmi", CLASSES.length, new Sides(loop, this::gmi));
  }

  private Reconstructions gmi(int count) {
    return scene.attack(
        "gmi",
        settings(count, BareLatent.SETTINGS),
        MeteredTarget.of(target, QueryMeter.counting()));
  }

  /** What the vectors are drawn by that attacks start from, or measure their finds against. */
  private static Stream<String> names() {
    return IntStream.range(0, CLASSES.length)
        .mapToObj(i -> "latent/" + CLASSES[i] + "/" + i % EACH);
  }

  // ---- scores

  private void scores() {
    Overheard heard = new Overheard(scorer);
    Reconstructions found = cma(1, heard);
    Question asked = heard.questions().get(0);
    float[] start = scene.drawn(names());
    try (BareLatent bare = new BareLatent(scene)) {
      float[] pictures = bare.pictures(start);
      require("latent-cma's first pictures", found.start(), pictures);
      require("its searches' first questions", centres(asked), pictures);
      require("the scores", floats(asked.answers()), bare.probabilities(asked.pictures()));
    }
    int[] batches = {asked.rows()};
    float[] vectors = scene.vectors(asked.rows());
    IntConsumer loop = count -> bare(bare -> bare.scores(vectors, batches, count));
    time(Access.SCORES, "latent-cma", asked.rows(), new Sides(loop, n -> cma(n, metered())));
  }

  private Reconstructions cma(int count, LabelTarget asked) {
    return scene.attack("latent-cma", settings(count, Map.of("stop-at", "2")), asked);
  }

  /** The picture that each search asks about first. */
  private static float[] centres(Question asked) {
    int size = asked.pictures().length / asked.rows();
    int stride = asked.rows() / CLASSES.length * size;
    float[] centres = new float[CLASSES.length * size];
    for (int i = 0; i < CLASSES.length; i++) {
      System.arraycopy(asked.pictures(), i * stride, centres, i * size, size);
    }
    return centres;
  }

  // ---- labels

  private void labels() {
    Overheard heard = new Overheard(scorer);
    brep(1, heard);
    List<Question> asked = heard.questions();
    Question first = asked.get(0);
    float[] drawn = scene.drawn(IntStream.range(0, first.rows()).mapToObj(i -> "start/" + i));
    try (BareLatent bare = new BareLatent(scene)) {
      require("brep-mi's first questions", first.pictures(), bare.pictures(drawn));
      float[] scores = bare.probabilities(first.pictures());
      require("the labels", sureness(first.answers(), scores), greatest(scores));
    }
    // A step asks about all spheres, then about where that led.
    int[] batches =
        asked.subList(asked.size() - 2, asked.size()).stream().mapToInt(Question::rows).toArray();
    float[] vectors = scene.vectors(batches[0]);
    IntConsumer loop = count -> bare(bare -> bare.labels(vectors, batches, count));
    int questions = Arrays.stream(batches).sum();
    time(Access.LABEL, "brep-mi", questions, new Sides(loop, n -> brep(n, metered())));
  }

  private Reconstructions brep(int count, LabelTarget asked) {
    return scene.attack("brep-mi", settings(count, Map.of("draws", "1000")), asked);
  }

  /** How probable the bare loop finds the labels that were answered. */
  private static float[] sureness(Predictions labelled, float[] scores) {
    float[] sure = new float[labelled.rows()];
    for (int row = 0; row < sure.length; row++) {
      sure[row] = scores[row * LatentScene.CLASSES + labelled.label(row)];
    }
    return sure;
  }

  private static float[] greatest(float[] scores) {
    float[] greatest = new float[scores.length / LatentScene.CLASSES];
    for (int i = 0; i < scores.length; i++) {
      int row = i / LatentScene.CLASSES;
      greatest[row] = Math.max(greatest[row], scores[i]);
    }
    return greatest;
  }

  // ---- both sides

  /** As an audit asks it. */
  private LabelTarget metered() {
    return MeteredTarget.of(scorer, QueryMeter.counting());
  }

  private static Map<String, String> settings(int count, Map<String, String> others) {
    Map<String, String> all = new HashMap<>(others);
    all.put("steps", Integer.toString(count));
    all.put("restarts", Integer.toString(EACH));
    return all;
  }

  /** Opened anew, as the attacks open the prior: where weights lie moves the time of a product. */
  private void bare(Consumer<BareLatent> loop) {
    try (BareLatent bare = new BareLatent(scene)) {
      loop.accept(bare);
    }
  }

  private static float[] floats(Predictions answers) {
    float[] values = new float[answers.values().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) answers.values()[i];
    }
    return values;
  }

  private static void require(String what, float[] ours, float[] bare) {
    if (ours.length != bare.length) {
      throw new IllegalStateException(
          "%s: ours are %d numbers, the bare loop's %d".formatted(what, ours.length, bare.length));
    }
    for (int i = 0; i < ours.length; i++) {
      if (!(Math.abs(ours[i] - bare[i]) <= ROUNDING)) {
        throw new IllegalStateException(
            "%s: number %d is %s, but the bare loop's %s".formatted(what, i, ours[i], bare[i]));
      }
    }
  }

  // ---- timing

  private void time(Access access, String attack, int pictures, Sides sides) {
    double[][] bare = new double[2][ROUNDS];
    double[][] ours = new double[2][ROUNDS];
    int[] counts = {FEW, FEW + steps};
    sides.bare().accept(FEW);
    sides.ours().accept(FEW);
    for (int round = 0; round < ROUNDS; round++) {
      for (int which = 0; which < counts.length; which++) {
        bare[which][round] = seconds(sides.bare(), counts[which]);
        ours[which][round] = seconds(sides.ours(), counts[which]);
      }
    }
    System.out.printf(
        Locale.ROOT,
        "{\"access\": \"%s\", \"attack\": \"%s\", \"threads\": %d, \"steps\": %d, \"pictures\": %d,"
            + " \"bare\": %.5f, \"ours\": %.5f, \"ratio\": %.3f,"
            + " \"medianBare\": %.5f, \"medianOurs\": %.5f, \"medianRatio\": %.3f}%n",
        access,
        attack,
        threads,
        steps,
        pictures,
        step(bare, 0),
        step(ours, 0),
        step(ours, 0) / step(bare, 0),
        step(bare, ROUNDS / 2),
        step(ours, ROUNDS / 2),
        step(ours, ROUNDS / 2) / step(bare, ROUNDS / 2));
  }

  private static double seconds(IntConsumer loop, int count) {
    long start = System.nanoTime();
    loop.accept(count);
    return (System.nanoTime() - start) * 1e-9;
  }

  /** Seconds of a step by the rounds of this rank: 0 for the best, the middle for the median. */
  private double step(double[][] seconds, int rank) {
    return (sorted(seconds[1])[rank] - sorted(seconds[0])[rank]) / steps;
  }

  private static double[] sorted(double[] seconds) {
    return Arrays.stream(seconds).sorted().toArray();
  }
}
