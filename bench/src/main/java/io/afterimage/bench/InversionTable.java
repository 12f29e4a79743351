package io.afterimage.bench;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Every inversion attack on networks that tell five classes of pictures apart, with the other five
 * as public pictures: how many reconstructions an evaluator puts into their class, beside what the
 * prior draws without the target.
 *
 * <p>Usage: {@code InversionTable DATA_FOLDER OUT mnist|fashion-mnist TARGET_SEEDS GENERATOR_SEEDS
 * [TRIAL …]}. A trial is an attack's id, or that of an attack without what its paper says it lives
 * by, an ablation; {@code ablations} are all of these; none given are all attacks. What OUT already
 * holds is not computed again, so that a run that was stopped goes on; at last the table of all
 * that it holds is printed.
 */
public final class InversionTable {
  private static final String USAGE =
      "InversionTable DATA_FOLDER OUT mnist|fashion-mnist TARGET_SEEDS GENERATOR_SEEDS [TRIAL ...]";
  static final String PRIOR = "prior alone";
  private static final PermutedLabels NOT_ASKED = PermutedLabels.none("not asked");

  private final PrivateClasses data;
  private final Path out;
  private final InversionCells cells;
  private final List<InversionTrial> trials;

  private InversionTable(PrivateClasses data, String name, Path out, List<InversionTrial> trials) {
    this.data = data;
    this.out = out;
    this.cells = new InversionCells(out.resolve("inversion-" + name + ".tsv"));
    this.trials = trials;
  }

  /** Computes what is missing and prints the table. */
  public static void main(String[] args) throws Exception {
    Usage.run(USAGE, 5, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Path out = Files.createDirectories(Path.of(args[1]));
    PrivateClasses data = PrivateClasses.read(Path.of(args[0]).resolve(args[2]));
    List<InversionTrial> trials = InversionTrial.named(List.of(args).subList(5, args.length));
    InversionTable table = new InversionTable(data, args[2], out, trials);
    for (int target = 0; target < Integer.parseInt(args[3]); target++) {
      for (int generator = 0; generator < Integer.parseInt(args[4]); generator++) {
        table.attack(target, generator);
      }
    }
    table.cells.print();
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
      for (InversionTrial trial : trials) {
        if (!cells.has(trial.name(), targetSeed, generatorSeed)) {
          boolean suits = Attacks.unsuited(Attacks.named(trial.attack()), plain).isEmpty();
          run(trial, suits ? plain : normalised, judge, targetSeed, generatorSeed, run);
        }
      }
    }
  }

  private void run(
      InversionTrial trial,
      InterpretedTarget model,
      RecognitionJudge judge,
      int targetSeed,
      int generatorSeed,
      Run run)
      throws IOException {
    Attack<?, ?, ?> attack = Attacks.named(trial.attack());
    QueryMeter meter = QueryMeter.counting();
    LabelTarget metered = MeteredTarget.of((LabelTarget) model, meter);
    long start = System.nanoTime();
    Reconstructions found =
        (Reconstructions)
            Attacks.run(attack, metered, data.split(), trial.mounted(), run.keyed(trial.attack()));
    double seconds = (System.nanoTime() - start) / 1e9;
    double steps = Arrays.stream(found.steps()).average().orElse(0);
    cells.add(
        new InversionCells.Cell(
            trial.name(),
            targetSeed,
            generatorSeed,
            seconds,
            meter.spent(),
            steps,
            judge.judge(found, NOT_ASKED)));
    data.draw(
        found, out.resolve("%s-%d-%d.png".formatted(trial.file(), targetSeed, generatorSeed)));
    if (trial.ofPrior() && !cells.has(PRIOR, targetSeed, generatorSeed)) {
      Reconstructions alone = judge.judge(data.startOf(found), NOT_ASKED);
      cells.add(new InversionCells.Cell(PRIOR, targetSeed, generatorSeed, 0, 0, 0, alone));
      System.err.printf(
          Locale.ROOT,
          "evaluator: right about %.1f%% of real pictures, %.1f%% of noise that fools the target%n",
          100 * mean(alone, Reconstructions.EVALUATOR_REAL),
          100 * mean(alone, Reconstructions.EVALUATOR_FOOLING_NOISE));
      data.draw(alone, out.resolve("prior-%d-%d.png".formatted(targetSeed, generatorSeed)));
    }
  }

  private static double mean(Reconstructions judged, String name) {
    return Arrays.stream(InversionCells.answers(judged, name)).average().orElseThrow();
  }
}
