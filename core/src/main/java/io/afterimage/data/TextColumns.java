package io.afterimage.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is known of arrays besides the arrays, as a table: a text for each row of each column. */
final class TextColumns implements TableSource {
  /**
   * One column.
   *
   * @param rows how many rows it has
   * @param declared whether it holds text rather than numbers
   * @param text the cell of each row
   */
  record Texts(int rows, boolean declared, IntFunction<String> text) {}

  private final InputFile file;
  private final Map<String, Texts> columns;

  TextColumns(InputFile file, Map<String, Texts> columns) {
    this.file = file;
    this.columns = new LinkedHashMap<>(columns);
  }

  @Override
  public InputFile file() {
    return file;
  }

  @Override
  public List<String> columns() {
    return List.copyOf(columns.keySet());
  }

  @Override
  public Set<String> texts() {
    return columns.entrySet().stream()
        .filter(column -> column.getValue().declared())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public void forEach(RowVisitor visitor) {
    List<Texts> all = List.copyOf(columns.values());
    int rows = all.get(0).rows();
    for (Texts other : all) {
      if (other.rows() != rows) {
        throw file.bad("its columns %s differ in length", columns.keySet());
      }
    }
    Cells cells = new Cells(all);
    for (int row = 0; row < rows; row++) {
      cells.at = row;
      visitor.row(cells);
    }
  }

  private static final class Cells implements Row {
    private final List<Texts> columns;
    private int at;

    Cells(List<Texts> columns) {
      this.columns = columns;
    }

    @Override
    public long line() {
      return at + 1L;
    }

    @Override
    public @Nullable String cell(int column) {
      return columns.get(column).text().apply(at);
    }
  }
}
