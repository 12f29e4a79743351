package io.afterimage.bench;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.QueryMeter;
import io.afterimage.tensor.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Fredrikson et al. 2015 on the ORL faces: their three recognisers of 40 people, attacked with
 * their weights and with their scores alone, 40 people at once. Five photos of each person train
 * the target, four the evaluator, one checks it.
 *
 * <p>Usage: {@code FaceTable ORL_FOLDER OUT SEEDS [RECOGNISER …]}, all three where none is named;
 * several may run side by side into one OUT. What OUT already holds is not computed again, so that
 * a run that was stopped goes on. Prints the table of all that it holds; draws for each attack a
 * photo of each person, the reconstruction below it, and that of a recogniser of permuted names.
 */
public final class FaceTable {
  private static final int FOR_THE_TARGET = 5;

  private final Faces faces;
  private final Split split;
  private final Path out;
  private final FaceCells cells;

  private FaceTable(Faces faces, Path out) {
    this.faces = faces;
    this.split = faces.withEvaluation(FOR_THE_TARGET);
    this.out = out;
    this.cells = new FaceCells(out.resolve("faces.tsv"));
  }

  /** Computes what is missing and prints the table. */
  public static void main(String[] args) throws Exception {
    Usage.run("FaceTable ORL_FOLDER OUT SEEDS [RECOGNISER ...]", 3, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Threads.setIntraOp(1);
    Path out = Files.createDirectories(Path.of(args[1]));
    FaceTable table = new FaceTable(Faces.read(Path.of(args[0])), out);
    List<Recogniser> recognisers = Recogniser.named(List.of(args).subList(3, args.length));
    for (int seed = 0; seed < Integer.parseInt(args[2]); seed++) {
      for (Recogniser recogniser : recognisers) {
        table.attack(recogniser, seed);
      }
    }
    table.cells.print();
  }

  /**
   * A way to attack.
   *
   * @param name in the table
   * @param attack its id; empty for grey noise by the sign of the recogniser's weights
   * @param inCodes whether the autoencoder's decoder is given
   * @param settings that differ from its own
   */
  private record Trial(
      String name, Optional<String> attack, boolean inCodes, Map<String, String> settings) {
    private static Trial of(String name, String attack, Map<String, String> settings) {
      return new Trial(name, Optional.of(attack), false, settings);
    }

    /** Which fit this recogniser. */
    static List<Trial> of(Recogniser recogniser) {
      Trial paper =
          recogniser == Recogniser.AUTOENCODER
              ? new Trial("mi-face, in codes", Optional.of("mi-face"), true, Map.of())
              : of("mi-face", "mi-face", Map.of());
      return List.of(
          of("mi-face, pixels from -1 to 1", "mi-face", Map.of("low", "-1", "high", "1")),
          paper,
          of("mi-search, on waves", "mi-search", Map.of("method", "full-cma")),
          new Trial("0.5 + 0.02 sign(weights)", Optional.empty(), false, Map.of()),
          of("mi-search", "mi-search", Map.of()));
    }
  }

  private void attack(Recogniser recogniser, int seed) throws IOException {
    List<Trial> missing = new ArrayList<>();
    for (Trial trial : Trial.of(recogniser)) {
      if (!cells.has(recogniser.word(), trial.name(), seed)) {
        missing.add(trial);
      }
    }
    if (missing.isEmpty()) {
      return;
    }
    Run run = Run.of(seed);
    Dataset members = split.members();
    try (Recogniser.Opened own = recogniser.opened(faces, members, false, out, run);
        Recogniser.Opened permuted = recogniser.opened(faces, members, true, out, run);
        RecognitionJudge judge =
            new RecognitionJudge(
                own.target().info().arrayInput().orElseThrow(),
                faces.people(),
                split,
                Optional.of(own.target()),
                run.keyed("judge"))) {
      System.err.printf(
          "%s, seed %d: right about %.1f%% of other photos%n",
          recogniser.word(),
          seed,
          100 * Faces.accuracy(own.target(), split.evaluation().orElseThrow()));
      for (Trial trial : missing) {
        attack(recogniser, trial, own, permuted, judge, run);
      }
    }
  }

  private void attack(
      Recogniser recogniser,
      Trial trial,
      Recogniser.Opened own,
      Recogniser.Opened permuted,
      RecognitionJudge judge,
      Run run)
      throws IOException {
    Found found = found(trial, own, run);
    Found other = found(trial, permuted, run);
    Reconstructions judged = judge.judge(found.rebuilt(), PermutedLabels.of(other.rebuilt()));
    int[] steps = judged.steps();
    cells.add(
        FaceCells.Cell.of(
            recogniser.word(),
            trial.name(),
            run.seed(),
            Arrays.stream(steps).average().orElseThrow(),
            found.seconds(),
            found.queries() / (double) steps.length,
            judged));
    String name = trial.name().replaceAll("[^a-z0-9]+", "-");
    FaceSheet.write(
        out.resolve("%s-%s-%d.png".formatted(recogniser.word(), name, run.seed())),
        faces.photos(0, 1),
        List.of(judged, other.rebuilt()));
  }

  /** What a trial rebuilt of all people, in how many seconds and questions. */
  private record Found(Reconstructions rebuilt, double seconds, long queries) {}

  private Found found(Trial trial, Recogniser.Opened opened, Run run) {
    if (trial.attack().isEmpty()) {
      return new Found(SignPictures.of(opened.target()), 0, 0);
    }
    Attack<?, ?, ?> attack = Attacks.named(trial.attack().get());
    Map<String, String> changed = new LinkedHashMap<>(trial.settings());
    if (trial.inCodes()) {
      changed.put("decoder", opened.decoder().orElseThrow().toString());
    }
    QueryMeter meter = QueryMeter.counting();
    LabelTarget metered = MeteredTarget.of((LabelTarget) opened.target(), meter);
    long start = System.nanoTime();
    Reconstructions rebuilt =
        (Reconstructions)
            Attacks.run(
                attack, metered, split, SettingsForm.of(attack.defaults()).with(changed), run);
    return new Found(rebuilt, (System.nanoTime() - start) / 1e9, meter.spent());
  }
}
