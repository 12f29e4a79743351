package io.afterimage.data;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Rows of a text table whose cells stand between delimiters. */
final class CsvSource implements TableSource {
  private final InputFile file;
  private final boolean header;
  private final char delimiter;
  private final List<String> columns;

  /** Opens a table; notices hear what was assumed. */
  CsvSource(InputFile file, ReadOptions options, List<String> notices) {
    this.file = file.checkedFile();
    this.header = options.header();
    try {
      this.delimiter = delimiter();
      this.columns = header ? named(options.trim(), notices) : numbered();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public InputFile file() {
    return file;
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public Set<String> texts() {
    return Set.of();
  }

  @Override
  public void forEach(RowVisitor visitor) {
    try (CsvRecords records = new CsvRecords(file, delimiter)) {
      if (header) {
        records.next();
      }
      while (records.next()) {
        if (records.count() != columns.size()) {
          throw file.bad(
              "line %d has %d cells, but the first line has %d; quote cells that hold a %s",
              records.line(), records.count(), columns.size(), delimiterName());
        }
        visitor.row(records);
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private RuntimeException unreadable(IOException e) {
    return e instanceof CharacterCodingException
        ? file.bad("is neither UTF-8 nor UTF-16 with a byte order mark; save it as UTF-8")
        : file.unreadable("a text table", e);
  }

  /** A tab in .tsv; else the comma, unless the first line has none but semicolons or tabs. */
  private char delimiter() throws IOException {
    String name = file.path().getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.contains(".tsv") || name.contains(".tab")) {
      return '\t';
    }
    String line = firstLine();
    if (line.indexOf(',') >= 0) {
      return ',';
    }
    return line.indexOf(';') >= 0 ? ';' : line.indexOf('\t') >= 0 ? '\t' : ',';
  }

  private String firstLine() throws IOException {
    char[] start = new char[1 << 16];
    int length = 0;
    try (Reader reader = file.text()) {
      for (int n = 0; n >= 0 && length < start.length; length += Math.max(0, n)) {
        n = reader.read(start, length, start.length - length);
      }
    }
    return new String(start, 0, length).stripLeading().lines().findFirst().orElse("");
  }

  private List<String> numbered() throws IOException {
    try (CsvRecords records = new CsvRecords(file, delimiter)) {
      List<String> names = new ArrayList<>();
      records.next();
      for (int c = 0; c < records.count(); c++) {
        names.add(ColumnNames.numbered(c));
      }
      return List.copyOf(names);
    }
  }

  private List<String> named(boolean trim, List<String> notices) throws IOException {
    try (CsvRecords records = new CsvRecords(file, delimiter)) {
      List<String> names = new ArrayList<>();
      records.next();
      for (int c = 0; c < records.count(); c++) {
        names.add(trim ? records.cell(c).strip() : records.cell(c));
      }
      return ColumnNames.checked(file, names, notices);
    }
  }

  private String delimiterName() {
    return delimiter == '\t' ? "tab" : "'" + delimiter + "'";
  }
}
