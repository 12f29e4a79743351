package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.Similarity.Ssim;
import io.afterimage.target.GradientTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Says whether reconstructions show the people they were made for: lets an {@link Evaluator} name
 * them, beside pictures that anyone could make without the target, and measures how near they lie
 * to real pictures.
 *
 * <p>The evaluator learns from the evaluation role; without one from half of each class's
 * non-members, and only the other half counts as nearest non-members.
 */
public final class RecognitionJudge {
  private static final double SIGN_CONTRAST = 0.02;
  // An exact copy has infinitely many decibels, which no mean survives.
  private static final double MOST_DECIBELS = 100;

  private final Reconstructions attack;
  private final Run run;
  private final Shape shape;
  private final Pictures members;
  private final Pictures.Range range;
  private final EvaluatorPictures forEvaluator;
  private final Optional<Planes> planes;
  private final float[] populationMean;

  private final Map<String, double[]> answers = new LinkedHashMap<>();
  private final Map<String, String> unanswered = new LinkedHashMap<>();

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

  private RecognitionJudge(Reconstructions attack, Split split, Run run) {
    this.attack = attack;
    this.run = run;
    this.shape = attack.shape();
    this.members = pictures(split.members());
    this.range = members.range();
    this.planes = Planes.of(shape, split.members());
    Pictures nonMembers = pictures(split.nonMembers());
    this.forEvaluator =
        split
            .evaluation()
            .map(rows -> EvaluatorPictures.of(pictures(rows), rows, nonMembers, run))
            .orElseGet(() -> EvaluatorPictures.halfOf(nonMembers, split.nonMembers(), run));
    Pictures known = split.population().map(this::pictures).orElse(members);
    this.populationMean = known.mean(IntStream.range(0, known.count()).toArray());
  }

  /**
   * The evidence with every answer of the judge, or the reason why there is none.
   *
   * @param whiteBox the attacked target, for the picture along its gradient; empty where its
   *     gradient is out of reach
   */
  public static Reconstructions judge(
      Reconstructions attack,
      Split split,
      Optional<GradientTarget> whiteBox,
      PermutedLabels permuted,
      Run run) {
    RecognitionJudge judge = new RecognitionJudge(attack, split, run);
    judge.compareWithMembers();
    judge.compareWithNonMembers();
    judge.recognise(whiteBox, permuted);
    return attack.judged(judge.answers, judge.unanswered);
  }

  private Pictures pictures(Dataset rows) {
    return Pictures.of(rows, shape, attack.classNames(), run);
  }

  // ---- likeness to members and non-members

  private void compareWithMembers() {
    if (Arrays.stream(attack.subjects()).anyMatch(c -> members.of(c).length == 0)) {
      for (String name :
          List.of(
              Reconstructions.IDENTIFIED,
              Reconstructions.NEAREST_MEMBER_ROW,
              Reconstructions.PSNR,
              Reconstructions.SSIM)) {
        unanswered.put(name, "some rebuilt classes have no members");
      }
      return;
    }
    Map<Integer, float[]> means = classMeans();
    answer(Reconstructions.IDENTIFIED, i -> identified(i, means));
    int[] nearest = nearest(members);
    answer(Reconstructions.NEAREST_MEMBER_ROW, i -> members.rows()[nearest[i]]);
    likeness(nearest);
  }

  private void likeness(int[] nearest) {
    if (range.width() > 0) {
      answer(
          Reconstructions.PSNR,
          i ->
              Math.min(
                  MOST_DECIBELS,
                  Similarity.psnr(
                      attack.picture(i), members.pixels().get(nearest[i]), range.width())));
    } else {
      unanswered.put(Reconstructions.PSNR, "all pixels of the members are alike");
    }
    Optional<Ssim> ssim = planes.flatMap(p -> Ssim.of(p, range.width()));
    ssim.ifPresentOrElse(
        s ->
            answer(
                Reconstructions.SSIM,
                i -> s.between(attack.picture(i), members.pixels().get(nearest[i]))),
        () ->
            unanswered.put(
                Reconstructions.SSIM, "it needs pictures of at least 11x11 pixels, not " + shape));
  }

  private Map<Integer, float[]> classMeans() {
    Map<Integer, float[]> means = new LinkedHashMap<>();
    for (int subject = 0; subject < attack.classNames().size(); subject++) {
      int[] places = members.of(subject);
      if (places.length > 0) {
        means.put(subject, members.mean(places));
      }
    }
    return means;
  }

  private double identified(int index, Map<Integer, float[]> means) {
    float[] picture = attack.picture(index);
    int subject = attack.classes()[index];
    double own = correlation(picture, means, subject);
    boolean another =
        means.keySet().stream()
            .anyMatch(other -> other != subject && correlation(picture, means, other) >= own);
    return another ? 0 : 1;
  }

  private static double correlation(float[] picture, Map<Integer, float[]> means, int subject) {
    return Similarity.correlation(picture, means.getOrDefault(subject, picture));
  }

  private void compareWithNonMembers() {
    Pictures others = forEvaluator.nonMembers();
    Nearest nearest = new Nearest(members, others);
    if (!Arrays.stream(attack.subjects()).allMatch(nearest::comparable)) {
      String reason =
          others.count() == 0
              ? "there are no non-members to compare with"
              : "some rebuilt classes lack members or non-members";
      unanswered.put(Reconstructions.NEAREST_MEMBER, reason);
      unanswered.put(Reconstructions.NEAREST_NONMEMBER, reason);
      unanswered.put(Reconstructions.NEAREST_NONMEMBER_ROW, reason);
      return;
    }
    answer(
        Reconstructions.NEAREST_MEMBER, i -> nearest.share(attack.picture(i), attack.classes()[i]));
    double[] shares = answers.getOrDefault(Reconstructions.NEAREST_MEMBER, new double[0]);
    answer(Reconstructions.NEAREST_NONMEMBER, i -> 1 - shares[i]);
    int[] rows = nearest(others);
    answer(Reconstructions.NEAREST_NONMEMBER_ROW, i -> others.rows()[rows[i]]);
  }

  private int[] nearest(Pictures pictures) {
    return IntStream.range(0, attack.count())
        .map(i -> Nearest.place(attack.picture(i), pictures, attack.classes()[i]))
        .toArray();
  }

  private void answer(String name, IntToDoubleFunction of) {
    answers.put(name, IntStream.range(0, attack.count()).mapToDouble(of).toArray());
  }

  // ---- recognition

  private void recognise(Optional<GradientTarget> whiteBox, PermutedLabels permuted) {
    Optional<String> tooFew = forEvaluator.tooFewFor(attack.subjects(), attack.classNames());
    if (tooFew.isPresent()) {
      for (String name :
          List.of(
              Reconstructions.RECOGNISED,
              Reconstructions.RANK,
              Reconstructions.BASELINE_START,
              Reconstructions.BASELINE_POPULATION_MEAN,
              Reconstructions.BASELINE_PERMUTED_LABELS,
              Reconstructions.EVALUATOR_REAL,
              Reconstructions.EVALUATOR_SIGN_GRADIENT)) {
        unanswered.put(name, tooFew.get());
      }
      return;
    }
    Sight sight = new Sight(shape, planes, range);
    int classes = attack.classNames().size();
    try (Evaluator evaluator =
        Evaluator.train(forEvaluator.training(), sight, classes, run.keyed("evaluator"))) {
      recognise(evaluator, whiteBox, permuted);
    }
  }

  private void recognise(
      Evaluator evaluator, Optional<GradientTarget> whiteBox, PermutedLabels permuted) {
    int[] subjects = attack.subjects();
    List<float[]> all = IntStream.range(0, attack.count()).mapToObj(attack::picture).toList();
    answers.put(Reconstructions.RANK, evaluator.ranks(all, attack.classes()));
    answers.put(Reconstructions.RECOGNISED, evaluator.right(surest(attack), subjects));
    answers.put(Reconstructions.BASELINE_START, evaluator.right(starts(), subjects));
    answers.put(
        Reconstructions.BASELINE_POPULATION_MEAN,
        evaluator.right(Collections.nCopies(subjects.length, populationMean), subjects));
    Pictures checking = forEvaluator.checking();
    answers.put(
        Reconstructions.EVALUATOR_REAL, evaluator.right(checking.pixels(), checking.classes()));
    permuted(evaluator, permuted);
    whiteBox.ifPresentOrElse(
        target ->
            answers.put(
                Reconstructions.EVALUATOR_SIGN_GRADIENT,
                evaluator.right(signPictures(target), subjects)),
        () ->
            unanswered.put(
                Reconstructions.EVALUATOR_SIGN_GRADIENT, "the target shows no gradients"));
  }

  private void permuted(Evaluator evaluator, PermutedLabels permuted) {
    if (permuted.rebuilt().isEmpty()) {
      unanswered.put(Reconstructions.BASELINE_PERMUTED_LABELS, permuted.whyNone());
      return;
    }
    Reconstructions other = permuted.rebuilt().get();
    if (!Arrays.equals(other.subjects(), attack.subjects())) {
      throw new IllegalArgumentException("the permuted attack rebuilt other classes");
    }
    answers.put(
        Reconstructions.BASELINE_PERMUTED_LABELS, evaluator.right(surest(other), other.subjects()));
  }

  private static List<float[]> surest(Reconstructions rebuilt) {
    return Arrays.stream(rebuilt.surest()).mapToObj(rebuilt::picture).toList();
  }

  private List<float[]> starts() {
    int size = shape.size();
    return Arrays.stream(attack.surest())
        .mapToObj(i -> Arrays.copyOfRange(attack.start(), i * size, (i + 1) * size))
        .toList();
  }

  /** Grey noise of 2% contrast by the sign of the logit's gradient, for each subject. */
  private List<float[]> signPictures(GradientTarget target) {
    List<float[]> pictures = new ArrayList<>();
    for (int subject : attack.subjects()) {
      float[] picture = SteepestDirection.of(target, shape, subject, range.middle());
      for (int i = 0; i < picture.length; i++) {
        picture[i] =
            (float) (range.middle() + SIGN_CONTRAST * range.width() * Math.signum(picture[i]));
      }
      pictures.add(picture);
    }
    return pictures;
  }
}
