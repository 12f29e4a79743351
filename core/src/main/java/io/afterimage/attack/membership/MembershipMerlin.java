package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.Losses;
import io.afterimage.attack.common.NumericSpace;
import io.afterimage.attack.common.Ranks;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Takes for members those at whom the target's loss has a local minimum, which training leaves
 * where it fitted a record: the adversary asks about many neighbours of each record.
 *
 * <p>Jayaraman, Wang, Knipmeyer, Gu, Evans: Revisiting Membership Inference under Realistic
 * Assumptions, PoPETs 2021.
 *
 * <ul>
 *   <li>{@code merlin}: the share of the neighbours at which the loss is greater than at the
 *       record. Departs from the paper where both are equal, which counts half: rounded answers,
 *       and those of a model that is sure beyond a float's precision, tell nothing and so read as
 *       nothing.
 *   <li>{@code morgan}: a member is whose loss lies between two thresholds and whose {@code merlin}
 *       is above a third. The lower bound of the loss is a setting. The other two grow together, by
 *       their ranks among everybody judged: the score is the lesser of the share of people with a
 *       greater loss and of those with a lesser {@code merlin}, 0 below the bound. So that {@code
 *       score >= t} is the paper's region, and every t one of a nested family of them.
 * </ul>
 *
 * <p>Noise is Gaussian and added to numbers alone, in units of their column's spread ({@link
 * NumericSpace}); texts and missing values stay. For a regressor the loss is the squared error.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipMerlin
    implements Attack<MembershipMerlin.Settings, ScoreTarget, MembershipScores> {
  private static final String ID = "membership-merlin";
  private static final int NUMBERS_AT_ONCE = 1 << 24;

  /**
   * The settings.
   *
   * @param neighbours asked about for each person
   * @param deviation of the noise, in units of each column's spread
   * @param leastLoss morgan takes nobody of a smaller loss for a member
   * @param keepWhole whether columns of whole numbers are only moved to whole numbers
   * @param people how many members, and how many non-members
   * @param repeats how often each question is asked
   */
  public record Settings(
      @Setting("neighbours asked about for each person") int neighbours,
      @Setting("standard deviation of the noise, in standard deviations of each column")
          double deviation,
      @Setting("morgan: nobody of a smaller loss is taken for a member") double leastLoss,
      @Setting(
              "move columns of whole numbers to whole numbers only, for models that take no others")
          boolean keepWhole,
      @Setting("at most so many members and so many non-members, drawn; by default all")
          OptionalInt people,
      @Setting("answers averaged for each question") int repeats) {
    public Settings {
      inRange("--neighbours", neighbours, 1, 100_000);
      inRange("--deviation", deviation, 1e-9, 1e3);
      inRange("--least-loss", leastLoss, 0, 1e9);
      atLeast("--people", people.orElse(2), 2);
      inRange("--repeats", repeats, 1, 1_000_000);
    }

    private long questionsEach() {
      return (1L + neighbours) * repeats;
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        ID,
        "takes for members those at whom the model's loss has a local minimum",
        "Jayaraman, Wang, Knipmeyer, Gu, Evans, PoPETs 2021",
        Family.MEMBERSHIP,
        Access.SCORES,
        "each person's record with its true label",
        true,
        "someone who holds a person's record learns that the person is in the training data");
  }

  /**
   * The paper's, but for the deviation: its 0.01 of features from 0 to 1 lies within the straight
   * pieces of a network of ReLUs, where a loss has slopes and hardly a minimum.
   */
  @Override
  public Settings defaults() {
    return new Settings(100, 0.2, 0, false, OptionalInt.empty(), 1);
  }

  @Override
  public Settings small() {
    return new Settings(30, 0.2, 0, false, OptionalInt.empty(), 1);
  }

  @Override
  public Class<ScoreTarget> target() {
    return ScoreTarget.class;
  }

  @Override
  public Optional<String> refusal(Split split) {
    return NumericSpace.refusal(ID, split.members());
  }

  @Override
  public MembershipScores run(ScoreTarget target, Split split, Settings settings, Run run) {
    Suspects suspects =
        Suspects.of(target, split, settings.people(), settings.questionsEach(), 0, run);
    NumericSpace space = NumericSpace.of(Suspects.known(split), settings.keepWhole(), run);
    Asker asker = new Asker(target, settings.repeats(), run);
    double[] loss = suspects.each(rows -> Losses.of(asker.ask(rows), target, rows));
    Minima minima = new Minima(asker, space, settings);
    double[] merlin = minima.of(suspects, loss);
    Map<String, double[]> signals = new LinkedHashMap<>();
    signals.put("merlin", merlin);
    signals.put("morgan", morgan(loss, merlin, settings.leastLoss()));
    return suspects.scores(signals);
  }

  /** The lesser of both ranks; 0, which no rank is, where the loss is too small. */
  private static double[] morgan(double[] loss, double[] merlin, double leastLoss) {
    double[] byLoss = Ranks.of(Arrays.stream(loss).map(l -> -l).toArray());
    double[] byMerlin = Ranks.of(merlin);
    double[] morgan = new double[loss.length];
    Arrays.setAll(morgan, i -> loss[i] < leastLoss ? 0 : Math.min(byLoss[i], byMerlin[i]));
    return morgan;
  }

  /** Looks around records. */
  private record Minima(Asker asker, NumericSpace space, Settings settings) {
    double[] of(Suspects suspects, double[] loss) {
      double[] shares = new double[loss.length];
      int people = peopleAtOnce();
      int before = 0;
      for (Dataset rows : suspects.sides()) {
        for (int from = 0; from < rows.rows(); from += people) {
          int to = Math.min(rows.rows(), from + people);
          asker.run().progress(ID, before + from, loss.length);
          double[] around = around(rows, from, to);
          for (int i = from; i < to; i++) {
            shares[before + i] = share(around, i - from, loss[before + i]);
          }
        }
        before += rows.rows();
      }
      return shares;
    }

    private int peopleAtOnce() {
      long numbers = (long) settings.neighbours() * space.dimensions();
      check(
          numbers <= NUMBERS_AT_ONCE,
          "--neighbours of %d places of %d numbers are too many to ask about at once; lower it",
          settings.neighbours(),
          space.dimensions());
      return (int) Math.max(1, NUMBERS_AT_ONCE / Math.max(1, numbers));
    }

    /** The losses at the neighbours of some rows, one row's after another's. */
    private double[] around(Dataset rows, int from, int to) {
      int count = settings.neighbours();
      int[] who = IntStream.range(0, (to - from) * count).map(i -> from + i / count).toArray();
      double[][] points = new double[who.length][];
      for (int row = from; row < to; row++) {
        RandomGenerator random = asker.run().random(ID + "/" + rows.id(row));
        double[] centre = space.point(rows, row);
        for (int i = 0; i < count; i++) {
          points[(row - from) * count + i] = neighbour(centre, random);
        }
      }
      Dataset neighbours = space.rowsAt(rows, who, points);
      return Losses.of(asker.ask(neighbours), asker.target(), neighbours);
    }

    private double[] neighbour(double[] centre, RandomGenerator random) {
      double[] point = new double[centre.length];
      Arrays.setAll(point, i -> centre[i] + settings.deviation() * random.nextGaussian());
      return point;
    }

    /** Of one person's neighbours those of a greater loss; equals count half. */
    private double share(double[] around, int person, double loss) {
      int count = settings.neighbours();
      double greater = 0;
      for (int i = person * count; i < (person + 1) * count; i++) {
        greater += around[i] > loss ? 1 : around[i] == loss ? 0.5 : 0;
      }
      return greater / count;
    }
  }
}
