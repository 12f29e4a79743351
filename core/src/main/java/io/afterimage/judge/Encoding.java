package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Encoder.Field;
import io.afterimage.data.Encoder.OneHot;
import io.afterimage.train.Matrix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Rows as numbers for the judge's learners: encoded, and reduced where that makes more than 512.
 */
final class Encoding {
  private static final int BATCH = 256;

  private final Encoder encoder;
  private final Reduction reduction;

  private Encoding(Encoder encoder, Run run) {
    this.encoder = encoder;
    this.reduction = Reduction.of(encoder.fields(), run.random("reduction"));
  }

  /** An encoding of these columns that knows every category of every role. */
  static Encoding of(List<Dataset> roles, List<String> columns, Run run) {
    List<Field> fields = new ArrayList<>();
    for (String column : columns) {
      fields.add(field(roles, column));
    }
    return new Encoding(new Encoder(fields), run);
  }

  /** The rows, in their order. */
  Matrix encode(Dataset rows) {
    if (encoder.width() <= Reduction.WIDEST) {
      return new Matrix(encoder.encode(rows), encoder.width());
    }
    int width = reduction.width();
    float[] reduced = new float[Math.multiplyExact(rows.rows(), width)];
    for (int start = 0; start < rows.rows(); start += BATCH) {
      int end = Math.min(rows.rows(), start + BATCH);
      Matrix batch = new Matrix(encoder.encode(rows, start, end), encoder.width());
      reduction.reduce(batch, reduced, start);
    }
    return new Matrix(reduced, width);
  }

  private static Field field(List<Dataset> roles, String column) {
    List<Field> fields =
        roles.stream().map(role -> Encoder.fit(role, List.of(column)).fields().get(0)).toList();
    if (roles.get(0).column(column) instanceof Column.Categorical) {
      Set<String> categories = new LinkedHashSet<>();
      fields.forEach(field -> categories.addAll(((OneHot) field).categories()));
      return new OneHot(column, List.copyOf(categories));
    }
    return fields.get(0);
  }
}
