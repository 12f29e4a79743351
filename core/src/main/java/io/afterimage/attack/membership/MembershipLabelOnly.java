package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.BoundarySearch;
import io.afterimage.attack.common.NumericSpace;
import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.LabelTarget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Takes for members those whom the target names rightly even if their record is changed a little,
 * by its labels alone.
 *
 * <p>Choquette-Choo, Tramèr, Carlini, Papernot: Label-Only Membership Inference Attacks, ICML 2021;
 * Li, Zhang: Membership Leakage in Label-Only Exposures, CCS 2021.
 *
 * <ul>
 *   <li>{@code augmentation}: the share of the true label among the answers to the record and to
 *       copies of it: pictures are moved and mirrored, other rows get Gaussian noise. The first
 *       paper trains a network on which copies were named rightly, with a shadow model's members;
 *       here, without reference models, they are counted.
 *   <li>{@code boundary}: the Euclidean distance to the nearest place found at which the target
 *       names another class ({@link BoundarySearch}), in units of each column's spread; 0 for whom
 *       it names wrongly.
 * </ul>
 *
 * <p>Numbers alone are changed; texts and missing values stay as they stand in the record. Each
 * question is asked once, noisy as its answer may be.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipLabelOnly
    implements Attack<MembershipLabelOnly.Settings, LabelTarget, MembershipScores> {
  private static final String ID = "membership-label-only";
  private static final int NUMBERS_AT_ONCE = 1 << 23;

  /** What is measured. */
  public enum Signals {
    AUGMENTATION,
    BOUNDARY,
    BOTH
  }

  /**
   * The settings.
   *
   * @param signals what is measured
   * @param shift pixels by which pictures are moved at most
   * @param flip whether pictures are also mirrored
   * @param copies of each row that is no picture
   * @param deviation of their noise, in units of each column's spread
   * @param steps of the boundary search
   * @param directions that its first step asks about
   * @param keepWhole whether columns of whole numbers are only moved to whole numbers
   * @param people how many members, and how many non-members
   */
  public record Settings(
      @Setting("what is measured") Signals signals,
      @Setting("pictures: pixels by which copies are moved to each side") int shift,
      @Setting("pictures: mirror the copies, too") boolean flip,
      @Setting("other rows: copies of each") int copies,
      @Setting("other rows: standard deviation of the copies' noise, in those of each column")
          double deviation,
      @Setting("boundary: steps along it") int steps,
      @Setting(
              "boundary: directions that the first step asks about; the t-th sqrt(t) times as many")
          int directions,
      @Setting(
              "move columns of whole numbers to whole numbers only, for models that take no others")
          boolean keepWhole,
      @Setting("at most so many members and so many non-members, drawn; none: all")
          OptionalInt people) {
    public Settings {
      inRange("--shift", shift, 0, 100);
      inRange("--copies", copies, 1, 100_000);
      inRange("--deviation", deviation, 1e-9, 1e3);
      atLeast("--people", people.orElse(2), 2);
      check(shift > 0 || flip, "--shift 0 without --flip leaves no copies of pictures");
      new BoundarySearch.Settings(steps, directions);
    }

    private BoundarySearch.Settings search() {
      return new BoundarySearch.Settings(steps, directions);
    }

    private boolean augments() {
      return signals != Signals.BOUNDARY;
    }

    private boolean searches() {
      return signals != Signals.AUGMENTATION;
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        ID,
        "takes for members those whom the model names rightly even if they are changed a little",
        "Choquette-Choo, Tramèr, Carlini, Papernot, ICML 2021; Li and Zhang, CCS 2021",
        Family.MEMBERSHIP,
        Access.LABEL,
        "each person's record with its true label",
        true,
        "someone who holds a person's record and sees labels alone learns that the person is in the"
            + " training data");
  }

  /**
   * Half of HopSkipJump's own 100 directions; five steps are some 500 questions a person. Of fewer
   * than 2,000 people the interval of a model that leaks nothing often reaches 3% at 1% false
   * alarms.
   */
  @Override
  public Settings defaults() {
    return new Settings(Signals.BOTH, 1, true, 20, 0.3, 5, 50, false, OptionalInt.of(2000));
  }

  @Override
  public Settings small() {
    return new Settings(Signals.BOTH, 1, false, 10, 0.3, 2, 20, false, OptionalInt.empty());
  }

  @Override
  public Class<LabelTarget> target() {
    return LabelTarget.class;
  }

  @Override
  public Optional<String> refusal(Split split) {
    boolean classified = split.members().label().orElse(null) instanceof Column.Categorical;
    return classified
        ? NumericSpace.refusal(ID, split.members())
        : Optional.of("needs a model that names classes, and rows labelled with them");
  }

  @Override
  public MembershipScores run(LabelTarget target, Split split, Settings settings, Run run) {
    NumericSpace space = NumericSpace.of(Suspects.known(split), settings.keepWhole(), run);
    Copies copies = Copies.of(split.members(), space, settings, run);
    long each =
        (settings.augments() ? 1 + copies.count() : 0)
            + (settings.searches() ? 1 + BoundaryDistances.questions(settings.search(), space) : 0);
    long besides = settings.searches() ? BoundaryDistances.MOST_KNOWN : 0;
    Suspects suspects = Suspects.of(target, split, settings.people(), each, besides, run);
    Map<String, double[]> signals = new LinkedHashMap<>();
    if (settings.augments()) {
      int atOnce = atOnce("--copies", (long) copies.count() * space.dimensions());
      signals.put(
          "augmentation", suspects.each(rows -> agreement(target, rows, copies, atOnce, run)));
    }
    if (settings.searches()) {
      int atOnce = atOnce("--directions", settings.search().numbersAtOnce(space.dimensions()));
      BoundaryDistances distances =
          new BoundaryDistances(target, Suspects.known(split), space, settings.search(), run);
      signals.put(
          "boundary", suspects.each(rows -> boundary(target, rows, distances, atOnce, run)));
    }
    return suspects.scores(signals);
  }

  /** People whose questions are asked at once, where one person's hold so many numbers. */
  private static int atOnce(String setting, long numbers) {
    check(
        numbers <= NUMBERS_AT_ONCE,
        "%s are too many to ask about at once, with %d numbers for each person; lower it",
        setting,
        numbers);
    return (int) (NUMBERS_AT_ONCE / Math.max(1, numbers));
  }

  private static double[] agreement(
      LabelTarget target, Dataset rows, Copies copies, int atOnce, Run run) {
    int[] truth = TrueLabels.classes(rows, target.info());
    int[] own = target.labels(rows);
    double[] shares = new double[truth.length];
    for (int from = 0; from < truth.length; from += atOnce) {
      run.progress(ID + "/augmentation", from, truth.length);
      int to = Math.min(truth.length, from + atOnce);
      int[] labels = target.labels(copies.of(rows, from, to));
      for (int i = 0; i < labels.length; i++) {
        int row = from + i / copies.count();
        shares[row] += labels[i] == truth[row] ? 1 : 0;
      }
    }
    Arrays.setAll(
        shares, row -> (shares[row] + (own[row] == truth[row] ? 1 : 0)) / (1 + copies.count()));
    return shares;
  }

  private static double[] boundary(
      LabelTarget target, Dataset rows, BoundaryDistances distances, int atOnce, Run run) {
    int[] truth = TrueLabels.classes(rows, target.info());
    int[] own = target.labels(rows);
    int[] right = IntStream.range(0, own.length).filter(i -> own[i] == truth[i]).toArray();
    double[] far = new double[own.length];
    for (int from = 0; from < right.length; from += atOnce) {
      run.progress(ID + "/boundary", from, right.length);
      int[] some = Arrays.copyOfRange(right, from, Math.min(right.length, from + atOnce));
      int[] classes = Arrays.stream(some).map(i -> truth[i]).toArray();
      double[] found = distances.of(rows.select(some), classes);
      for (int i = 0; i < some.length; i++) {
        far[some[i]] = found[i];
      }
    }
    return far;
  }
}
