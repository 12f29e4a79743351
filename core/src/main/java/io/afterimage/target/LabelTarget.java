package io.afterimage.target;

import io.afterimage.data.Dataset;

/** A classifier that names the most probable class of each row. */
public interface LabelTarget extends Target {
  /** The class of each row, as an index into {@link TargetInfo#classes}. */
  int[] labels(Dataset rows);
}
