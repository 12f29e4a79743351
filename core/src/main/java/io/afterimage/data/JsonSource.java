package io.afterimage.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON lines: one flat object a line, or the same objects in one array. Numbers keep their digits,
 * true and false become text, null and absent keys are missing.
 */
final class JsonSource implements TableSource {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(8)
                  .maxNumberLength(1000)
                  .maxNameLength(1000)
                  .maxStringLength(Limits.CELL_CHARACTERS)
                  .build())
          .build();

  private final InputFile file;
  private final Map<String, Integer> places = new LinkedHashMap<>();
  private final List<String> columns;
  private final Set<String> texts = new LinkedHashSet<>();

  JsonSource(InputFile file, List<String> notices) {
    this.file = file.checkedFile();
    parse(
        (record, name, token, text) -> {
          places.putIfAbsent(name, places.size());
          if (places.size() > Limits.COLUMNS) {
            throw file.bad("record %d: more than %,d columns", record, Limits.COLUMNS);
          }
          if (token == JsonToken.VALUE_STRING || token.isBoolean()) {
            texts.add(name);
          }
        },
        record -> {});
    this.columns = ColumnNames.checked(file, new ArrayList<>(places.keySet()), notices);
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
    return texts;
  }

  @Override
  public void forEach(RowVisitor visitor) {
    Cells cells = new Cells(columns.size());
    parse(
        (record, name, token, text) -> cells.texts[place(name)] = text,
        record -> {
          cells.line = record;
          visitor.row(cells);
          Arrays.fill(cells.texts, null);
        });
  }

  private int place(String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw file.bad("changed while it was read; run again");
    }
    return place;
  }

  private void parse(CellVisitor cell, RecordVisitor end) {
    long record = 0;
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), file.text())) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          object(parser, ++record, cell);
          end.end(record);
        } else if (!isBracketAround(parser, token, record)) {
          throw file.bad("record %d is no JSON object", record + 1);
        }
      }
    } catch (JacksonException | IOException e) {
      throw file.unreadable("JSON lines, around record " + record, e);
    }
  }

  private static boolean isBracketAround(JsonParser parser, JsonToken token, long record) {
    int depth = parser.streamReadContext().getNestingDepth();
    return (token == JsonToken.START_ARRAY && record == 0 && depth == 1)
        || (token == JsonToken.END_ARRAY && depth == 0);
  }

  private void object(JsonParser parser, long record, CellVisitor visitor) {
    Map<String, Boolean> seen = new HashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      if (token.isStructStart()) {
        throw file.bad(
            "record %d: %s holds an object or array; only flat records are tables",
            record, Show.quoted(name));
      }
      if (seen.put(name, true) != null) {
        throw file.bad("record %d has %s twice", record, Show.quoted(name));
      }
      String text = token == JsonToken.VALUE_NULL ? null : parser.getString();
      if (text != null && text.indexOf(0) >= 0) {
        throw file.bad("record %d: %s holds a NUL character", record, Show.quoted(name));
      }
      visitor.cell(record, name, token, text);
    }
  }

  private interface CellVisitor {
    void cell(long record, String name, JsonToken token, @Nullable String text);
  }

  private interface RecordVisitor {
    void end(long record);
  }

  private static final class Cells implements Row {
    private final @Nullable String[] texts;
    private long line;

    Cells(int count) {
      texts = new @Nullable String[count];
    }

    @Override
    public long line() {
      return line;
    }

    @Override
    public @Nullable String cell(int column) {
      return texts[column];
    }
  }
}
