package io.afterimage.bench;

import io.afterimage.assess.Finding;
import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Metric;
import io.afterimage.assess.Ran;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.WithReferences;
import io.afterimage.base.Family;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Every membership attack on networks that know their rows by heart and on careful ones: the table
 * of {@code docs/benchmarks.md}.
 *
 * <p>Usage: {@code MembershipTable DATA_FOLDER OUT location-30|adult|mnist|fashion-mnist SEEDS
 * REFERENCES [ATTACK …]}; the global threshold is always among the attacks. What OUT already holds
 * is not computed again, so that a run that was stopped goes on; at last the table of all that it
 * holds of these data is printed.
 */
public final class MembershipTable {
  private static final String USAGE =
      "MembershipTable DATA_FOLDER OUT location-30|adult|mnist|fashion-mnist SEEDS REFERENCES [ATTACK ...]";
  private static final String THRESHOLD = "membership-threshold";
  private static final String GLOBAL = THRESHOLD + "/loss";
  private static final double PRIOR = 0.5;
  private static final List<String> METRICS = List.of("auc", "tpr@0.01", "tpr@0.001");

  private final LeakCase data;
  private final String name;
  private final Path out;
  private final int references;
  private final List<String> only;
  private final Path file;

  private MembershipTable(LeakCase data, String name, Path out, int references, List<String> only) {
    this.data = data;
    this.name = name;
    this.out = out;
    this.references = references;
    this.only = only;
    this.file = out.resolve(name + "-" + references + ".tsv");
  }

  /** Computes what is missing and prints the table. */
  public static void main(String[] args) throws Exception {
    Usage.run(USAGE, 5, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Path out = Files.createDirectories(Path.of(args[1]));
    LeakCase data = LeakCase.named(args[2], Path.of(args[0]));
    List<String> only = List.of(args).subList(5, args.length);
    only.forEach(Attacks::named);
    MembershipTable table =
        new MembershipTable(data, args[2], out, Integer.parseInt(args[4]), only);
    for (int seed = 0; seed < Integer.parseInt(args[3]); seed++) {
      table.attack(seed, "by heart", data.byHeart());
      table.attack(seed, "careful", data.careful());
    }
    table.print("by heart");
    table.print("careful");
  }

  // ---- computing

  /** A line of the file: one signal of one attack on one model. */
  private record Cell(String target, int seed, String signal, double seconds, double[] values) {
    static Cell of(String line) {
      List<String> fields = List.of(line.split("\t", -1));
      double[] values =
          fields.subList(4, fields.size()).stream().mapToDouble(Double::parseDouble).toArray();
      return new Cell(
          fields.get(0),
          Integer.parseInt(fields.get(1)),
          fields.get(2),
          Double.parseDouble(fields.get(3)),
          values);
    }

    String line() {
      String numbers =
          Arrays.stream(values).mapToObj(Double::toString).collect(Collectors.joining("\t"));
      return String.format(
          Locale.ROOT, "%s\t%d\t%s\t%.1f\t%s%n", target, seed, signal, seconds, numbers);
    }

    boolean of(String which, int number) {
      return target.equals(which) && seed == number;
    }
  }

  private List<Cell> cells() throws IOException {
    return Files.exists(file)
        ? Files.readAllLines(file, StandardCharsets.UTF_8).stream().map(Cell::of).toList()
        : List.of();
  }

  private void attack(int seed, String kind, int epochs) throws IOException {
    Set<String> done =
        cells().stream()
            .filter(cell -> cell.of(kind, seed))
            .map(cell -> cell.signal().replaceAll("/.*", ""))
            .collect(Collectors.toCollection(HashSet::new));
    Path models = out.resolve("%s-%s-%d".formatted(name, kind.replace(' ', '-'), seed));
    Run run =
        new Run(seed, 2, Progress.NONE, new AtomicBoolean())
            .sharing(Files.createDirectories(models));
    Split split = data.split(run);
    OnnxOptions options = OnnxOptions.DEFAULTS.withClasses(data.names());
    try (OnnxTarget target = OnnxTarget.open(data.target(split.members(), epochs, run), options)) {
      if (done.add("accuracy")) {
        double[] both = {
          accuracy(target, split.members()), accuracy(target, split.nonMembers()), Double.NaN
        };
        append(List.of(new Cell(kind, seed, "accuracy", 0, both)));
      }
      for (Attack<?, ?, ?> attack : Attacks.all()) {
        if (attack.info().family() == Family.MEMBERSHIP
            && wanted(attack.info().id())
            && attack.refusal(split).isEmpty()
            && done.add(attack.info().id())) {
          append(cells(attack, target, split, kind, seed, run));
        }
      }
    }
  }

  private boolean wanted(String attack) {
    return only.isEmpty() || only.contains(attack) || attack.equals(THRESHOLD);
  }

  private List<Cell> cells(
      Attack<?, ?, ?> attack, OnnxTarget target, Split split, String kind, int seed, Run run) {
    long start = System.nanoTime();
    MembershipScores scores =
        (MembershipScores)
            Attacks.run(attack, target, split, settings(attack), run.keyed(attack.info().id()));
    double seconds = (System.nanoTime() - start) / 1e9;
    Ran ran = new Ran(attack.info(), 0, seconds, null);
    List<Cell> cells = new ArrayList<>();
    for (Finding finding :
        MembershipAssessor.assess(ran, scores, Optional.empty(), data.names(), PRIOR, run)) {
      double[] values =
          METRICS.stream().mapToDouble(metric -> value(finding.metric(metric))).toArray();
      cells.add(new Cell(kind, seed, finding.attack(), seconds, values));
      System.err.printf(Locale.ROOT, "%s %s", name, cells.get(cells.size() - 1).line());
    }
    return cells;
  }

  private static double value(Optional<Metric> metric) {
    Double value = metric.orElseThrow().value();
    return value == null ? Double.NaN : value;
  }

  private Record settings(Attack<?, ?, ?> attack) {
    return SettingsForm.of(attack.defaults())
        .with(
            attack.defaults() instanceof WithReferences
                ? Map.of("references", Integer.toString(references))
                : Map.of());
  }

  private static double accuracy(OnnxTarget target, Dataset rows) {
    int[] labels = target.labels(rows);
    int[] truth = rows.classes();
    return IntStream.range(0, labels.length).filter(i -> labels[i] == truth[i]).count()
        / (double) labels.length;
  }

  private void append(List<Cell> cells) throws IOException {
    String lines = cells.stream().map(Cell::line).collect(Collectors.joining());
    Files.writeString(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  // ---- printing

  private void print(String kind) throws IOException {
    Map<String, List<Cell>> signals = new LinkedHashMap<>();
    for (Cell cell : cells()) {
      if (cell.target().equals(kind)) {
        signals.computeIfAbsent(cell.signal(), signal -> new ArrayList<>()).add(cell);
      }
    }
    List<Cell> accuracies = Objects.requireNonNull(signals.remove("accuracy"));
    System.out.printf(
        Locale.ROOT,
        "%n%s, %s: %d seeds, %d members, accuracy %.1f%% on members, %.1f%% on others%n%n",
        name,
        kind,
        accuracies.size(),
        data.part(),
        100 * mean(accuracies, 0),
        100 * mean(accuracies, 1));
    System.out.println(
        "| attack | AUC | TPR at 1% | TPR at 0.1% | AUC beyond the global threshold | TPR at 1% beyond it | seconds |");
    System.out.println("|---|---|---|---|---|---|---|");
    List<Cell> global = Objects.requireNonNull(signals.get(GLOBAL));
    signals.forEach((signal, cells) -> System.out.println(row(signal, cells, global)));
  }

  private static String row(String signal, List<Cell> cells, List<Cell> global) {
    return String.format(
        Locale.ROOT,
        "| %s | %.3f | %.1f%% | %s | %s | %s | %.0f |",
        signal,
        mean(cells, 0),
        100 * mean(cells, 1),
        Double.isNaN(mean(cells, 2))
            ? "–"
            : String.format(Locale.ROOT, "%.1f%%", 100 * mean(cells, 2)),
        difference(cells, global, 0, 1, "%.3f"),
        difference(cells, global, 1, 100, "%.1f"),
        cells.stream().mapToDouble(Cell::seconds).average().orElseThrow());
  }

  private static double mean(List<Cell> cells, int metric) {
    return cells.stream().mapToDouble(cell -> cell.values()[metric]).average().orElseThrow();
  }

  /** The mean over seeds of a paired difference, with its 95% interval by Student's t. */
  private static String difference(
      List<Cell> cells, List<Cell> global, int metric, double unit, String form) {
    double[] differences =
        cells.stream()
            .mapToDouble(
                cell ->
                    unit
                        * (cell.values()[metric]
                            - global.stream()
                                .filter(other -> other.seed() == cell.seed())
                                .findFirst()
                                .orElseThrow()
                                .values()[metric]))
            .toArray();
    int n = differences.length;
    double mean = Arrays.stream(differences).average().orElseThrow();
    if (n < 2) {
      return String.format(Locale.ROOT, form, mean);
    }
    double squares = Arrays.stream(differences).map(d -> (d - mean) * (d - mean)).sum();
    double half =
        TDistribution.of(n - 1).inverseCumulativeProbability(0.975)
            * Math.sqrt(squares / (n - 1) / n);
    String range = form + " [" + form + ", " + form + "]";
    return String.format(Locale.ROOT, range, mean, mean - half, mean + half);
  }
}
