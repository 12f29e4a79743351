package io.afterimage.attack.inversion;

import io.afterimage.attack.inversion.picture.Climbing;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.target.LabelTarget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Asks a target for labels and counts. Of the query budget it keeps back what the pictures found in
 * the end are asked about.
 */
final class CountedLabels {
  /** Questions between two points of the curve, at least. */
  private static final int NOTED = 1000;

  private final LabelTarget target;
  private final Schema schema;
  private final String input;
  private final Shape shape;
  private final Run run;
  private final List<CurvePoint> curve = new ArrayList<>();
  private long kept;
  private long spent;
  private long seen; // since the last point of the curve
  private long right;

  /**
   * @param input the name of the column that holds the pictures
   * @param kept questions kept back
   */
  CountedLabels(LabelTarget target, String input, Shape shape, long kept, Run run) {
    this.target = target;
    this.schema = new Schema(Map.of(input, Role.FEATURE));
    this.input = input;
    this.shape = shape;
    this.run = run;
    this.kept = kept;
  }

  /** The target's classes. */
  List<String> classes() {
    return target.info().classes();
  }

  /** How many pictures may be asked about, beside those kept back for. */
  long left() {
    return target.queriesLeft().orElse(Long.MAX_VALUE) - kept;
  }

  /**
   * The label of each picture.
   *
   * @param pixels picture after picture
   * @throws BudgetExhaustedException where not all of them may be asked about
   */
  int[] of(float[] pixels) {
    int count = pixels.length / shape.size();
    if (count > left()) {
      throw new BudgetExhaustedException(left() + kept, 0, count + kept);
    }
    int[] labels = new int[count];
    int atOnce = Math.max(1, Climbing.NUMBERS_AT_ONCE / shape.size());
    for (int from = 0; from < count; from += atOnce) {
      run.checkCancelled();
      int to = Math.min(count, from + atOnce);
      float[] some = Arrays.copyOfRange(pixels, from * shape.size(), to * shape.size());
      Column.Array pictures = new Column.Array(input, some, shape);
      int[] answers = target.labels(Dataset.of("lokt", schema, List.of(pictures)));
      spent += answers.length;
      System.arraycopy(answers, 0, labels, from, answers.length);
    }
    return labels;
  }

  /**
   * The label of each picture; now and then a point of the curve tells how many lately were as
   * wanted.
   *
   * @param wanted the class that each was to be of
   */
  int[] of(float[] pixels, int[] wanted) {
    int[] labels = of(pixels);
    count(labels, wanted);
    if (seen >= NOTED) {
      note();
    }
    return labels;
  }

  /** The same of the pictures found, for which questions were kept back; the curve's last point. */
  int[] last(float[] pixels, int[] wanted) {
    kept = 0;
    int[] labels = of(pixels);
    seen = 0;
    right = 0;
    count(labels, wanted);
    note();
    return labels;
  }

  private void count(int[] labels, int[] wanted) {
    for (int i = 0; i < labels.length; i++) {
      right += labels[i] == wanted[i] ? 1 : 0;
    }
    seen += labels.length;
  }

  private void note() {
    curve.add(new CurvePoint(spent, (double) right / seen));
    seen = 0;
    right = 0;
  }

  /** Shares of labels that were as wanted, by questions asked. */
  List<CurvePoint> curve() {
    return curve;
  }
}
