package io.afterimage.bench;

import io.afterimage.assess.Metric;
import io.afterimage.assess.PooledRuns;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.Family;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Every inversion attack on networks that tell five classes of pictures apart, with the other five
 * as public pictures: how many reconstructions an evaluator puts into their class, beside what the
 * prior draws without the target.
 *
 * <p>Usage: {@code InversionTable DATA_FOLDER OUT mnist|fashion-mnist TARGET_SEEDS GENERATOR_SEEDS
 * [ATTACK …]}. What OUT already holds is not computed again, so that a run that was stopped goes
 * on; at last the table of all that it holds is printed.
 */
public final class InversionTable {
  private static final String USAGE =
      "InversionTable DATA_FOLDER OUT mnist|fashion-mnist TARGET_SEEDS GENERATOR_SEEDS [ATTACK ...]";
  private static final String PRIOR = "prior alone";
  private static final String EACH = "20";
  private static final PermutedLabels NOT_ASKED = PermutedLabels.none("not asked");

  private final PrivateClasses data;
  private final Path out;
  private final Path file;
  private final List<String> only;

  private InversionTable(PrivateClasses data, String name, Path out, List<String> only) {
    this.data = data;
    this.out = out;
    this.file = out.resolve("inversion-" + name + ".tsv");
    this.only = only;
  }

  /** Computes what is missing and prints the table. */
  public static void main(String[] args) throws Exception {
    Usage.run(USAGE, 5, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Path out = Files.createDirectories(Path.of(args[1]));
    PrivateClasses data = PrivateClasses.read(Path.of(args[0]).resolve(args[2]));
    List<String> only = List.of(args).subList(5, args.length);
    only.forEach(Attacks::named);
    InversionTable table = new InversionTable(data, args[2], out, only);
    for (int target = 0; target < Integer.parseInt(args[3]); target++) {
      for (int generator = 0; generator < Integer.parseInt(args[4]); generator++) {
        table.attack(target, generator);
      }
    }
    table.print();
  }

  // ---- computing

  /** A line of the file: an attack with one target and one generator. */
  private record Cell(
      String attack,
      int target,
      int generator,
      double seconds,
      long queries,
      double steps,
      double[] perClass,
      double[] recognised) {
    Cell(
        String attack,
        int target,
        int generator,
        double seconds,
        long queries,
        double steps,
        Reconstructions judged) {
      this(
          attack,
          target,
          generator,
          seconds,
          queries,
          steps,
          InversionTable.perClass(judged),
          answers(judged, Reconstructions.RECOGNISED));
    }

    static Cell of(String line) {
      List<String> fields = List.of(line.split("\t", -1));
      return new Cell(
          fields.get(0),
          Integer.parseInt(fields.get(1)),
          Integer.parseInt(fields.get(2)),
          Double.parseDouble(fields.get(3)),
          Long.parseLong(fields.get(4)),
          Double.parseDouble(fields.get(5)),
          shares(fields.get(6)),
          shares(fields.get(7)));
    }

    private static double[] shares(String field) {
      return Arrays.stream(field.split(",", -1)).mapToDouble(Double::parseDouble).toArray();
    }

    private static String field(double[] shares) {
      return Arrays.stream(shares).mapToObj(Double::toString).collect(Collectors.joining(","));
    }

    String line() {
      return String.format(
          Locale.ROOT,
          "%s\t%d\t%d\t%.1f\t%d\t%.1f\t%s\t%s%n",
          attack,
          target,
          generator,
          seconds,
          queries,
          steps,
          field(perClass),
          field(recognised));
    }

    boolean of(String which, int ofTarget, int ofGenerator) {
      return attack.equals(which) && target == ofTarget && generator == ofGenerator;
    }
  }

  private List<Cell> cells() throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file, StandardCharsets.UTF_8).stream().map(Cell::of).toList()
        : List.of();
  }

  private boolean done(String attack, int target, int generator) throws IOException {
    return cells().stream().anyMatch(cell -> cell.of(attack, target, generator));
  }

  private void attack(int targetSeed, int generatorSeed) throws IOException {
    Run run =
        new Run(generatorSeed, 2, Progress.NONE, new AtomicBoolean())
            .sharing(Files.createDirectories(out.resolve("priors")))
            .keyed("target/" + targetSeed);
    Split split = data.split();
    try (InterpretedTarget plain = data.target(targetSeed, false, out);
        InterpretedTarget normalised = data.target(targetSeed, true, out);
        RecognitionJudge judge =
            new RecognitionJudge(
                PrivateClasses.SHAPE,
                plain.info().classes(),
                split,
                Optional.of(plain),
                Run.of(targetSeed).keyed("judge"))) {
      for (Attack<?, ?, ?> attack : Attacks.all()) {
        String id = attack.info().id();
        if (attack.info().family() == Family.INVERSION
            && (only.isEmpty() || only.contains(id))
            && !done(id, targetSeed, generatorSeed)) {
          boolean suits = Attacks.unsuited(attack, plain).isEmpty();
          run(attack, suits ? plain : normalised, judge, targetSeed, generatorSeed, run);
        }
      }
    }
  }

  private void run(
      Attack<?, ?, ?> attack,
      InterpretedTarget model,
      RecognitionJudge judge,
      int targetSeed,
      int generatorSeed,
      Run run)
      throws IOException {
    String id = attack.info().id();
    QueryMeter meter = QueryMeter.counting();
    LabelTarget metered = MeteredTarget.of((LabelTarget) model, meter);
    long start = System.nanoTime();
    Reconstructions found =
        (Reconstructions)
            Attacks.run(attack, metered, data.split(), settings(attack), run.keyed(id));
    double seconds = (System.nanoTime() - start) / 1e9;
    double steps = Arrays.stream(found.steps()).average().orElse(0);
    append(
        new Cell(
            id,
            targetSeed,
            generatorSeed,
            seconds,
            meter.spent(),
            steps,
            judge.judge(found, NOT_ASKED)));
    data.draw(found, out.resolve("%s-%d-%d.png".formatted(id, targetSeed, generatorSeed)));
    if (has(attack, "latent") && !done(PRIOR, targetSeed, generatorSeed)) {
      Reconstructions alone = judge.judge(data.startOf(found), NOT_ASKED);
      append(new Cell(PRIOR, targetSeed, generatorSeed, 0, 0, 0, alone));
      System.err.printf(
          Locale.ROOT,
          "evaluator: right about %.1f%% of real pictures, %.1f%% of noise that fools the target%n",
          100 * mean(alone, Reconstructions.EVALUATOR_REAL),
          100 * mean(alone, Reconstructions.EVALUATOR_FOOLING_NOISE));
      data.draw(alone, out.resolve("prior-%d-%d.png".formatted(targetSeed, generatorSeed)));
    }
  }

  private static Record settings(Attack<?, ?, ?> attack) {
    Map<String, String> changed = new LinkedHashMap<>();
    if (has(attack, "restarts")) {
      changed.put("restarts", EACH);
    }
    if (attack.info().id().equals("mi-face")) {
      changed.put("start", "noise"); // more than one picture a class needs it
    }
    return SettingsForm.of(attack.defaults()).with(changed);
  }

  private static boolean has(Attack<?, ?, ?> attack, String setting) {
    return SettingsForm.of(attack.defaults()).options().stream()
        .anyMatch(option -> option.name().equals(setting));
  }

  /** The share of each class's pictures that the evaluator puts into the class. */
  private static double[] perClass(Reconstructions judged) {
    double[] ranks = answers(judged, Reconstructions.RANK);
    return Arrays.stream(judged.subjects())
        .mapToDouble(
            subject ->
                IntStream.range(0, ranks.length)
                    .filter(i -> judged.classes()[i] == subject)
                    .mapToDouble(i -> ranks[i] < 1 ? 1 : 0)
                    .average()
                    .orElseThrow())
        .toArray();
  }

  private static double mean(Reconstructions judged, String name) {
    return Arrays.stream(answers(judged, name)).average().orElseThrow();
  }

  private static double[] answers(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), () -> judged.unjudged().toString());
  }

  private void append(Cell cell) throws IOException {
    System.err.print(cell.line());
    Files.writeString(file, cell.line(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  // ---- printing

  private void print() throws IOException {
    Map<String, List<Cell>> attacks = new LinkedHashMap<>();
    for (Cell cell : cells()) {
      attacks.computeIfAbsent(cell.attack(), id -> new ArrayList<>()).add(cell);
    }
    Map<String, PooledRuns> accuracy = new LinkedHashMap<>();
    attacks.forEach((id, cells) -> accuracy.put(id, pooled(cells, Cell::perClass)));
    PooledRuns prior = Objects.requireNonNull(accuracy.get(PRIOR), "no prior was drawn");
    System.out.println(
        "| attack | attackAccuracy@1 | beyond the prior alone | recognised | queries | steps |"
            + " seconds |");
    System.out.println("|---|---|---|---|---|---|---|");
    attacks.forEach((id, cells) -> System.out.println(row(id, cells, prior)));
    System.out.println();
    accuracy.keySet().forEach(id -> System.out.println(above(id, accuracy)));
  }

  /**
   * The attacks that this one is proven to exceed, each of the pairs by a 95% interval of its own.
   */
  private static String above(String id, Map<String, PooledRuns> accuracy) {
    PooledRuns own = Objects.requireNonNull(accuracy.get(id));
    String others =
        accuracy.entrySet().stream()
            .filter(other -> !other.getKey().equals(id))
            .filter(other -> Objects.requireNonNull(own.minus(other.getValue()).mean().low()) > 0)
            .map(Map.Entry::getKey)
            .collect(Collectors.joining(", "));
    return "- %s: above %s".formatted(id, others.isEmpty() ? "none" : others);
  }

  private static PooledRuns pooled(List<Cell> cells, Function<Cell, double[]> figure) {
    return PooledRuns.of(
        cells.stream()
            .map(cell -> new PooledRuns.Cell(cell.target(), cell.generator(), figure.apply(cell)))
            .toList());
  }

  private static String row(String id, List<Cell> cells, PooledRuns prior) {
    PooledRuns accuracy = pooled(cells, Cell::perClass);
    return String.format(
        Locale.ROOT,
        "| %s | %s | %s | %s | %.0f | %.0f | %.0f |",
        id,
        percent(accuracy.mean()),
        id.equals(PRIOR) ? "" : percent(accuracy.minus(prior).mean()),
        percent(pooled(cells, Cell::recognised).mean()),
        cells.stream().mapToLong(Cell::queries).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::steps).average().orElseThrow(),
        cells.stream().mapToDouble(Cell::seconds).average().orElseThrow());
  }

  private static String percent(Metric metric) {
    return String.format(
        Locale.ROOT,
        "%.1f%% [%.1f, %.1f]",
        100 * Objects.requireNonNull(metric.value()),
        100 * Objects.requireNonNull(metric.low()),
        100 * Objects.requireNonNull(metric.high()));
  }
}
