package io.afterimage.evidence;

import io.afterimage.data.Shape;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inputs that an attack rebuilt, several a class perhaps.
 *
 * <p>The judge answers in {@code judged}, under the names below. A list of answers is as long as
 * there are reconstructions unless its name says otherwise. What the judge could not answer stands
 * in {@code unjudged} with the reason, and in no other place.
 *
 * @param shape of one reconstruction
 * @param pixels reconstruction after reconstruction, in the target's own units
 * @param start what the adversary had before the target answered, in the same order: the start
 *     picture, or a draw from the prior
 * @param classes the class that each was rebuilt for
 * @param classNames the target's classes
 * @param confidence the target's probability of that class for each
 * @param steps steps that each took
 * @param curve what the attack saw of its own progress against queries spent, for attacks that ask;
 *     else empty. Its last point tells all queries
 * @param seen what that is
 * @param origins the record behind each reconstruction, where what was observed of single records
 *     was inverted; {@link Origins#NONE} where classes were rebuilt
 * @param stages where the searches for some of them stood on their way
 * @param interim what would have been handed in after fewer queries
 * @param known where pixels stand that the adversary knew beforehand, ascending, the same in all
 *     pictures; empty where all were rebuilt
 * @param judged what the judge's evaluators answered, by name; empty until the judge wrote it
 * @param unjudged what they could not answer, with the reason
 */
public record Reconstructions(
    Shape shape,
    float[] pixels,
    float[] start,
    int[] classes,
    List<String> classNames,
    double[] confidence,
    int[] steps,
    List<CurvePoint> curve,
    Seen seen,
    Origins origins,
    Stages stages,
    Interim interim,
    int[] known,
    Map<String, double[]> judged,
    Map<String, String> unjudged)
    implements Evidence {

  /**
   * 1 where the evaluator puts a person's picture into that person's class, else 0. One answer for
   * each class of {@link #subjects}, about its {@link #surest} picture. Names that begin with
   * {@link #BASELINE} hold the same about pictures made without what the attack learned.
   */
  public static final String RECOGNISED = "recognised";

  /**
   * How many classes the evaluator finds likelier than the right one, nobody among them: 0 is
   * top-1, below 5 top-5.
   */
  public static final String RANK = "rank";

  /**
   * The same without nobody, of an evaluator that has to name a class whatever it sees. So count
   * most publications; a picture that shows nothing is some class's then.
   */
  public static final String FORCED_RANK = "rank/forced";

  public static final String BASELINE = "baseline/";

  /**
   * {@link #RECOGNISED} of the pictures that would have been handed in after fewer queries: one
   * answer for each picture of {@link #interim}.
   */
  public static final String INTERIM_RECOGNISED = "interim/recognised";

  /** {@link #RECOGNISED} of the picture that the attack started from. */
  public static final String BASELINE_START = BASELINE + "start";

  /** {@link #RECOGNISED} of the population's mean picture. */
  public static final String BASELINE_POPULATION_MEAN = BASELINE + "population-mean";

  /** {@link #RECOGNISED} of the same attack on a target retrained with permuted labels. */
  public static final String BASELINE_PERMUTED_LABELS = BASELINE + "permuted-labels";

  /** 1 where the evaluator is right about a real picture it never saw; one for each picture. */
  public static final String EVALUATOR_REAL = "evaluator/real";

  /**
   * 1 where the evaluator falls for grey noise in the direction of the target's gradient; one for
   * each class of {@link #subjects}. Nobody would call such a picture a face.
   */
  public static final String EVALUATOR_SIGN_GRADIENT = "evaluator/sign-gradient";

  /**
   * 1 where the evaluator falls for smooth noise that was moved until the target is sure of the
   * class; one for each class of {@link #FOOLED}. Nobody would call such a picture a face.
   */
  public static final String EVALUATOR_FOOLING_NOISE = "evaluator/fooling-noise";

  /** The classes that such noise could be made for, ascending. */
  public static final String FOOLED = EVALUATOR_FOOLING_NOISE + "/classes";

  /** 1 where the class mean that correlates best with the picture is the right one. */
  public static final String IDENTIFIED = "identified";

  /**
   * Share of draws of equal-sized sets of its class in which a member is nearest; by chance 0.5.
   */
  public static final String NEAREST_MEMBER = "nearestMember";

  /** Share of those draws in which a non-member is nearest. */
  public static final String NEAREST_NONMEMBER = "nearestNonmember";

  /** Row, among the members, of the nearest member of the same class. */
  public static final String NEAREST_MEMBER_ROW = "nearestMember/row";

  /** Row, among the non-members, of the nearest non-member of the same class. */
  public static final String NEAREST_NONMEMBER_ROW = "nearestNonmember/row";

  /**
   * Peak signal-to-noise ratio, decibels: the mean over the pairs of a class, in which the
   * reconstructions of the class are assigned to its members, each to another. One answer for each
   * class of {@link #subjects}. Of pixels that were known beforehand it says nothing, as all that
   * compares pixels.
   */
  public static final String PSNR = "psnr";

  /** Structural similarity, -1 to 1: the mean over the same pairs as {@link #PSNR}. */
  public static final String SSIM = "ssim";

  /**
   * Two numbers, where memory does not hold every pair: of a class, at most so many reconstructions
   * were paired, and each with one of at most so many members, both drawn.
   */
  public static final String PAIRED = "paired/drawn";

  /**
   * Squared Fréchet distance between the Gaussians fitted to the evaluator's features of
   * reconstructions and of members, equally many of each class: one number, 0 or more. {@link
   * #DRAWN} holds the same where classes are drawn anew.
   */
  public static final String FRECHET = "frechet@evaluator";

  /**
   * Peak signal-to-noise ratio, decibels, 100 at most, between a reconstruction and the very record
   * behind it, where there is one; one answer for each reconstruction, as of the next three.
   */
  public static final String RECORD_PSNR = "recordPsnr";

  /** Structural similarity, -1 to 1, between the same two. */
  public static final String RECORD_SSIM = "recordSsim";

  /**
   * Ends the name of the same between the population's mean picture (the members', where there is
   * no population) and the record: what anyone reaches who knows nothing of it.
   */
  public static final String OF_POPULATION_MEAN = "/population-mean";

  /** Ends the name of replicates, of classes drawn with replacement. */
  public static final String DRAWN = "/drawn";

  /**
   * Share of reconstructions that lie in the neighbourhood of a member of the same class, by the
   * evaluator's features. One answer for each class of {@link #subjects}, as of all that are told
   * by neighbourhoods; their names end in {@link #OVER_ALL} where neighbourhoods are of all
   * classes' pictures together.
   */
  public static final String PRECISION = "precision@evaluator";

  /** Share of members that lie in the neighbourhood of a reconstruction. */
  public static final String RECALL = "recall@evaluator";

  /** How many members' neighbourhoods hold a reconstruction, in {@link #NEIGHBOURS}; 0 or more. */
  public static final String DENSITY = "density@evaluator";

  /** Share of members whose neighbourhood holds a reconstruction. */
  public static final String COVERAGE = "coverage@evaluator";

  public static final String OVER_ALL = "/all";

  /** How many neighbours a neighbourhood reaches to: one number. */
  public static final String NEIGHBOURS = "evaluator/neighbours";

  /**
   * Ends the name of the same about the pictures that the attack started from: what a distribution
   * of pictures reaches without the target, and how near to the truth partly known pictures are
   * completed without it.
   */
  public static final String OF_START = "/start";

  public Reconstructions {
    classNames = List.copyOf(classNames);
    curve = List.copyOf(curve);
    judged = Collections.unmodifiableMap(new LinkedHashMap<>(judged));
    unjudged = Collections.unmodifiableMap(new LinkedHashMap<>(unjudged));
  }

  /**
   * Of classes: no record stands behind a picture, no way was kept, and no pixel was known
   * beforehand; the curve is of the target's confidence.
   */
  public Reconstructions(
      Shape shape,
      float[] pixels,
      float[] start,
      int[] classes,
      List<String> classNames,
      double[] confidence,
      int[] steps,
      List<CurvePoint> curve,
      Map<String, double[]> judged,
      Map<String, String> unjudged) {
    this(
        shape,
        pixels,
        start,
        classes,
        classNames,
        confidence,
        steps,
        curve,
        Seen.CONFIDENCE,
        Origins.NONE,
        Stages.NONE,
        Interim.NONE,
        new int[0],
        judged,
        unjudged);
  }

  /** What an attack writes: nothing judged yet. */
  public static Reconstructions of(
      Shape shape,
      float[] pixels,
      float[] start,
      int[] classes,
      List<String> classNames,
      double[] confidence,
      int[] steps,
      List<CurvePoint> curve) {
    return new Reconstructions(
        shape, pixels, start, classes, classNames, confidence, steps, curve, Map.of(), Map.of());
  }

  /** The same with these answers of the judge instead of any before. */
  public Reconstructions judged(Map<String, double[]> answers, Map<String, String> unanswered) {
    return with(seen, origins, stages, interim, known, answers, unanswered);
  }

  /** The same with the record behind each. */
  public Reconstructions from(Origins records) {
    return with(seen, records, stages, interim, known, judged, unjudged);
  }

  /** The same with where the searches for some of them stood on their way. */
  public Reconstructions along(Stages way) {
    return with(seen, origins, way, interim, known, judged, unjudged);
  }

  /** The same with what would have been handed in after fewer queries. */
  public Reconstructions after(Interim fewer) {
    return with(seen, origins, stages, fewer, known, judged, unjudged);
  }

  /** The same with what the values of its curve are. */
  public Reconstructions seeing(Seen what) {
    return with(what, origins, stages, interim, known, judged, unjudged);
  }

  /** The same with the places of the pixels that were known beforehand. */
  public Reconstructions knowing(int[] places) {
    return with(seen, origins, stages, interim, places, judged, unjudged);
  }

  private Reconstructions with(
      Seen what,
      Origins records,
      Stages way,
      Interim fewer,
      int[] places,
      Map<String, double[]> answers,
      Map<String, String> unanswered) {
    return new Reconstructions(
        shape,
        pixels,
        start,
        classes,
        classNames,
        confidence,
        steps,
        curve,
        what,
        records,
        way,
        fewer,
        places,
        answers,
        unanswered);
  }

  /**
   * What an attack saw after so many queries.
   *
   * @param value 0 to 1, of the kind that {@link Seen} names
   */
  public record CurvePoint(long queries, double value) {}

  public int count() {
    return classes.length;
  }

  /** A copy of one reconstruction. */
  public float[] picture(int index) {
    return Arrays.copyOfRange(pixels, index * shape.size(), (index + 1) * shape.size());
  }

  /** A copy of the picture that one reconstruction started from. */
  public float[] startOf(int index) {
    return Arrays.copyOfRange(start, index * shape.size(), (index + 1) * shape.size());
  }

  /** The classes that were rebuilt, each once, ascending. */
  public int[] subjects() {
    return Arrays.stream(classes).distinct().sorted().toArray();
  }

  /** The reconstruction of each subject that the target was surest of: what an adversary keeps. */
  public int[] surest() {
    return Arrays.stream(subjects()).map(this::surest).toArray();
  }

  private int surest(int subject) {
    int best = -1;
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] == subject && (best < 0 || confidence[i] > confidence[best])) {
        best = i;
      }
    }
    return best;
  }
}
