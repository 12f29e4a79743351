package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Confidences;
import io.afterimage.attack.common.Ranks;
import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Takes for members those about whom the target errs less than about most of the public: Attack P.
 *
 * <p>Ye, Maddi, Murakonda, Bindschaedler, Shokri: Enhanced Membership Inference Attacks against
 * Machine Learning Models, CCS 2022. No model is trained: public rows say which loss a given share
 * of non-members stays below.
 *
 * <ul>
 *   <li>{@code loss}: the share of the public rows about which the target errs more; of those about
 *       which it errs as much, half.
 *   <li>{@code loss-per-class}: the same among the public rows of the person's class, where there
 *       are at least ten; else among all.
 * </ul>
 *
 * <p>The first gives the ROC of the global threshold on the loss; what public rows add is that an
 * adversary knows the false-positive rate of each threshold beforehand.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipP extends PublicAttack<MembershipP.Settings> {
  private static final int LEAST_IN_CLASS = 10;

  /**
   * The settings.
   *
   * @param repeats how often each question is asked
   */
  public record Settings(
      @Setting("answers averaged for each person; " + Asker.USUAL_REPEATS) OptionalInt repeats) {
    public Settings {
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }
  }

  public MembershipP() {
    super(
        "membership-p",
        "takes for members those about whom the model errs less than about the public",
        "Ye, Maddi, Murakonda, Bindschaedler, Shokri, CCS 2022",
        "each person's record with its true label, and labelled public records of the same kind");
  }

  @Override
  public Settings defaults() {
    return new Settings(OptionalInt.empty());
  }

  @Override
  public Settings small() {
    return defaults();
  }

  @Override
  MembershipScores run(
      ScoreTarget target, Suspects suspects, Dataset population, Settings settings, Run run) {
    Asker asker =
        Asker.of(target, settings.repeats(), (long) suspects.rows() + population.rows(), run);
    double[] found = suspects.each(rows -> Confidences.of(asker.ask(rows), target, rows));
    double[] known = Confidences.of(asker.ask(population), target, population);
    Map<String, double[]> signals = new LinkedHashMap<>();
    signals.put("loss", Ranks.among(known, found));
    if (target.info().task() == Task.CLASSIFICATION) {
      signals.put("loss-per-class", perClass(target.info(), suspects, population, found, known));
    }
    return suspects.scores(signals);
  }

  private static double[] perClass(
      TargetInfo info, Suspects suspects, Dataset population, double[] found, double[] known) {
    int[] publicClasses = TrueLabels.classes(population, info);
    int[] classes = suspects.classes(info);
    double[] shares = new double[found.length];
    for (int c = 0; c < info.classes().size(); c++) {
      double[] alike = of(known, publicClasses, c);
      double[] own =
          Ranks.among(alike.length < LEAST_IN_CLASS ? known : alike, of(found, classes, c));
      int at = 0;
      for (int i = 0; i < shares.length; i++) {
        shares[i] = classes[i] == c ? own[at++] : shares[i];
      }
    }
    return shares;
  }

  private static double[] of(double[] values, int[] classes, int c) {
    return IntStream.range(0, values.length)
        .filter(i -> classes[i] == c)
        .mapToDouble(i -> values[i])
        .toArray();
  }
}
