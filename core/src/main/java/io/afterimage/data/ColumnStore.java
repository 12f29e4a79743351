package io.afterimage.data;

import java.nio.DoubleBuffer;
import java.nio.IntBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The cells of one column while they are read, role after role. */
abstract sealed class ColumnStore {
  final String name;
  final Storage storage;

  ColumnStore(String name, Storage storage) {
    this.name = name;
    this.storage = storage;
  }

  /** The following cells are of this role. */
  abstract void start(String role, int rows);

  /** Stores a cell; null where it is missing. */
  abstract void put(int row, @Nullable String text);

  /** The distinct texts, in an order that does not depend on the rows'; empty for numbers. */
  abstract List<String> found();

  /** Ends the reading: the codes become those of this order of texts. */
  abstract void finish(List<String> order);

  abstract Column column(String role);

  static final class OfNumbers extends ColumnStore {
    private final Map<String, DoubleBuffer> cells = new LinkedHashMap<>();
    private DoubleBuffer current = DoubleBuffer.allocate(0);

    OfNumbers(String name, Storage storage) {
      super(name, storage);
    }

    @Override
    void start(String role, int rows) {
      current = storage.doubles(rows);
      cells.put(role, current);
    }

    @Override
    void put(int row, @Nullable String text) {
      current.put(row, text == null ? Double.NaN : Numbers.value(text));
    }

    @Override
    List<String> found() {
      return List.of();
    }

    @Override
    void finish(List<String> order) {}

    @Override
    Column column(String role) {
      return new Column.Numeric(name, Objects.requireNonNull(cells.get(role)));
    }
  }

  static final class OfTexts extends ColumnStore {
    private final Map<String, IntBuffer> cells = new LinkedHashMap<>();
    private final Dictionary dictionary = new Dictionary();
    private final Dictionary.Room room;
    private final boolean declared;
    private IntBuffer current = IntBuffer.allocate(0);
    private List<String> texts = List.of();

    /**
     * Room for texts.
     *
     * @param declared whether the file itself says that they are text, so that 10 comes before 2
     */
    OfTexts(String name, Storage storage, Dictionary.Room room, boolean declared) {
      super(name, storage);
      this.room = room;
      this.declared = declared;
    }

    @Override
    void start(String role, int rows) {
      current = storage.ints(rows);
      cells.put(role, current);
    }

    @Override
    void put(int row, @Nullable String text) {
      if (text == null) {
        current.put(row, -1);
        return;
      }
      int before = dictionary.size();
      current.put(row, dictionary.code(text));
      if (dictionary.size() > before) {
        room.take(name, text);
      }
    }

    @Override
    List<String> found() {
      return dictionary.sorted(declared);
    }

    @Override
    void finish(List<String> order) {
      texts = List.copyOf(order);
      int[] ranks = dictionary.ranks(texts);
      for (IntBuffer codes : cells.values()) {
        for (int row = 0; row < codes.capacity(); row++) {
          int code = codes.get(row);
          codes.put(row, code < 0 ? -1 : ranks[code]);
        }
      }
    }

    @Override
    Column column(String role) {
      return new Column.Categorical(name, Objects.requireNonNull(cells.get(role)), texts);
    }
  }
}
