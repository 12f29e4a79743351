package io.afterimage.data;

import java.io.IOException;
import java.io.Reader;
import java.util.Arrays;

/**
 * Cuts CSV text into records, RFC 4180 with three liberties: lines end in LF, CR or CRLF; blank
 * lines are skipped; a quote inside an unquoted cell is a character like any other.
 *
 * <p>Holds one record at a time, of bounded size.
 */
final class CsvRecords implements TableSource.Row, AutoCloseable {
  private static final int END = -1;

  private final InputFile file;
  private final Reader in;
  private final char delimiter;
  private final char[] buffer = new char[1 << 16];
  private int position;
  private int limit;
  private char[] text = new char[1 << 10];
  private int length;
  private int[] ends = new int[64];
  private int cells;
  private boolean quoted;
  private long line = 1;
  private long firstLine = 1;

  CsvRecords(InputFile file, char delimiter) throws IOException {
    this.file = file;
    this.delimiter = delimiter;
    this.in = file.text();
  }

  /** Moves to the next record; false behind the last one. */
  boolean next() throws IOException {
    int end;
    do {
      length = 0;
      cells = 0;
      quoted = false;
      firstLine = line;
      do {
        end = cell();
        endCell();
      } while (end == delimiter);
    } while (isBlank() && end != END);
    return !isBlank();
  }

  int count() {
    return cells;
  }

  @Override
  public long line() {
    return firstLine;
  }

  @Override
  public String cell(int column) {
    int start = column == 0 ? 0 : ends[column - 1];
    return new String(text, start, ends[column] - start);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  private boolean isBlank() {
    return cells == 1 && length == 0 && !quoted;
  }

  /** Reads one cell and tells what ended it: the delimiter, a line feed (for any line end), END. */
  private int cell() throws IOException {
    int c = read();
    if (c == '"') {
      return quotedCell();
    }
    while (!endsCell(c)) {
      append(c);
      c = read();
    }
    return ended(c);
  }

  private int quotedCell() throws IOException {
    long opened = line;
    quoted = true;
    while (true) {
      int c = read();
      if (c == END) {
        throw file.bad("the quote that opens in line %d is never closed; close it", opened);
      }
      if (c != '"') {
        countLine(c);
        append(c);
        continue;
      }
      c = read();
      if (c == '"') {
        append(c);
      } else if (endsCell(c)) {
        return ended(c);
      } else {
        throw file.bad(
            "line %d: a quoted cell must end at its closing quote; double quotes inside it", line);
      }
    }
  }

  private boolean endsCell(int c) {
    return c == delimiter || c == '\n' || c == '\r' || c == END;
  }

  private int ended(int c) throws IOException {
    if (c == '\r') {
      if (peek() == '\n') {
        position++;
      }
      line++;
      return '\n';
    }
    if (c == '\n') {
      line++;
    }
    return c;
  }

  /** Inside quotes, where line ends are text: CRLF counts once. */
  private void countLine(int c) throws IOException {
    if (c == '\n' || (c == '\r' && peek() != '\n')) {
      line++;
    }
  }

  private void append(int c) {
    if (c == 0) {
      throw file.bad(
          "line %d holds a NUL byte; is it a text table (UTF-16 needs a byte order mark)?", line);
    }
    if (length == text.length) {
      text = Arrays.copyOf(text, 2 * length);
    }
    text[length++] = (char) c;
    int start = cells == 0 ? 0 : ends[cells - 1];
    if (length - start > Limits.CELL_CHARACTERS || length > Limits.ROW_CHARACTERS) {
      throw file.bad(
          "the %s in line %d is longer than %,d characters; is a quote left open?",
          length > Limits.ROW_CHARACTERS ? "row" : "cell",
          firstLine,
          length > Limits.ROW_CHARACTERS ? Limits.ROW_CHARACTERS : Limits.CELL_CHARACTERS);
    }
  }

  private void endCell() {
    if (cells == Limits.COLUMNS) {
      throw file.bad("line %d has more than %,d columns", firstLine, Limits.COLUMNS);
    }
    if (cells == ends.length) {
      ends = Arrays.copyOf(ends, 2 * cells);
    }
    ends[cells++] = length;
  }

  private int read() throws IOException {
    int c = peek();
    position++;
    return c;
  }

  private int peek() throws IOException {
    if (position >= limit) {
      limit = Math.max(0, in.read(buffer));
      position = 0;
      if (limit == 0) {
        return END;
      }
    }
    return buffer[position];
  }
}
