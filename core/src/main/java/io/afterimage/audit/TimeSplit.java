package io.afterimage.audit;

import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Metric;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * Whether non-members were set apart by time, the usual mistake of those who take last year's rows
 * for training and this year's for testing: then what looks like membership may be the year. The
 * blind classifier sees no dates, each of which may stand in one row only.
 *
 * @param column holds years, or dates that begin with year, month and day
 * @param auc how often a member's time is later than a non-member's, ties half
 */
record TimeSplit(String column, Metric auc) {
  private static final double TOLERATED = 0.05;
  private static final double MOSTLY = 0.99;
  private static final int FIRST_YEAR = 1900;
  private static final int LAST_YEAR = 2100;
  private static final Pattern DATE =
      Pattern.compile("(\\d{4})[-/.](\\d{1,2})[-/.](\\d{1,2})(?:[T ].*)?");

  /** The column of time that tells the roles apart most; empty where none can be compared. */
  static Optional<TimeSplit> worst(Split split) {
    return split.members().schema().inputs().stream()
        .flatMap(column -> of(column, split).stream())
        .max(Comparator.comparingDouble(TimeSplit::beyondChance));
  }

  private static Optional<TimeSplit> of(String column, Split split) {
    Optional<double[]> ofMembers = times(split.members().column(column));
    Optional<double[]> ofOthers = times(split.nonMembers().column(column));
    return ofMembers.isPresent() && ofOthers.isPresent()
        ? of(column, split, ofMembers.get(), ofOthers.get())
        : Optional.empty();
  }

  private static Optional<TimeSplit> of(
      String column, Split split, double[] ofMembers, double[] ofOthers) {
    double[] known =
        DoubleStream.concat(DoubleStream.of(ofMembers), DoubleStream.of(ofOthers))
            .filter(Double::isFinite)
            .toArray();
    int rows = ofMembers.length + ofOthers.length;
    if (known.length < MOSTLY * rows || Arrays.stream(known).distinct().count() < 2) {
      return Optional.empty();
    }
    Metric auc =
        MembershipAssessor.auc(
            new Signal(finite(ofMembers), finite(ofOthers)),
            people(split.members(), ofMembers),
            people(split.nonMembers(), ofOthers));
    return auc.resolved() ? Optional.of(new TimeSplit(column, auc)) : Optional.empty();
  }

  private static double[] finite(double[] times) {
    return Arrays.stream(times).filter(Double::isFinite).toArray();
  }

  private static People people(Dataset rows, double[] times) {
    return People.of(
        rows.select(
            IntStream.range(0, times.length).filter(row -> Double.isFinite(times[row])).toArray()));
  }

  /** Days or years, NaN where a cell is neither; empty for a column of arrays. */
  private static Optional<double[]> times(Column column) {
    if (column instanceof Column.Numeric numbers) {
      return Optional.of(
          IntStream.range(0, numbers.rows()).mapToDouble(row -> year(numbers.get(row))).toArray());
    }
    if (column instanceof Column.Categorical texts) {
      double[] days = texts.dictionary().stream().mapToDouble(TimeSplit::day).toArray();
      return Optional.of(
          IntStream.range(0, texts.rows())
              .mapToDouble(row -> texts.code(row) < 0 ? Double.NaN : days[texts.code(row)])
              .toArray());
    }
    return Optional.empty();
  }

  private static double day(String text) {
    Matcher date = DATE.matcher(text.strip());
    if (!date.matches()) {
      return Double.NaN;
    }
    try {
      return LocalDate.of(part(date, 1), part(date, 2), part(date, 3)).toEpochDay();
    } catch (DateTimeException e) { // the thirtieth of February
      return Double.NaN;
    }
  }

  private static int part(Matcher date, int group) {
    return Integer.parseInt(date.group(group));
  }

  private static double year(double value) {
    return value == Math.rint(value) && value >= FIRST_YEAR && value <= LAST_YEAR
        ? value
        : Double.NaN;
  }

  /** How far the interval lies from one half. */
  private double beyondChance() {
    return auc.low() == null || auc.high() == null ? 0 : Math.max(auc.low() - .5, .5 - auc.high());
  }

  boolean apart() {
    return beyondChance() > TOLERATED;
  }
}
