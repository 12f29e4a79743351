package io.afterimage.data;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file of rows and named columns. Every cell is handed on as the text that stands there. */
interface TableSource {
  InputFile file();

  /** Column names in the file's order, all different. */
  List<String> columns();

  /**
   * Columns of which the file itself says that they hold text, even where it looks like numbers.
   */
  Set<String> texts();

  /** Hands every row to the visitor, from the first one, each time it is called. */
  void forEach(RowVisitor visitor);

  /** Sees one row after the other; the row is only valid during the call. */
  interface RowVisitor {
    void row(Row row);
  }

  /** One row. */
  interface Row {
    /** Line or record number for messages, from 1. */
    long line();

    /** The text of a cell; null or empty where it is missing. */
    @Nullable String cell(int column);
  }
}
