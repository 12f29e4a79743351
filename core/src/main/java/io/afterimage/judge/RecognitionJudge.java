package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Says whether reconstructions show the people they were made for: lets an {@link Evaluator} name
 * them, beside pictures that anyone could make without the target, and measures how near they lie
 * to real pictures. The evaluator is trained once, for every attack on the same model.
 *
 * <p>The evaluator learns from the evaluation role; without one from half of each class's
 * non-members, and only the other half counts as nearest non-members.
 */
public final class RecognitionJudge implements AutoCloseable {
  private static final double SIGN_CONTRAST = 0.02;

  private final Shape shape;
  private final List<String> classNames;
  private final Optional<GradientTarget> whiteBox;
  private final Run run;
  private final Pictures members;
  private final Pictures.Range range;
  private final EvaluatorPictures forEvaluator;
  private final Optional<Planes> planes;
  private final float[] populationMean;
  private @Nullable Evaluator evaluator;

  /**
   * The same attack on a target that was retrained with labels permuted over pictures, or why there
   * is none.
   */
  public record PermutedLabels(Optional<Reconstructions> rebuilt, String whyNone) {
    public static PermutedLabels of(Reconstructions rebuilt) {
      return new PermutedLabels(Optional.of(rebuilt), "");
    }

    public static PermutedLabels none(String reason) {
      return new PermutedLabels(Optional.empty(), reason);
    }
  }

  /**
   * A judge of what is rebuilt from one model.
   *
   * @param shape of one picture
   * @param classNames the model's classes
   * @param whiteBox the attacked target, for the picture along its gradient; empty where its
   *     gradient is out of reach. It stays the caller's to close
   */
  public RecognitionJudge(
      Shape shape,
      List<String> classNames,
      Split split,
      Optional<GradientTarget> whiteBox,
      Run run) {
    this.shape = shape;
    this.classNames = List.copyOf(classNames);
    this.whiteBox = whiteBox;
    this.run = run;
    this.members = pictures(split.members());
    this.planes = Planes.of(shape, split.members());
    Pictures nonMembers = pictures(split.nonMembers());
    this.forEvaluator =
        split
            .evaluation()
            .map(rows -> EvaluatorPictures.of(pictures(rows), rows, nonMembers, run))
            .orElseGet(() -> EvaluatorPictures.halfOf(nonMembers, split.nonMembers(), run));
    Pictures known = split.population().map(this::pictures).orElse(members);
    this.populationMean = known.mean(IntStream.range(0, known.count()).toArray());
    this.range = members.range();
  }

  private Pictures pictures(Dataset rows) {
    return Pictures.of(rows, shape, classNames, run);
  }

  /** The evidence with every answer of the judge, or the reason why there is none. */
  public Reconstructions judge(Reconstructions attack, PermutedLabels permuted) {
    Opinion opinion = new Opinion();
    Likeness.judge(attack, members, forEvaluator.nonMembers(), planes, opinion);
    forEvaluator
        .tooFewFor(attack.subjects(), classNames)
        .ifPresentOrElse(
            reason -> unrecognised(reason, opinion), () -> recognise(attack, permuted, opinion));
    return opinion.of(attack);
  }

  private static void unrecognised(String reason, Opinion opinion) {
    for (String name :
        List.of(
            Reconstructions.RECOGNISED,
            Reconstructions.RANK,
            Reconstructions.BASELINE_START,
            Reconstructions.BASELINE_POPULATION_MEAN,
            Reconstructions.BASELINE_PERMUTED_LABELS,
            Reconstructions.EVALUATOR_REAL,
            Reconstructions.EVALUATOR_SIGN_GRADIENT)) {
      opinion.none(name, reason);
    }
  }

  private Evaluator evaluator() {
    Evaluator trained = evaluator;
    if (trained == null) {
      Sight sight = new Sight(shape, planes, range);
      trained =
          Evaluator.train(
              forEvaluator.training(), sight, classNames.size(), run.keyed("evaluator"));
      evaluator = trained;
    }
    return trained;
  }

  private void recognise(Reconstructions attack, PermutedLabels permuted, Opinion opinion) {
    Evaluator sees = evaluator();
    int[] subjects = attack.subjects();
    List<float[]> all = IntStream.range(0, attack.count()).mapToObj(attack::picture).toList();
    opinion.put(Reconstructions.RANK, sees.ranks(all, attack.classes()));
    opinion.put(Reconstructions.RECOGNISED, sees.right(surest(attack), subjects));
    opinion.put(Reconstructions.BASELINE_START, sees.right(starts(attack), subjects));
    opinion.put(
        Reconstructions.BASELINE_POPULATION_MEAN,
        sees.right(Collections.nCopies(subjects.length, populationMean), subjects));
    Pictures checking = forEvaluator.checking();
    opinion.put(Reconstructions.EVALUATOR_REAL, sees.right(checking.pixels(), checking.classes()));
    permuted(sees, attack, permuted, opinion);
    whiteBox.ifPresentOrElse(
        target ->
            opinion.put(
                Reconstructions.EVALUATOR_SIGN_GRADIENT,
                sees.right(signPictures(target, subjects), subjects)),
        () ->
            opinion.none(Reconstructions.EVALUATOR_SIGN_GRADIENT, "the target shows no gradients"));
  }

  private static void permuted(
      Evaluator sees, Reconstructions attack, PermutedLabels permuted, Opinion opinion) {
    if (permuted.rebuilt().isEmpty()) {
      opinion.none(Reconstructions.BASELINE_PERMUTED_LABELS, permuted.whyNone());
      return;
    }
    Reconstructions other = permuted.rebuilt().get();
    if (!Arrays.equals(other.subjects(), attack.subjects())) {
      throw new IllegalArgumentException("the permuted attack rebuilt other classes");
    }
    opinion.put(
        Reconstructions.BASELINE_PERMUTED_LABELS, sees.right(surest(other), other.subjects()));
  }

  private static List<float[]> surest(Reconstructions rebuilt) {
    return Arrays.stream(rebuilt.surest()).mapToObj(rebuilt::picture).toList();
  }

  private List<float[]> starts(Reconstructions attack) {
    int size = shape.size();
    return Arrays.stream(attack.surest())
        .mapToObj(i -> Arrays.copyOfRange(attack.start(), i * size, (i + 1) * size))
        .toList();
  }

  /** Grey noise of 2% contrast by the sign of the logit's gradient, for each subject. */
  private List<float[]> signPictures(GradientTarget target, int[] subjects) {
    List<float[]> pictures = new ArrayList<>();
    for (int subject : subjects) {
      float[] picture = SteepestDirection.of(target, shape, subject, range.middle());
      for (int i = 0; i < picture.length; i++) {
        picture[i] =
            (float) (range.middle() + SIGN_CONTRAST * range.width() * Math.signum(picture[i]));
      }
      pictures.add(picture);
    }
    return pictures;
  }

  @Override
  public void close() {
    if (evaluator != null) {
      evaluator.close();
    }
  }
}
