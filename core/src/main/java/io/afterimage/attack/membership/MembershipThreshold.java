package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.ClassMedian;
import io.afterimage.attack.common.PosteriorSignal;
import io.afterimage.attack.common.Posteriors;
import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Takes for members those about whom the target errs least: the adversary asks once about each
 * person and compares one number with a threshold.
 *
 * <p>Yeom, Giacomelli, Fredrikson, Jha: Privacy Risk in Machine Learning, CSF 2018 ({@code loss},
 * {@code correct}, {@code error}). Salem et al.: ML-Leaks, NDSS 2019 ({@code confidence}, {@code
 * entropy}). Song, Mittal: Systematic Evaluation of Privacy Risks of Machine Learning Models,
 * USENIX Security 2021 ({@code modified-entropy} and a threshold for each class).
 *
 * <p>Departs from the last in how classes get thresholds of their own. There they are learnt on
 * shadow models; here the median score of everybody judged in the class is taken from each of its
 * scores ({@code …-per-class}), which uses nobody's membership and leaves one threshold, and so one
 * ROC. It equals thresholds a class wherever classes differ by a shift.
 *
 * <p>A classifier that shows labels alone leaves one signal, {@code correct}: the share of its
 * answers that name the true class. A regressor has {@code error}: minus the absolute error.
 *
 * <p>Where the query budget is below one question each, as many members as non-members are asked
 * about, drawn by record id, and the evidence is about them alone.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipThreshold
    implements Attack<MembershipThreshold.Settings, LabelTarget, MembershipScores> {
  /**
   * The settings.
   *
   * @param repeats how often each person is asked about
   * @param perClass whether each signal is also given with a threshold for each class
   */
  public record Settings(
      @Setting("answers averaged for each person; " + Asker.USUAL_REPEATS) OptionalInt repeats,
      @Setting("give each signal once more with a threshold for each class") boolean perClass) {
    public Settings {
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        "membership-threshold",
        "takes for members those about whom the model errs least",
        "Yeom et al., CSF 2018; Salem et al., NDSS 2019; Song and Mittal, USENIX Security 2021",
        Family.MEMBERSHIP,
        Access.LABEL,
        "each person's record with its true label",
        false,
        "someone who holds a person's record learns that the person is in the training data");
  }

  @Override
  public Settings defaults() {
    return new Settings(OptionalInt.empty(), true);
  }

  @Override
  public Settings small() {
    return defaults();
  }

  @Override
  public Class<LabelTarget> target() {
    return LabelTarget.class;
  }

  @Override
  public MembershipScores run(LabelTarget target, Split split, Settings settings, Run run) {
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, run);
    int rows = suspects.rows();
    Asker asker = Asker.of(target, settings.repeats(), rows, run);
    run.progress(info().id(), 0, rows);
    Predictions aboutMembers = asker.ask(suspects.members());
    run.progress(info().id(), suspects.members().rows(), rows);
    Predictions aboutOthers = asker.ask(suspects.nonMembers());
    run.progress(info().id(), rows, rows);
    Predictions answers =
        new Predictions(
            concat(aboutMembers.values(), aboutOthers.values()),
            aboutMembers.columns(),
            aboutMembers.meaning());
    return suspects.scores(scores(target, answers, suspects, settings));
  }

  /** Each signal's scores of the members, then of the others. */
  private static Map<String, double[]> scores(
      LabelTarget target, Predictions answers, Suspects suspects, Settings settings) {
    if (target.info().task() == Task.REGRESSION) {
      double[] truth = suspects.each(TrueLabels::values);
      return Map.of("error", scores(truth.length, i -> -Math.abs(answers.get(i, 0) - truth[i])));
    }
    int[] classes = suspects.classes(target.info());
    return answers.meaning() == Meaning.LABEL
        ? Map.of("correct", scores(classes.length, i -> answers.get(i, classes[i])))
        : ofPosteriors(Posteriors.of(answers, target.answers()), classes, settings.perClass());
  }

  private static Map<String, double[]> ofPosteriors(
      Posteriors posteriors, int[] classes, boolean perClass) {
    Map<String, double[]> global = new LinkedHashMap<>();
    Map<String, double[]> calibrated = new LinkedHashMap<>();
    for (PosteriorSignal signal : PosteriorSignal.values()) {
      double[] scores = scores(classes.length, i -> signal.of(posteriors, i, classes[i]));
      global.put(signal.id(), scores);
      calibrated.put(signal.id() + "-per-class", ClassMedian.removed(scores, classes));
    }
    if (perClass) {
      global.putAll(calibrated);
    }
    return global;
  }

  private static double[] scores(int rows, IntToDoubleFunction score) {
    return IntStream.range(0, rows).mapToDouble(score).toArray();
  }

  private static double[] concat(double[] first, double[] second) {
    return DoubleStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
  }
}
