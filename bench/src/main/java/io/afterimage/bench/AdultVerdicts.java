package io.afterimage.bench;

import io.afterimage.audit.Audit;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.DataReader;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.ReadOptions;
import io.afterimage.graph.OnnxModel;
import io.afterimage.policy.Decision;
import io.afterimage.report.Report;
import io.afterimage.train.Architectures;
import io.afterimage.train.Examples;
import io.afterimage.train.ForestGraph;
import io.afterimage.train.Forests;
import io.afterimage.train.Loss;
import io.afterimage.train.Matrix;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Whole audits of census models under the profile {@code api}, seed after seed: a careful network
 * should be released, 200 people show too little, a forest that remembers everybody and a network
 * that learnt flipped labels should not be released.
 *
 * <p>Usage: {@code AdultVerdicts DATA_FOLDER OUT SEEDS [CASE …]}. What OUT already holds is not
 * computed again; at last it is counted how many seeds end as they should.
 */
public final class AdultVerdicts {
  private static final String USAGE = "AdultVerdicts DATA_FOLDER OUT SEEDS [CASE ...]";
  private static final String HEADER =
      "age,workclass,fnlwgt,education,education-num,marital-status,occupation,relationship,race,"
          + "sex,capital-gain,capital-loss,hours-per-week,native-country,income";
  private static final List<String> CLASSES = List.of("<=50K", ">50K");
  private static final double FLIPPED = 0.2;

  private AdultVerdicts() {}

  /** What is audited, and how it should end. */
  private enum Case {
    CAREFUL_NETWORK(20_000, Decision.RELEASE),
    FEW_PEOPLE(200, Decision.INSUFFICIENT_EVIDENCE),
    MEMORISING_FOREST(3_000, Decision.DO_NOT_RELEASE),
    FLIPPED_LABELS(3_000, Decision.DO_NOT_RELEASE);

    private final int people;
    private final Decision expected;

    Case(int people, Decision expected) {
      this.people = people;
      this.expected = expected;
    }

    OnnxModel model(Dataset rows, Run run) {
      return switch (this) {
        case CAREFUL_NETWORK -> network(rows, 8, 2, careful(), run);
        case FEW_PEOPLE -> network(rows, 16, 60, careful(), run); // fewer steps learn nothing
        case FLIPPED_LABELS -> network(rows, 256, 80, Optimiser.Adam.of(3e-3), run);
        case MEMORISING_FOREST -> forest(rows, run);
      };
    }

    private static Optimiser careful() {
      return Optimiser.AdamW.of(1e-3, 1);
    }
  }

  /** Audits what is missing and counts. */
  public static void main(String[] args) throws Exception {
    Usage.run(USAGE, 3, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Path out = Files.createDirectories(Path.of(args[1]));
    List<String> people = people(Path.of(args[0]));
    List<Case> cases =
        args.length > 3
            ? Stream.of(args)
                .skip(3)
                .map(name -> Case.valueOf(name.toUpperCase(Locale.ROOT)))
                .toList()
            : List.of(Case.values());
    for (Case one : cases) {
      int right = 0;
      int seeds = Integer.parseInt(args[2]);
      for (int seed = 0; seed < seeds; seed++) {
        right += decision(one, seed, people, out) == one.expected ? 1 : 0;
      }
      System.out.printf("%s: %d of %d seeds end %s%n", one, right, seeds, one.expected);
    }
  }

  private static Decision decision(Case one, int seed, List<String> people, Path out)
      throws IOException {
    Path file = out.resolve("verdicts.tsv");
    String key = one + "\t" + seed + "\t";
    List<String> known = Files.exists(file) ? Files.readAllLines(file) : List.of();
    for (String line : known) {
      if (line.startsWith(key)) {
        return Decision.valueOf(line.split("\t", -1)[2]);
      }
    }
    long start = System.nanoTime();
    Report report =
        audit(one, seed, people, Files.createDirectories(out.resolve(one + "-" + seed)));
    Decision decision = report.verdict().decision();
    String line =
        String.format(
            Locale.ROOT,
            "%s%s\t%.0f\t%s%n",
            key,
            decision,
            (System.nanoTime() - start) / 1e9,
            String.join("; ", report.verdict().reasons()));
    System.err.print(line);
    Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return decision;
  }

  private static Report audit(Case one, int seed, List<String> people, Path folder)
      throws IOException {
    Run run = new Run(seed, 2, Progress.NONE, new AtomicBoolean());
    int[] drawn = run.shuffled("people", people.size());
    List<String> both = new ArrayList<>();
    for (int i = 0; i < 2 * one.people; i++) {
      String line = people.get(drawn[i]);
      both.add(one == Case.FLIPPED_LABELS ? flipped(line, run.random("label/" + drawn[i])) : line);
    }
    Path members = write(folder.resolve("members.csv"), both.subList(0, one.people));
    Path others = write(folder.resolve("nonmembers.csv"), both.subList(one.people, both.size()));
    ReadOptions reading = ReadOptions.builder().label("income").missing("?").build();
    Dataset rows = DataReader.read(Map.of("members", members), reading).get("members");
    Path model = folder.resolve("model.onnx");
    one.model(rows, run).write(model);
    AuditSpec spec =
        AuditSpec.ofModel(model)
            .members(members)
            .nonMembers(others)
            .reading(reading)
            .controlsBudget(Duration.ZERO)
            .out(folder.resolve("run"))
            .resume(Files.exists(folder.resolve("run")))
            .build();
    return Audit.run(spec, run, line -> {});
  }

  /** The same person, one in five with the other income, whatever the role. */
  private static String flipped(String line, RandomGenerator random) {
    int label = line.lastIndexOf(',') + 1;
    int was = CLASSES.indexOf(line.substring(label));
    int is = random.nextDouble() < FLIPPED ? 1 - was : was;
    return line.substring(0, label) + CLASSES.get(is);
  }

  private static OnnxModel network(
      Dataset rows, int hidden, int epochs, Optimiser optimiser, Run run) {
    OnnxModel fresh = Architectures.mlp(2, hidden).over(Encoder.fit(rows), run);
    Examples examples = Examples.ofClasses(fresh, rows, rows.classes());
    Trainer.Settings settings = Trainer.Settings.of(epochs, 64);
    return Trainer.train(fresh, examples, Loss.crossEntropy(fresh), optimiser, settings, run)
        .model();
  }

  private static OnnxModel forest(Dataset rows, Run run) {
    Encoder encoder = Encoder.fit(rows);
    Forests.Settings settings = Forests.Settings.forest(50, encoder.width()).withoutBootstrap();
    Matrix table = new Matrix(encoder.encode(rows), encoder.width());
    List<String> names = ((Column.Categorical) rows.label().orElseThrow()).dictionary();
    return ForestGraph.write(Forests.grow(table, rows.classes(), 2, settings, run), names, encoder);
  }

  /** Everyone, train and test together, without the set's blanks and final dots. */
  private static List<String> people(Path folder) throws IOException {
    List<String> people = new ArrayList<>();
    for (String name : List.of("adult-train.csv.gz", "adult-test.csv.gz")) {
      Path file = folder.resolve("adult-uci").resolve(name);
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
        lines
            .lines()
            .filter(line -> line.split(",", -1).length == 15)
            .map(line -> line.replace(" ", "").replaceFirst("\\.$", ""))
            .forEach(people::add);
      }
    }
    return people;
  }

  private static Path write(Path file, List<String> people) throws IOException {
    return Files.write(
        file, Stream.concat(Stream.of(HEADER), people.stream()).toList(), StandardCharsets.UTF_8);
  }
}
