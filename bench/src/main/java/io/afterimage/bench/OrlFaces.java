package io.afterimage.bench;

import static io.afterimage.evidence.Reconstructions.BASELINE_PERMUTED_LABELS;
import static io.afterimage.evidence.Reconstructions.BASELINE_POPULATION_MEAN;
import static io.afterimage.evidence.Reconstructions.BASELINE_START;
import static io.afterimage.evidence.Reconstructions.EVALUATOR_REAL;
import static io.afterimage.evidence.Reconstructions.EVALUATOR_SIGN_GRADIENT;
import static io.afterimage.evidence.Reconstructions.IDENTIFIED;
import static io.afterimage.evidence.Reconstructions.RECOGNISED;

import io.afterimage.attack.inversion.MiFace;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import io.afterimage.target.GradientTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Fredrikson et al. 2015 on the ORL faces: rebuilds 40 people from a recogniser, and says whether
 * an evaluator that never saw the target's photos recognises them.
 *
 * <p>Usage: {@code OrlFaces FOLDER [OUT]}. Writes {@code faces.png}: below each other a member's
 * photo, its reconstruction and that of a recogniser of permuted names, for ten people a band.
 */
public final class OrlFaces {
  private OrlFaces() {}

  /** Prints the figures and writes the pictures. */
  public static void main(String[] args) throws Exception {
    Usage.run("OrlFaces FOLDER [OUT]", 1, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Faces faces = Faces.read(Path.of(args[0]));
    Path out = Path.of(args.length > 1 ? args[1] : "target");
    Run run = Run.of(1);
    sevenOfTen(faces, run);
    Judged judged = fiveOfTen(faces, run);
    Files.createDirectories(out);
    FaceSheet.write(
        out.resolve("faces.png"), faces.photos(0, 1), List.of(judged.attack(), judged.permuted()));
    System.out.println("pictures: " + out.resolve("faces.png"));
  }

  /** The recogniser's accuracy on unseen photos, and how many people mi-face identifies. */
  static void sevenOfTen(Faces faces, Run run) {
    Split split = faces.withNonMembers(7);
    try (GradientTarget target = faces.recogniser(split.members(), run)) {
      Reconstructions rebuilt = attack(target, split, run);
      Reconstructions judged =
          judge(rebuilt, PermutedLabels.none("not asked for"), split, target, run);
      System.out.printf(
          "7 photos: accuracy %.3f, identified %.0f of 40, %.0f steps, nearest member %.2f%n",
          Faces.accuracy(target, split.nonMembers()),
          40 * Faces.mean(answers(judged, IDENTIFIED)),
          steps(judged),
          Faces.mean(answers(judged, Reconstructions.NEAREST_MEMBER)));
    }
  }

  /**
   * What the judge made of an attack.
   *
   * @param attack on the recogniser
   * @param permuted the same on a recogniser of permuted names
   * @param sign grey noise by the sign of the recogniser's weights, judged as an attack
   */
  record Judged(Reconstructions attack, Reconstructions permuted, Reconstructions sign) {}

  /** Five photos for the recogniser, five for the evaluator. */
  static Judged fiveOfTen(Faces faces, Run run) {
    Split split = faces.withEvaluation(5);
    Dataset members = split.members();
    try (GradientTarget target = faces.recogniser(members, run);
        GradientTarget permuted = faces.recogniserOfPermutedNames(members, run)) {
      Reconstructions rebuilt = attack(target, split, run);
      Reconstructions other = attack(permuted, split, run);
      PermutedLabels baseline = PermutedLabels.of(other);
      Reconstructions judged = judge(rebuilt, baseline, split, target, run);
      Reconstructions sign = judge(SignPictures.of(target, rebuilt), baseline, split, target, run);
      print("mi-face", judged);
      print("0.5 + 0.02 sign(weights)", sign);
      return new Judged(judged, other, sign);
    }
  }

  private static Reconstructions attack(GradientTarget target, Split split, Run run) {
    return new MiFace().run(target, split, new MiFace().defaults(), run);
  }

  private static Reconstructions judge(
      Reconstructions rebuilt,
      PermutedLabels permuted,
      Split split,
      GradientTarget target,
      Run run) {
    try (RecognitionJudge judge =
        new RecognitionJudge(
            rebuilt.shape(), rebuilt.classNames(), split, Optional.of(target), run)) {
      return judge.judge(rebuilt, permuted);
    }
  }

  private static void print(String name, Reconstructions judged) {
    System.out.printf(
        "5 photos, %s: recognised %.3f, start %.3f, population mean %.3f, permuted labels %.3f,"
            + " evaluator on real photos %.3f, on sign pictures %.3f, %.0f steps%n",
        name,
        Faces.mean(answers(judged, RECOGNISED)),
        Faces.mean(answers(judged, BASELINE_START)),
        Faces.mean(answers(judged, BASELINE_POPULATION_MEAN)),
        Faces.mean(answers(judged, BASELINE_PERMUTED_LABELS)),
        Faces.mean(answers(judged, EVALUATOR_REAL)),
        Faces.mean(answers(judged, EVALUATOR_SIGN_GRADIENT)),
        steps(judged));
  }

  private static double steps(Reconstructions judged) {
    return java.util.Arrays.stream(judged.steps()).average().orElseThrow();
  }

  /** What the judge answered under this name, which it must have. */
  static double[] answers(Reconstructions judged, String name) {
    double[] found = judged.judged().get(name);
    if (found == null) {
      throw new IllegalStateException(name + ": " + judged.unjudged().get(name));
    }
    return found;
  }
}
