package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Overlap;
import io.afterimage.data.Planes;
import io.afterimage.data.Role;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.GradientTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Says whether reconstructions show the people they were made for: lets an {@link Evaluator} name
 * them, beside pictures that anyone could make without the target, and measures how near they lie
 * to real pictures. The evaluator is trained once, for every attack on the same model.
 *
 * <p>The evaluator learns from the evaluation role; without one from half of each class's
 * non-members, and only the other half counts as nearest non-members. Public pictures of none of
 * the classes teach it what nobody looks like.
 */
public final class RecognitionJudge implements AutoCloseable {
  private static final double SIGN_CONTRAST = 0.02;
  private static final double BY_CHANCE = 0.025;
  private static final String NO_GRADIENTS = "the target shows no gradients";

  private final Shape shape;
  private final List<String> classNames;
  private final Optional<GradientTarget> whiteBox;
  private final Run run;
  private final Pictures members;
  private final Pictures.Range range;
  private final Dataset memberRows;
  private final EvaluatorPictures forEvaluator;
  private final Pictures strangers;
  private final Optional<String> shared;
  private final Optional<Planes> planes;
  private final float[] populationMean;
  private final OwnRecords ownRecords;
  private final Map<Integer, Optional<Double>> fooled = new HashMap<>();
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
    this.memberRows = split.members();
    this.members = pictures(memberRows);
    this.planes = Planes.of(shape, split.members());
    Pictures nonMembers = pictures(split.nonMembers());
    Dataset rows = split.evaluation().orElse(split.nonMembers());
    EvaluatorPictures pictures =
        split.evaluation().isPresent()
            ? EvaluatorPictures.of(pictures(rows), rows, nonMembers, run)
            : EvaluatorPictures.halfOf(nonMembers, rows, run);
    this.forEvaluator = pictures.without(memberRows, rows);
    this.shared = shared(memberRows, rows, run);
    this.strangers =
        split
            .population()
            .map(known -> strangers(known, memberRows))
            .orElse(members.select(new int[0]));
    Pictures known = split.population().map(this::pictures).orElse(members);
    this.populationMean = known.mean(IntStream.range(0, known.count()).toArray());
    this.range = members.range();
    this.ownRecords = new OwnRecords(split, populationMean, range.width(), planes, run);
  }

  /**
   * Public pictures that are known to show none of the classes, in drawn order: labelled with other
   * names, or by a label that was set aside because it names none. An evaluator that knew the
   * classes alone would have to name one of them, whomever a picture shows.
   */
  private Pictures strangers(Dataset population, Dataset labelled) {
    Pictures all = pictures(population);
    boolean setAside =
        labelled
            .label()
            .filter(known -> population.schema().names(Role.IGNORED).contains(known.name()))
            .isPresent();
    Optional<Column> label = population.label();
    int[] places =
        IntStream.range(0, all.count())
            .filter(place -> all.classes()[place] < 0)
            .filter(
                place -> label.map(known -> known.text(all.rows()[place]) != null).orElse(setAside))
            .toArray();
    return all.select(Drawn.order(all, places, population, run));
  }

  private Pictures pictures(Dataset rows) {
    return Pictures.of(rows, shape, classNames, run);
  }

  /** Why the evaluator would know what the target knows; empty where it does not. */
  private static Optional<String> shared(Dataset members, Dataset rows, Run run) {
    SharedRows found = SharedRows.between(members, rows, run);
    int ids = Overlap.between(members, rows).ids();
    return ids > 0 || found.beyondChance()
        ? Optional.of(
            String.format(
                Locale.ROOT,
                "%d of the evaluator's pictures are the members' own (chance gives %.1f), %d by"
                    + " their ids; give pictures that the target never saw with --evaluation",
                found.shared(),
                found.expected(),
                ids))
        : Optional.empty();
  }

  /** The evidence with every answer of the judge, or the reason why there is none. */
  public Reconstructions judge(Reconstructions attack, PermutedLabels permuted) {
    Opinion opinion = new Opinion();
    Optional<String> broken = broken(attack);
    if (broken.isPresent()) {
      Stream.concat(Likeness.answers().stream(), OwnRecords.answers(attack).stream())
          .forEach(name -> opinion.none(name, broken.get()));
    } else {
      ownRecords.judge(attack, opinion);
      Likeness.judge(
          attack,
          new Likeness.Truth(members, memberRows, forEvaluator.nonMembers(), planes, run),
          opinion);
    }
    broken
        .or(() -> shared)
        .or(() -> forEvaluator.tooFewFor(attack.subjects(), classNames))
        .or(() -> ignorant(opinion))
        .ifPresentOrElse(
            reason -> unrecognised(reason, attack, opinion),
            () -> recognise(attack, permuted, opinion));
    return opinion.of(attack);
  }

  /** Whether there are pixels that are no numbers, of which nothing can be said. */
  private static Optional<String> broken(Reconstructions attack) {
    Interim interim = attack.interim();
    return broken(attack, attack.pixels(), attack.classes())
        .or(() -> broken(attack, attack.start(), attack.classes()))
        .or(() -> broken(attack, interim.pixels(), interim.classOfEach()));
  }

  private static Optional<String> broken(Reconstructions attack, float[] pixels, int[] classes) {
    return IntStream.range(0, pixels.length)
        .filter(i -> !Float.isFinite(pixels[i]))
        .mapToObj(i -> attack.classNames().get(classes[i / attack.shape().size()]))
        .map(name -> "a picture of %s has pixels that are not finite".formatted(name))
        .findFirst();
  }

  /** Why the evaluator's word counts for nothing: it is not better than chance on real pictures. */
  private Optional<String> ignorant(Opinion opinion) {
    Pictures checking = forEvaluator.checking();
    double[] right = evaluator().right(checking.pixels(), checking.classes());
    opinion.put(Reconstructions.EVALUATOR_REAL, right);
    double accuracy = Arrays.stream(right).average().orElse(0);
    return beyondChance(right)
        ? Optional.empty()
        : Optional.of(
            String.format(
                Locale.ROOT,
                "the evaluator is right about %.3f of %d real pictures, and chance about %.3f; give"
                    + " it more to learn from with --evaluation",
                accuracy,
                right.length,
                forEvaluator.chance()));
  }

  /** Whether guessing would be right so often in fewer than 2.5 of 100 cases. */
  private boolean beyondChance(double[] right) {
    BinomialDistribution guessed = BinomialDistribution.of(right.length, forEvaluator.chance());
    return guessed.survivalProbability((int) Arrays.stream(right).sum() - 1) < BY_CHANCE;
  }

  private static void unrecognised(String reason, Reconstructions attack, Opinion opinion) {
    if (attack.interim().count() > 0) {
      opinion.none(Reconstructions.INTERIM_RECOGNISED, reason);
    }
    Stream.concat(
            Stream.of(
                Reconstructions.RECOGNISED,
                Reconstructions.RANK,
                Reconstructions.FORCED_RANK,
                Reconstructions.BASELINE_START,
                Reconstructions.BASELINE_POPULATION_MEAN,
                Reconstructions.BASELINE_PERMUTED_LABELS,
                Reconstructions.EVALUATOR_REAL,
                Reconstructions.EVALUATOR_SIGN_GRADIENT,
                Reconstructions.EVALUATOR_FOOLING_NOISE),
            Distributions.answers().stream())
        .forEach(name -> opinion.none(name, reason));
  }

  private Evaluator evaluator() {
    Evaluator trained = evaluator;
    if (trained == null) {
      Sight sight = new Sight(shape, planes, range);
      Pictures training = forEvaluator.training();
      int most = Math.min(strangers.count(), training.count() / 2);
      Pictures nobody = strangers.select(IntStream.range(0, most).toArray());
      trained =
          Evaluator.train(
              training.and(nobody, classNames.size()),
              sight,
              classNames.size(),
              run.keyed("evaluator"));
      evaluator = trained;
    }
    return trained;
  }

  private void recognise(Reconstructions attack, PermutedLabels permuted, Opinion opinion) {
    Evaluator sees = evaluator();
    int[] subjects = attack.subjects();
    ranks(sees, attack, attack::picture, "", opinion);
    ranks(sees, attack, attack::startOf, Reconstructions.OF_START, opinion);
    opinion.put(Reconstructions.RECOGNISED, sees.right(surest(attack), subjects));
    opinion.put(Reconstructions.BASELINE_START, sees.right(starts(attack), subjects));
    opinion.put(
        Reconstructions.BASELINE_POPULATION_MEAN,
        sees.right(Collections.nCopies(subjects.length, populationMean), subjects));
    interim(sees, attack.interim(), opinion);
    distributions(sees, attack, opinion);
    permuted(sees, attack, permuted, opinion);
    fooling(sees, subjects, opinion);
  }

  /** Of what would have been handed in after fewer queries. */
  private static void interim(Evaluator sees, Interim interim, Opinion opinion) {
    if (interim.count() > 0) {
      opinion.put(
          Reconstructions.INTERIM_RECOGNISED,
          sees.right(interim.pictures(), interim.classOfEach()));
    }
  }

  private static void ranks(
      Evaluator sees,
      Reconstructions attack,
      IntFunction<float[]> pictures,
      String of,
      Opinion opinion) {
    List<float[]> all = IntStream.range(0, attack.count()).mapToObj(pictures).toList();
    Evaluator.Ranks ranks = sees.ranks(all, attack.classes());
    opinion.put(Reconstructions.RANK + of, ranks.free());
    opinion.put(Reconstructions.FORCED_RANK + of, ranks.forced());
  }

  /** What shows nothing, and for which the target falls. */
  private void fooling(Evaluator sees, int[] subjects, Opinion opinion) {
    if (whiteBox.isEmpty()) {
      opinion.none(Reconstructions.EVALUATOR_SIGN_GRADIENT, NO_GRADIENTS);
      opinion.none(Reconstructions.EVALUATOR_FOOLING_NOISE, NO_GRADIENTS);
      return;
    }
    GradientTarget target = whiteBox.get();
    opinion.put(
        Reconstructions.EVALUATOR_SIGN_GRADIENT,
        sees.right(signPictures(target, subjects), subjects));
    planes.ifPresentOrElse(
        plane -> noise(sees, new FoolingNoise(shape, plane, range, run), target, subjects, opinion),
        () -> opinion.none(Reconstructions.EVALUATOR_FOOLING_NOISE, "rows are no pictures"));
  }

  /** Noise of a subject is made once for all attacks. */
  private void noise(
      Evaluator sees, FoolingNoise noise, GradientTarget target, int[] subjects, Opinion opinion) {
    int[] fresh = IntStream.of(subjects).filter(subject -> !fooled.containsKey(subject)).toArray();
    List<Optional<float[]>> made = noise.of(target, fresh);
    for (int i = 0; i < fresh.length; i++) {
      int[] subject = {fresh[i]};
      fooled.put(fresh[i], made.get(i).map(picture -> sees.right(List.of(picture), subject)[0]));
    }
    int[] taken = IntStream.of(subjects).filter(subject -> known(subject).isPresent()).toArray();
    if (taken.length == 0) {
      opinion.none(
          Reconstructions.EVALUATOR_FOOLING_NOISE, "no noise could be made that fools the target");
      return;
    }
    opinion.put(Reconstructions.FOOLED, IntStream.of(taken).asDoubleStream().toArray());
    opinion.put(
        Reconstructions.EVALUATOR_FOOLING_NOISE,
        IntStream.of(taken).mapToDouble(subject -> known(subject).orElseThrow()).toArray());
  }

  private Optional<Double> known(int subject) {
    return fooled.getOrDefault(subject, Optional.empty());
  }

  private void distributions(Evaluator sees, Reconstructions attack, Opinion opinion) {
    MatchedSets sets = MatchedSets.of(attack, members, memberRows, run);
    List<String> names =
        Arrays.stream(attack.subjects()).mapToObj(attack.classNames()::get).toList();
    Distributions beside =
        new Distributions(features(sees, sets.members(), members.pixels()::get), names, run);
    opinion.put(Reconstructions.NEIGHBOURS, new double[] {Neighbourhoods.NEIGHBOURS});
    beside.judge(features(sees, sets.rebuilt(), attack::picture), "", opinion);
    beside.judge(
        features(sees, sets.rebuilt(), attack::startOf), Reconstructions.OF_START, opinion);
  }

  private static double[][][] features(Evaluator sees, int[][] places, IntFunction<float[]> of) {
    return Arrays.stream(places)
        .map(subject -> sees.features(Arrays.stream(subject).mapToObj(of).toList()))
        .toArray(double[][][]::new);
  }

  private static void permuted(
      Evaluator sees, Reconstructions attack, PermutedLabels permuted, Opinion opinion) {
    if (permuted.rebuilt().isEmpty()) {
      opinion.none(Reconstructions.BASELINE_PERMUTED_LABELS, permuted.whyNone());
      return;
    }
    Reconstructions other = permuted.rebuilt().get();
    double[] right = sees.right(surest(other), other.subjects());
    // Whom the attack on that model did not rebuild at all, nobody recognises.
    opinion.put(
        Reconstructions.BASELINE_PERMUTED_LABELS,
        Arrays.stream(attack.subjects())
            .map(subject -> Arrays.binarySearch(other.subjects(), subject))
            .mapToDouble(place -> place < 0 ? 0 : right[place])
            .toArray());
  }

  private static List<float[]> surest(Reconstructions rebuilt) {
    return Arrays.stream(rebuilt.surest()).mapToObj(rebuilt::picture).toList();
  }

  private List<float[]> starts(Reconstructions attack) {
    return Arrays.stream(attack.surest()).mapToObj(attack::startOf).toList();
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
