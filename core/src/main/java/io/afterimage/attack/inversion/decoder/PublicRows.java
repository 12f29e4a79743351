package io.afterimage.attack.inversion.decoder;

import static io.afterimage.base.Checks.check;

import io.afterimage.attack.common.Sample;
import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.target.Target;
import io.afterimage.target.TargetInfo;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The public pictures that an adversary teaches a {@link Decoder}, in an order drawn by their ids.
 *
 * @param rows the pictures
 * @param shape of one picture, as the target takes it
 * @param planes how its pixels stand; of rows that are no pictures, one line
 */
public record PublicRows(Dataset rows, Shape shape, Planes planes) {
  /** From fewer rows nothing is learned. */
  public static final int FEWEST = 50;

  /** What is held of them in memory at most. */
  public static final int MOST_NUMBERS = 1 << 26;

  /** Why a decoder can learn nothing from the population; empty where it can. */
  public static Optional<String> refusal(Split split) {
    return lacking(split)
        .or(
            () ->
                classes(split.population().orElseThrow()) == 1
                    ? Optional.of(
                        "needs a --population of several classes: from one a decoder learns its"
                            + " mean")
                    : Optional.empty());
  }

  /** Why there are no public pictures like the members' to learn from; empty where there are. */
  public static Optional<String> lacking(Split split) {
    int rows = split.population().map(Dataset::rows).orElse(0);
    if (rows < FEWEST) {
      return Optional.of(
          "needs --population: at least %d public pictures of the same kind, not %d"
              .formatted(FEWEST, rows));
    }
    Dataset population = split.population().orElseThrow();
    Optional<Shape> members = onlyArray(split.members());
    if (members.isEmpty()) {
      return Optional.of("needs rows of one array each, but --members has columns");
    }
    Optional<Shape> given = onlyArray(population);
    return given.equals(members)
        ? Optional.empty()
        : Optional.of(
            "needs a --population of the members' shape %s, not %s"
                .formatted(members.get(), given.map(Shape::toString).orElse("columns")));
  }

  /** The shape of the one array that a row is; empty where it is none. */
  public static Optional<Shape> onlyArray(Dataset rows) {
    List<Column> inputs = rows.inputs();
    return inputs.size() == 1 && inputs.get(0) instanceof Column.Array array
        ? Optional.of(array.shape())
        : Optional.empty();
  }

  /** Classes among the rows; 0 where their classes are not known. */
  private static long classes(Dataset rows) {
    return rows.label().orElse(null) instanceof Column.Categorical label
        ? Arrays.stream(label.codes()).filter(code -> code >= 0).distinct().count()
        : 0;
  }

  /**
   * The population, or some of it.
   *
   * @param wanted at most so many rows; empty for as many as memory holds
   * @param others questions that are asked besides one about each row; where the query budget is
   *     short of all, fewer rows are taken
   */
  public static PublicRows of(
      Target target, Split split, OptionalInt wanted, long others, Run run) {
    require(split);
    Dataset population = split.population().orElseThrow();
    Shape shape = shape(target.info(), population);
    long left = target.queriesLeft().orElse(Long.MAX_VALUE);
    if (left < others + FEWEST) {
      throw new BudgetExhaustedException(left, 0, others + FEWEST);
    }
    long most = Math.max(FEWEST, MOST_NUMBERS / shape.size());
    long count = Math.min(Math.min(wanted.orElse(Integer.MAX_VALUE), most), left - others);
    int[] drawn = Sample.order(population, run.keyed("public rows"));
    int[] some = Arrays.copyOf(drawn, (int) Math.min(count, drawn.length));
    Planes planes =
        Planes.of(shape, population).orElseGet(() -> new Planes(1, 1, shape.size(), false));
    return new PublicRows(population.select(some), shape, planes);
  }

  /** Throws a BadInputException where nothing can be learned from the population. */
  public static void require(Split split) {
    refusal(split)
        .ifPresent(
            reason -> {
              throw new BadInputException("a decoder " + reason);
            });
  }

  private static Shape shape(TargetInfo info, Dataset population) {
    Shape shape =
        info.arrayInput()
            .orElseThrow(
                () ->
                    new BadInputException(
                        "a decoder rebuilds one array a row, but %s takes columns"
                            .formatted(info.name())));
    Shape given = onlyArray(population).orElseThrow();
    check(
        given.size() == shape.size(),
        "--population has rows of %s, but %s takes %s",
        given,
        info.name(),
        shape);
    return shape;
  }

  /** The first so many of them: a draw as they all are. */
  public PublicRows first(int count) {
    return new PublicRows(rows.select(IntStream.range(0, count).toArray()), shape, planes);
  }

  public int count() {
    return rows.rows();
  }

  /** All pixels, row after row. */
  public float[] pixels() {
    return ((Column.Array) rows.inputs().get(0)).values();
  }

  /** The mean picture, so many times. */
  public float[] means(int times) {
    int size = shape.size();
    double[] sums = new double[size];
    float[] pixels = pixels();
    for (int i = 0; i < pixels.length; i++) {
      sums[i % size] += pixels[i];
    }
    float[] means = new float[Math.multiplyExact(times, size)];
    for (int i = 0; i < means.length; i++) {
      means[i] = (float) (sums[i % size] / count());
    }
    return means;
  }
}
