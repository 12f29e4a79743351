package io.afterimage.attack.common;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.target.TargetInfo;
import java.util.List;

/** The true responses of rows in the target's terms. */
public final class TrueLabels {
  private TrueLabels() {}

  /**
   * The class of each row as an index into the target's classes, matched by name. Every row needs
   * one.
   */
  public static int[] classes(Dataset rows, TargetInfo target) {
    int[] codes = rows.classes();
    List<String> names = ((Column.Categorical) rows.label().orElseThrow()).dictionary();
    int[] index = names.stream().mapToInt(target.classes()::indexOf).toArray();
    int[] classes = new int[codes.length];
    for (int row = 0; row < codes.length; row++) {
      check(codes[row] >= 0, "%s has no label; fill it in or leave the row out", rows.id(row));
      classes[row] = index[codes[row]];
      check(
          classes[row] >= 0,
          "the label of %s is not among the %d classes of %s; name them with --classes",
          rows.id(row),
          target.classes().size(),
          target.name());
    }
    return classes;
  }

  /** The value that a regressor should give for each row. Every row needs one. */
  public static double[] values(Dataset rows) {
    if (rows.label().orElse(null) instanceof Column.Numeric label) {
      for (int row = 0; row < label.rows(); row++) {
        check(
            Double.isFinite(label.get(row)),
            "the label of %s is %s; fill it in or leave the row out",
            rows.id(row),
            label.get(row));
      }
      return label.values();
    }
    throw new BadInputException(
        rows.name() + " has no numeric label for a regressor; name its column with --label");
  }
}
