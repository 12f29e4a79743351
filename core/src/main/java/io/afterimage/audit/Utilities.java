package io.afterimage.audit;

import io.afterimage.assess.Metric;
import io.afterimage.assess.Utility;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.People;
import io.afterimage.report.Report;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * How well a target does its work on each role.
 *
 * @param report by role
 * @param majority the share of the members' most frequent class; 0 for a regressor
 */
record Utilities(Report.Utility report, double majority) {

  static Utilities of(ScoreTarget target, Split split, Run run) {
    return new Utilities(
        new Report.Utility(of(target, split.members(), run), of(target, split.nonMembers(), run)),
        majority(split.members()));
  }

  private static Map<String, Metric> of(ScoreTarget target, Dataset rows, Run run) {
    if (rows.rows() == 0 || rows.label().isEmpty()) {
      return Map.of();
    }
    TargetInfo info = target.info();
    Predictions answers = target.scores(rows).probabilities();
    return info.task() == Task.REGRESSION
        ? Utility.regressor(answers.values(), truth(rows), People.of(rows), run)
        : Utility.classifier(answers.values(), rows.classes(), People.of(rows), run);
  }

  private static double[] truth(Dataset rows) {
    Column label = rows.label().orElseThrow();
    if (label instanceof Column.Numeric numbers) {
      return numbers.values();
    }
    throw new BadInputException(
        "the model answers with a number, but the label %s is text; name the column with --label"
            .formatted(label.name()));
  }

  private static double majority(Dataset rows) {
    if (rows.rows() == 0 || !(rows.label().orElse(null) instanceof Column.Categorical)) {
      return 0;
    }
    int[] classes = rows.classes();
    int[] counts = new int[Arrays.stream(classes).max().orElse(0) + 1];
    Arrays.stream(classes).forEach(c -> counts[c]++);
    return Arrays.stream(counts).max().orElse(0) / (double) classes.length;
  }

  /** A figure on the members; empty where there are none. */
  Optional<Metric> members(String name) {
    return Optional.ofNullable(report.members().get(name));
  }
}
