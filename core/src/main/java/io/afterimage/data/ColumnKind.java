package io.afterimage.data;

/** How the cells of a table's column are read. */
public enum ColumnKind {
  NUMERIC,
  CATEGORICAL
}
