package io.afterimage.bench;

import static io.afterimage.evidence.Reconstructions.EVALUATOR_FOOLING_NOISE;
import static io.afterimage.evidence.Reconstructions.EVALUATOR_REAL;
import static io.afterimage.evidence.Reconstructions.EVALUATOR_SIGN_GRADIENT;
import static io.afterimage.evidence.Reconstructions.RECOGNISED;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.tensor.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What evaluators drawn by different seeds make of the same pictures of ORL's softmax recogniser:
 * reconstructions in which one sees a face and in which one does not, photos, and noise that fools
 * the recogniser. Usage: {@code FaceEvaluators ORL_FOLDER OUT EVALUATORS}; prints a row each.
 */
public final class FaceEvaluators {
  private static final List<Trial> TRIALS =
      List.of(
          new Trial("mi-face", "mi-face", Map.of()),
          new Trial("mi-face, pixels from -1 to 1", "mi-face", Map.of("low", "-1", "high", "1")),
          new Trial("mi-search", "mi-search", Map.of()),
          new Trial("mi-search, full-cma", "mi-search", Map.of("method", "full-cma")),
          new Trial(
              "mi-search, full-cma, 512 waves",
              "mi-search",
              Map.of("method", "full-cma", "waves", "512")));

  private FaceEvaluators() {}

  public static void main(String[] args) throws Exception {
    Usage.run("FaceEvaluators ORL_FOLDER OUT EVALUATORS", 3, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Threads.setIntraOp(1);
    Faces faces = Faces.read(Path.of(args[0]));
    Split split = faces.withEvaluation(5);
    Path out = Files.createDirectories(Path.of(args[1]));
    try (Recogniser.Opened softmax =
        Recogniser.SOFTMAX.opened(faces, split.members(), false, out, Run.of(0))) {
      Map<String, Reconstructions> rebuilt = new LinkedHashMap<>();
      TRIALS.forEach(trial -> rebuilt.put(trial.name(), trial.rebuilt(softmax, split)));
      for (int seed = 0; seed < Integer.parseInt(args[2]); seed++) {
        judge(faces, split, softmax, rebuilt, seed);
      }
    }
  }

  private record Trial(String name, String attack, Map<String, String> settings) {
    Reconstructions rebuilt(Recogniser.Opened softmax, Split split) {
      Attack<?, ?, ?> mounted = Attacks.named(attack);
      Record changed = SettingsForm.of(mounted.defaults()).with(settings);
      return (Reconstructions) Attacks.run(mounted, softmax.target(), split, changed, Run.of(0));
    }
  }

  private static void judge(
      Faces faces,
      Split split,
      Recogniser.Opened softmax,
      Map<String, Reconstructions> rebuilt,
      int seed) {
    try (RecognitionJudge judge =
        new RecognitionJudge(
            softmax.target().info().arrayInput().orElseThrow(),
            faces.people(),
            split,
            Optional.of(softmax.target()),
            Run.of(seed).keyed("judge"))) {
      Map<String, Reconstructions> judged = new LinkedHashMap<>();
      rebuilt.forEach(
          (name, pictures) ->
              judged.put(name, judge.judge(pictures, PermutedLabels.none("not asked"))));
      judged.forEach((name, answers) -> print(seed, name, answers, RECOGNISED));
      // Of the evaluator alone: the same whatever it judges.
      Reconstructions any = judged.values().iterator().next();
      for (String control :
          List.of(EVALUATOR_REAL, EVALUATOR_SIGN_GRADIENT, EVALUATOR_FOOLING_NOISE)) {
        print(seed, control, any, control);
      }
    }
  }

  private static void print(int seed, String of, Reconstructions judged, String answer) {
    double share = Faces.mean(OrlFaces.answers(judged, answer));
    System.out.printf(Locale.ROOT, "evaluator %d, %s: %.1f%%%n", seed, of, 100 * share);
  }
}
