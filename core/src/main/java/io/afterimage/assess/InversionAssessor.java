package io.afterimage.assess;

import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Finding.Worst;
import io.afterimage.base.Run;
import io.afterimage.evidence.Reconstructions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Reconstructions as the judge's evaluators saw them, held against pictures made without the model.
 *
 * <p>{@code overBaseline} is the share of people recognised minus that of the better baseline, on
 * the same people. It gates only where a class is one person. Every interval is over classes: the
 * pictures of one are one person's. Where single records were inverted, whoever they are of, it
 * says nothing of the training data: such a finding informs only.
 */
public final class InversionAssessor {
  private static final int WORST = 10;
  private static final int TOP = 5;
  private static final List<String> NEIGHBOURLY =
      List.of(
          Reconstructions.PRECISION,
          Reconstructions.RECALL,
          Reconstructions.DENSITY,
          Reconstructions.COVERAGE);

  /** What may be below 0 or above 1. */
  private static final List<String> NO_SHARES =
      List.of(Reconstructions.PSNR, Reconstructions.SSIM, Reconstructions.DENSITY);

  private static final String FOOLED =
      "the evaluator names as many people in noise that fools the model: look at the pictures before"
          + " you call anybody recognised";
  private static final String OF_RECORDS =
      "single records were inverted from what the model shows of them: how much that gives away of"
          + " its own picture, not of who was trained on; for information";

  private final Reconstructions evidence;
  private final Units perPicture;
  private final Units perSubject;

  private InversionAssessor(Reconstructions evidence) {
    this.evidence = evidence;
    this.perPicture = people(evidence.classes());
    this.perSubject = people(evidence.subjects());
  }

  private static Units people(int[] classes) {
    return Units.of(Arrays.stream(classes).mapToObj(c -> "%09d".formatted(c)).toList());
  }

  /**
   * The finding.
   *
   * @param evidence with what the judge answered
   * @param classIsPerson whether each class is one person; else nobody can be recognised, and the
   *     finding informs only
   */
  public static Finding assess(Ran ran, Reconstructions evidence, boolean classIsPerson, Run run) {
    return new InversionAssessor(evidence).finding(ran, classIsPerson, run);
  }

  private Finding finding(Ran ran, boolean classIsPerson, Run run) {
    Map<String, double[]> baselines = baselines();
    Map<String, Metric> shown = new LinkedHashMap<>();
    baselines.forEach((name, answers) -> shown.put(name, Interval.share(answers, perSubject)));
    Map<String, Metric> ofStart = accuracies(Reconstructions.OF_START);
    ofStart.putAll(distributions(Reconstructions.OF_START));
    ofStart.forEach(
        (name, metric) -> {
          if (metric.resolved()) {
            shown.put("start/" + name, metric);
          }
        });
    completed(shown);
    Resampling from = new Resampling(run, ran.attack().id());
    RecordLikeness records = new RecordLikeness(evidence, from);
    shown.putAll(records.baselines());
    Map<String, Metric> metrics = metrics();
    metrics.putAll(records.metrics());
    List<String> notes = new ArrayList<>();
    paired(notes);
    Map<String, Advantage> advantages = new LinkedHashMap<>();
    double[] recognised = evidence.judged().get(Reconstructions.RECOGNISED);
    boolean ofRecords = evidence.origins().count() > 0;
    if (ofRecords) {
      notes.add(OF_RECORDS);
    }
    if (recognised != null && !ofRecords) {
      Advantages.overBest(recognised, baselines, perSubject, Advantages.DIFFERENCE, from)
          .ifPresentOrElse(
              gain -> advantages.put("overBaseline", gain),
              () -> notes.add("nothing was made without the model to compare with"));
      if (advantages.values().stream().anyMatch(InversionAssessor::proven)
          && fooled(recognised, from)) {
        notes.add(FOOLED);
      }
    }
    unjudged(notes);
    double proven =
        advantages.values().stream()
            .mapToDouble(gain -> gain.low() == null ? 0 : gain.low())
            .max()
            .orElse(0);
    if (!classIsPerson) {
      notes.add("a class is not one person here, so no person is recognised: for information");
    }
    return new Finding(
        ran.attack().id(),
        ran.attack().family(),
        ran.attack().access(),
        Status.RUN,
        ran.noteAnd(notes),
        ran.queries(),
        ran.seconds(),
        metrics,
        shown,
        advantages,
        Severity.of(classIsPerson ? proven : 0),
        recognised == null || proven <= 0 ? List.of() : worst(recognised),
        List.of());
  }

  private static boolean proven(Advantage gain) {
    return gain.low() != null && gain.low() > 0;
  }

  /** Whether the evaluator names about as many people in noise that fools the target. */
  private boolean fooled(double[] recognised, Resampling from) {
    double[] noise = evidence.judged().get(Reconstructions.EVALUATOR_FOOLING_NOISE);
    double[] classes = evidence.judged().get(Reconstructions.FOOLED);
    if (noise == null || classes == null) {
      return false;
    }
    int[] of = Arrays.stream(classes).mapToInt(c -> (int) c).toArray();
    int[] subjects = evidence.subjects();
    double[] same =
        Arrays.stream(of).mapToDouble(c -> recognised[Arrays.binarySearch(subjects, c)]).toArray();
    return Advantages.overBest(
            same,
            Map.of(Reconstructions.EVALUATOR_FOOLING_NOISE, noise),
            people(of),
            Advantages.DIFFERENCE,
            from)
        .filter(InversionAssessor::proven)
        .isEmpty();
  }

  /** How near partly known pictures are completed without the model, where there are any. */
  private void completed(Map<String, Metric> shown) {
    completed(
        List.of(Reconstructions.IDENTIFIED, Reconstructions.NEAREST_MEMBER), perPicture, shown);
    completed(List.of(Reconstructions.PSNR, Reconstructions.SSIM), perSubject, shown);
  }

  private void completed(List<String> names, Units units, Map<String, Metric> shown) {
    names.stream()
        .filter(name -> evidence.judged().containsKey(name + Reconstructions.OF_START))
        .forEach(name -> shown.put("start/" + name, mean(name + Reconstructions.OF_START, units)));
  }

  /** What was drawn because memory does not hold every pair. */
  private void paired(List<String> notes) {
    double[] drawn = evidence.judged().get(Reconstructions.PAIRED);
    if (drawn != null) {
      notes.add(
          String.format(
              Locale.ROOT,
              "psnr and ssim: of a class, %.0f reconstructions at most were paired with %.0f members"
                  + " at most, drawn",
              drawn[0],
              drawn[1]));
    }
  }

  private Map<String, double[]> baselines() {
    Map<String, double[]> baselines = new LinkedHashMap<>();
    evidence
        .judged()
        .forEach(
            (name, answers) -> {
              if (name.startsWith(Reconstructions.BASELINE)) {
                baselines.put(name.substring(Reconstructions.BASELINE.length()), answers);
              }
            });
    return baselines;
  }

  /** Baselines that the judge could not make; metrics carry their own reason. */
  private void unjudged(List<String> notes) {
    evidence
        .unjudged()
        .forEach(
            (name, reason) -> {
              if (name.startsWith(Reconstructions.BASELINE)) {
                notes.add("no " + name + ": " + reason);
              }
            });
  }

  private Map<String, Metric> metrics() {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("recognised", share(Reconstructions.RECOGNISED, perSubject, answer -> answer));
    metrics.put("confidence", Interval.meanOfShares(evidence.confidence(), perPicture));
    metrics.put("identified", share(Reconstructions.IDENTIFIED, perPicture, answer -> answer));
    metrics.putAll(accuracies(""));
    for (String name : List.of(Reconstructions.NEAREST_MEMBER, Reconstructions.NEAREST_NONMEMBER)) {
      metrics.put(name, mean(name, perPicture));
    }
    for (String name : List.of(Reconstructions.PSNR, Reconstructions.SSIM)) {
      metrics.put(name, mean(name, perSubject));
    }
    metrics.putAll(distributions(""));
    for (String evaluator :
        List.of(
            Reconstructions.EVALUATOR_REAL,
            Reconstructions.EVALUATOR_SIGN_GRADIENT,
            Reconstructions.EVALUATOR_FOOLING_NOISE)) {
      double[] answers = evidence.judged().get(evaluator);
      metrics.put(
          evaluator,
          answers == null
              ? unanswered(evaluator)
              : Interval.share(answers, Units.oneRowEach(answers.length)));
    }
    return metrics;
  }

  /** How often the evaluator is right about pictures: the reconstructions, or others. */
  private Map<String, Metric> accuracies(String of) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put("attackAccuracy@1", within(1, Reconstructions.RANK + of));
    metrics.put("attackAccuracy@5", five(of));
    metrics.put("attackAccuracy@1/forced", within(1, Reconstructions.FORCED_RANK + of));
    return metrics;
  }

  private Metric five(String of) {
    int classes = evidence.classNames().size();
    return classes < 2 * TOP
        ? Metric.unresolved(
            perSubject.count(), "five guesses hit half of %d classes by chance".formatted(classes))
        : within(TOP, Reconstructions.RANK + of);
  }

  private Metric within(int guesses, String ranks) {
    return share(ranks, perPicture, rank -> rank < guesses ? 1 : 0);
  }

  private Metric share(String name, Units units, DoubleUnaryOperator counted) {
    double[] answers = evidence.judged().get(name);
    return answers == null
        ? unanswered(name)
        : Interval.share(Arrays.stream(answers).map(counted).toArray(), units);
  }

  private Metric mean(String name, Units units) {
    double[] answers = evidence.judged().get(name);
    if (answers == null) {
      return unanswered(name);
    }
    return NO_SHARES.stream().anyMatch(name::startsWith)
        ? Interval.mean(answers, units)
        : Interval.meanOfShares(answers, units);
  }

  /**
   * How pictures lie beside members by the evaluator's features: the reconstructions, or others.
   */
  private Map<String, Metric> distributions(String of) {
    Map<String, Metric> metrics = new LinkedHashMap<>();
    metrics.put(Reconstructions.FRECHET, frechet(Reconstructions.FRECHET + of));
    for (String all : List.of("", Reconstructions.OVER_ALL)) {
      for (String name : NEIGHBOURLY) {
        metrics.put(name + all, mean(name + all + of, perSubject));
      }
    }
    return metrics;
  }

  private Metric frechet(String name) {
    double[] distance = evidence.judged().get(name);
    double[] drawn = evidence.judged().get(name + Reconstructions.DRAWN);
    return distance == null || drawn == null
        ? unanswered(name)
        : Interval.ofReplicates(distance[0], drawn, perSubject.count());
  }

  private Metric unanswered(String name) {
    return Metric.unresolved(
        perSubject.count(),
        evidence.unjudged().getOrDefault(name, "no evaluator looked at the pictures"));
  }

  /**
   * The people recognised, those of whom the target was surest first; asked for only where more are
   * recognised than without the model.
   */
  private List<Worst> worst(double[] recognised) {
    int[] subjects = evidence.subjects();
    int[] surest = evidence.surest();
    return IntStream.range(0, subjects.length)
        .filter(subject -> recognised[subject] == 1)
        .boxed()
        .sorted(Comparator.comparingDouble(subject -> -evidence.confidence()[surest[subject]]))
        .limit(WORST)
        .map(subject -> worst(subjects[subject], evidence.confidence()[surest[subject]]))
        .toList();
  }

  private Worst worst(int subject, double confidence) {
    Metric metric = Metric.observed(confidence, 1);
    return new Worst(evidence.classNames().get(subject), "class", metric, "confidence");
  }
}
