package io.afterimage.bench;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import io.afterimage.tensor.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every inversion attack on networks that tell five classes of pictures apart, with the other five
 * as public pictures: how many reconstructions an evaluator puts into their class, beside what the
 * prior draws without the target.
 *
 * <p>Usage: {@code InversionTable DATA_FOLDER OUT mnist|fashion-mnist SEEDS [TRIAL …]}. Each of the
 * seeds, as {@code 0,1,2}, trains a target and generators of its own, on one thread: several may
 * run side by side into one OUT. A trial is an attack's id, or that of an attack without what its
 * paper says it lives by, an ablation; {@code ablations} are all of these; none given are all
 * attacks. What OUT already holds is not computed again, so that a run that was stopped goes on; at
 * last the table of all that it holds is printed.
 */
public final class InversionTable {
  private static final String USAGE =
      "InversionTable DATA_FOLDER OUT mnist|fashion-mnist SEEDS [TRIAL ...]";
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
    Usage.run(USAGE, 4, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Path out = Files.createDirectories(Path.of(args[1]));
    PrivateClasses data = PrivateClasses.read(Path.of(args[0]).resolve(args[2]));
    List<InversionTrial> trials = InversionTrial.named(List.of(args).subList(4, args.length));
    InversionTable table = new InversionTable(data, args[2], out, trials);
    Threads.setIntraOp(1);
    for (String seed : args[3].split(",", -1)) {
      table.attack(Integer.parseInt(seed));
    }
    new InversionSummary(table.cells.all()).print();
  }

  private void attack(int seed) throws IOException {
    Run run = Run.of(seed).sharing(Files.createDirectories(out.resolve("priors")));
    Split split = data.split();
    try (InterpretedTarget plain = data.target(seed, false, out);
        InterpretedTarget normalised = data.target(seed, true, out);
        RecognitionJudge judge =
            new RecognitionJudge(
                PrivateClasses.SHAPE,
                plain.info().classes(),
                split,
                Optional.of(plain),
                Run.of(seed).keyed("judge"))) {
      for (InversionTrial trial : trials) {
        if (!cells.has(trial.name(), seed)) {
          boolean suits = Attacks.unsuited(Attacks.named(trial.attack()), plain).isEmpty();
          run(trial, suits ? plain : normalised, judge, seed, run);
        }
      }
    }
  }

  private void run(
      InversionTrial trial, InterpretedTarget model, RecognitionJudge judge, int seed, Run run)
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
    Reconstructions judged = judge.judge(found, NOT_ASKED);
    cells.add(InversionCells.Cell.of(trial.name(), seed, seconds, meter.spent(), steps, judged));
    System.err.printf(
        Locale.ROOT,
        "evaluator: right about %.1f%% of real pictures, %.1f%% of noise that fools the target%n",
        100 * mean(judged, Reconstructions.EVALUATOR_REAL),
        100 * mean(judged, Reconstructions.EVALUATOR_FOOLING_NOISE));
    data.draw(found, out.resolve("%s-%d.png".formatted(trial.file(), seed)));
    data.draw(data.startOf(found), out.resolve("%s-start-%d.png".formatted(trial.file(), seed)));
  }

  private static double mean(Reconstructions judged, String name) {
    return Arrays.stream(InversionCells.answers(judged, name)).average().orElseThrow();
  }
}
