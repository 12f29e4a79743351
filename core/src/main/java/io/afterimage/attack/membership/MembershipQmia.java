package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.below;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Confidences;
import io.afterimage.attack.common.Sample;
import io.afterimage.attack.common.TrueLabels;
import io.afterimage.attack.membership.Forecaster.Forecast;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Takes for members those about whom the target is surer than it is about such people elsewhere: a
 * small network learns on public rows how sure the target is of a row it was not trained on.
 *
 * <p>Bertran, Tang, Roth, Kearns, Morgenstern, Wu: Scalable Membership Inference Attacks via
 * Quantile Regression, NeurIPS 2023. What it learns is the logit of the true class, log(p / (1 -
 * p)); for a regressor minus the absolute error. Two signals, as the paper has two kinds:
 *
 * <ul>
 *   <li>{@code gaussian}: how many standard deviations it lies above the mean, both forecast from
 *       the row.
 *   <li>{@code quantile}: how many of these deviations it lies above the quantile of the level
 *       asked for, learned by the pinball loss: above 0 where the paper says member.
 * </ul>
 *
 * <p>Departs from the paper in that one network forecasts both, from the row and its true class;
 * its pictures are flat. The network never sees a member or a non-member, nor learns who is which.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipQmia extends PublicAttack<MembershipQmia.Settings> {
  private static final int ROWS_AT_ONCE = 4096;

  /** A probability within a double's precision of 1; surer answers say no more. */
  private static final double MOST_LOGIT = 37;

  /**
   * The settings.
   *
   * @param level of the quantile
   * @param hidden units in each of two layers
   * @param epochs at most
   * @param batch rows a step
   * @param patience epochs without a better forecast of the rows that validate
   * @param learningRate of Adam at the start; it falls to 0 along a cosine
   * @param repeats how often each question is asked
   */
  public record Settings(
      @Setting("share of non-members that the forecast quantile leaves below it") double level,
      @Setting("units in each of the regressor's two hidden layers") int hidden,
      @Setting("passes over the public rows at most") int epochs,
      @Setting("public rows a step") int batch,
      @Setting(
              "passes without a better forecast of held-out rows after which training ends; 0: all")
          int patience,
      @Setting("learning rate of the regressor") double learningRate,
      @Setting("answers averaged for each person; " + Asker.USUAL_REPEATS) OptionalInt repeats) {
    public Settings {
      below("--level", level, 0.5, 1);
      inRange("--hidden", hidden, 1, 65_536);
      inRange("--epochs", epochs, 1, 100_000);
      inRange("--batch", batch, 1, 1_000_000);
      inRange("--patience", patience, 0, 100_000);
      inRange("--learning-rate", learningRate, 1e-9, 10);
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }
  }

  public MembershipQmia() {
    super(
        "membership-qmia",
        "takes for members those about whom the model is surer than public rows forecast",
        "Bertran, Tang, Roth, Kearns, Morgenstern, Wu, NeurIPS 2023",
        "each person's record with its true label, and labelled public records of the same kind");
  }

  @Override
  public Settings defaults() {
    return new Settings(0.95, 64, 60, 128, 15, 0.003, OptionalInt.empty());
  }

  @Override
  public Settings small() {
    return new Settings(0.9, 16, 20, 64, 5, 0.003, OptionalInt.empty());
  }

  @Override
  MembershipScores run(
      ScoreTarget target, Suspects suspects, Dataset population, Settings settings, Run run) {
    Asker asker =
        Asker.of(target, settings.repeats(), (long) suspects.rows() + population.rows(), run);
    int classes = target.info().classes().size();
    Confidence confidence = new Confidence(asker, Described.by(population, classes));
    Forecaster forecaster =
        Forecaster.fit(confidence.described(population), confidence.of(population), settings, run);
    double[] found = suspects.each(confidence::of);
    List<Forecast> forecasts =
        suspects.sides().stream()
            .flatMap(rows -> forecasts(forecaster, confidence, rows, run))
            .toList();
    double[] gaussian = new double[found.length];
    double[] quantile = new double[found.length];
    for (int i = 0; i < found.length; i++) {
      Forecast forecast = forecasts.get(i);
      gaussian[i] = (found[i] - forecast.mean()) / forecast.deviation();
      quantile[i] = gaussian[i] - forecast.quantile();
    }
    Map<String, double[]> signals = new LinkedHashMap<>();
    signals.put("gaussian", gaussian);
    signals.put("quantile", quantile);
    return suspects.scores(signals);
  }

  /** Rows are forecast in an order of their own: sums of floats depend on where a row stands. */
  private static Stream<Forecast> forecasts(
      Forecaster forecaster, Confidence confidence, Dataset rows, Run run) {
    int[] order = Sample.order(rows, run);
    Forecast[] forecasts = new Forecast[order.length];
    for (int from = 0; from < order.length; from += ROWS_AT_ONCE) {
      int[] some = Arrays.copyOfRange(order, from, Math.min(order.length, from + ROWS_AT_ONCE));
      Forecast[] found = forecaster.of(confidence.described(rows.select(some)));
      for (int i = 0; i < some.length; i++) {
        forecasts[some[i]] = found[i];
      }
    }
    return Arrays.stream(forecasts);
  }

  /** How sure the target is of rows, and what that is learned from. */
  private record Confidence(Asker asker, Described description) {
    /** The logit of the true class; for a regressor minus the absolute error. */
    double[] of(Dataset rows) {
      return Arrays.stream(Confidences.of(asker.ask(rows), asker.target(), rows))
          .map(confidence -> Math.max(-MOST_LOGIT, Math.min(MOST_LOGIT, confidence)))
          .toArray();
    }

    private int[] classes(Dataset rows) {
      return TrueLabels.classes(rows, asker.target().info());
    }

    float[] described(Dataset rows) {
      return description.of(rows, description.classes() > 0 ? classes(rows) : new int[0]);
    }
  }
}
