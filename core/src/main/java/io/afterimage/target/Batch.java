package io.afterimage.target;

import io.afterimage.base.BadInputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How many rows a graph takes at once, and whether they leave each other alone.
 *
 * @param kind of its batch dimension
 * @param extent rows that must be given at once; 0 where any number may
 */
public record Batch(Kind kind, int extent) {
  /** The kinds of batch dimension. */
  public enum Kind {
    /** Any number of rows at once. */
    FREE,
    /** The file fixes the number of rows; a graph rewritten from it takes any number. */
    REWRITTEN,
    /** A fixed number of rows at once. */
    FIXED,
    /** One row's answer depends on the rows beside it, so that each is scored alone. */
    MIXING
  }

  /** Any number of rows at once. */
  static final Batch ANY = new Batch(Kind.FREE, 0);

  /** Any number of rows at once, in a graph rewritten for it. */
  static final Batch FREED = new Batch(Kind.REWRITTEN, 0);

  private static final int PROBES = 5;
  private static final int MOST_ROWS = 1024;
  private static final long MOST_CELLS = 1 << 22;

  /**
   * Sums over a row come out a little differently in batches of other sizes; rows that mix differ
   * by far more. Relative to the greatest number answered.
   */
  private static final double TOLERANCE = 1e-3;

  /** What the shapes of the inputs say alone. */
  static Batch declared(List<GraphInput> inputs, String model) {
    long[] fixed = inputs.stream().mapToLong(GraphInput::batch).filter(b -> b > 0).toArray();
    if (fixed.length == 0) {
      return ANY;
    }
    if (!Arrays.stream(fixed).allMatch(b -> b == fixed[0]) || fixed[0] > MOST_ROWS) {
      throw new UnsupportedModelException(
          "%s: its inputs want %s rows at once; at most %d are given, the same for all"
              .formatted(model, Arrays.toString(fixed), MOST_ROWS));
    }
    return new Batch(Kind.FIXED, (int) fixed[0]);
  }

  /** Scores a few rows together and apart and compares. */
  Batch probed(Scorer scorer, Binding binding) {
    if (extent == 1) {
      return this;
    }
    int rows = binding.rows().rows();
    int together = extent > 0 ? extent : Math.min(PROBES, rows);
    RawAnswers joint;
    try {
      joint = scorer.run(binding, IntStream.range(0, together).map(i -> i % rows).toArray());
    } catch (NoRoomException e) {
      return pinnedToOneRow(scorer, binding, e);
    } catch (NoAnswerException e) {
      throw e;
    } catch (BadInputException e) {
      return pinnedToOneRow(scorer, binding, e);
    }
    for (int row = 0; row < Math.min(together, PROBES); row++) {
      if (!agree(joint, row, scorer.run(binding, filled(new int[] {row % rows})))) {
        return new Batch(Kind.MIXING, extent);
      }
    }
    return this;
  }

  // Exporters write the example's batch into constants while the input's shape calls it free.
  private Batch pinnedToOneRow(Scorer scorer, Binding binding, BadInputException several) {
    if (extent > 0) {
      throw several;
    }
    scorer.run(binding, new int[] {0});
    return new Batch(Kind.FIXED, 1);
  }

  /** Whether another scorer answers several rows at once as this batch's own answers each alone. */
  boolean answersAlike(Scorer own, Scorer other, Binding binding) {
    int rows = Math.min(PROBES, binding.rows().rows());
    RawAnswers joint = other.run(binding, IntStream.range(0, rows).toArray());
    return IntStream.range(0, rows)
        .allMatch(row -> agree(joint, row, own.run(binding, filled(new int[] {row}))));
  }

  private static boolean agree(RawAnswers joint, int row, RawAnswers apart) {
    int columns = joint.columns();
    double scale = Arrays.stream(joint.values()).map(Math::abs).max().orElse(0);
    for (int i = 0; i < columns; i++) {
      double a = joint.values()[row * columns + i];
      double b = apart.values()[i];
      // Equal infinities and NaN on both sides agree.
      if (Double.compare(a, b) != 0 && !(Math.abs(a - b) <= TOLERANCE * scale)) {
        return false;
      }
    }
    return true;
  }

  /** How many rows of so many cells are given in one run, so that memory stays bounded. */
  int rowsAtOnce(long cells) {
    return switch (kind) {
      case FREE, REWRITTEN ->
          (int) Math.max(1, Math.min(MOST_ROWS, MOST_CELLS / Math.max(1, cells)));
      case FIXED -> extent;
      case MIXING -> 1;
    };
  }

  /** These rows, the last one repeated until the graph has as many as it must have. */
  int[] filled(int[] rows) {
    int[] filled = Arrays.copyOf(rows, Math.max(extent, rows.length));
    Arrays.fill(filled, rows.length, filled.length, rows[rows.length - 1]);
    return filled;
  }

  /** What the user should know; empty for a free batch. */
  List<String> notices(String model) {
    return switch (kind) {
      case FREE -> List.of();
      case REWRITTEN ->
          List.of(model + " fixes its batch; its graph was rewritten to take any number of rows");
      case FIXED ->
          List.of(
              extent == 1
                  ? model + " takes one row at a time; it is scored so, which is slow"
                  : "%s takes %d rows at a time; the last are filled up with copies"
                      .formatted(model, extent));
      case MIXING ->
          List.of(
              model
                  + ": a row's answer depends on the rows beside it (batch statistics?); each row is scored alone");
    };
  }
}
