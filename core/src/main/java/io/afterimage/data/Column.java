package io.afterimage.data;

import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One named column of a dataset. Immutable; {@link #select} copies the chosen rows.
 *
 * <p>Small columns live in an array. Large ones may live outside the heap: read those cell by cell,
 * because {@code values()} and {@code codes()} then copy the whole column at every call.
 */
public sealed interface Column {
  String name();

  int rows();

  /** The cell as text: a whole number without a point; null where the value is missing. */
  @Nullable String text(int row);

  /** The rows of these indices, in this order; an index may repeat. */
  Column select(int[] indices);

  /** Numbers; NaN where the value is missing. */
  final class Numeric implements Column {
    private final String name;
    private final DoubleBuffer cells;

    public Numeric(String name, double[] values) {
      this(name, DoubleBuffer.wrap(values));
    }

    Numeric(String name, DoubleBuffer cells) {
      this.name = name;
      this.cells = cells;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int rows() {
      return cells.capacity();
    }

    public double get(int row) {
      return cells.get(row);
    }

    /** All numbers. */
    public double[] values() {
      if (cells.hasArray()) {
        return cells.array();
      }
      double[] copy = new double[rows()];
      cells.get(0, copy);
      return copy;
    }

    @Override
    public @Nullable String text(int row) {
      double value = get(row);
      return Double.isNaN(value) ? null : Numbers.text(value);
    }

    @Override
    public Numeric select(int[] indices) {
      DoubleBuffer chosen = Storage.forSelection().doubles(indices.length);
      for (int i = 0; i < indices.length; i++) {
        chosen.put(i, get(indices[i]));
      }
      return new Numeric(name, chosen);
    }
  }

  /** Texts, each once in a dictionary that all roles of an audit share. */
  final class Categorical implements Column {
    private final String name;
    private final IntBuffer cells;
    private final List<String> dictionary;

    /**
     * A column of these texts.
     *
     * @param codes index into the dictionary, -1 where the value is missing
     * @param dictionary the distinct texts, byte for byte as they stand in the file
     */
    public Categorical(String name, int[] codes, List<String> dictionary) {
      this(name, IntBuffer.wrap(codes), dictionary);
    }

    Categorical(String name, IntBuffer cells, List<String> dictionary) {
      this.name = name;
      this.cells = cells;
      this.dictionary = List.copyOf(dictionary);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int rows() {
      return cells.capacity();
    }

    /** The distinct texts, byte for byte as they stand in the file. */
    public List<String> dictionary() {
      return dictionary;
    }

    /** Index into the dictionary; -1 where the value is missing. */
    public int code(int row) {
      return cells.get(row);
    }

    /** All codes. */
    public int[] codes() {
      if (cells.hasArray()) {
        return cells.array();
      }
      int[] copy = new int[rows()];
      cells.get(0, copy);
      return copy;
    }

    @Override
    public @Nullable String text(int row) {
      return code(row) < 0 ? null : dictionary.get(code(row));
    }

    @Override
    public Categorical select(int[] indices) {
      IntBuffer chosen = Storage.forSelection().ints(indices.length);
      for (int i = 0; i < indices.length; i++) {
        chosen.put(i, code(indices[i]));
      }
      return new Categorical(name, chosen, dictionary);
    }
  }

  /** One array of the same shape for each row: a picture, or all columns of an array file. */
  final class Array implements Column {
    /** Cells of one block at most, so that each stays below what one mapping may hold. */
    private static final int BLOCK = 1 << 27;

    private final String name;
    private final List<FloatBuffer> blocks;
    private final int rowsPerBlock;
    private final int rows;
    private final Shape shape;

    /**
     * Arrays that lie one after the other.
     *
     * @param values row after row, each row in C order
     * @param shape of one row, without the batch dimension
     */
    public Array(String name, float[] values, Shape shape) {
      this(
          name,
          List.of(FloatBuffer.wrap(values)),
          Math.max(1, values.length / shape.size()),
          values.length / shape.size(),
          shape);
    }

    private Array(String name, List<FloatBuffer> blocks, int rowsPerBlock, int rows, Shape shape) {
      this.name = name;
      this.blocks = blocks;
      this.rowsPerBlock = rowsPerBlock;
      this.rows = rows;
      this.shape = shape;
    }

    /** Room for so many rows, all zero until {@link #put}. */
    static Array allocate(String name, int rows, Shape shape, Storage storage) {
      int rowsPerBlock = Math.max(1, BLOCK / shape.size());
      List<FloatBuffer> blocks = new ArrayList<>();
      for (int start = 0; start < rows; start += rowsPerBlock) {
        blocks.add(storage.floats(Math.min(rowsPerBlock, rows - start) * shape.size()));
      }
      return new Array(name, blocks, rowsPerBlock, rows, shape);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int rows() {
      return rows;
    }

    /** Of one row, without the batch dimension. */
    public Shape shape() {
      return shape;
    }

    /** All rows one after the other, where they fit into one array. */
    public float[] values() {
      if (blocks.size() == 1 && blocks.get(0).hasArray()) {
        return blocks.get(0).array();
      }
      float[] copy = new float[Math.multiplyExact(rows, shape.size())];
      for (int row = 0; row < rows; row++) {
        copyRow(row, copy, row * shape.size());
      }
      return copy;
    }

    /** A copy of one row, in C order. */
    public float[] row(int row) {
      float[] copy = new float[shape.size()];
      copyRow(row, copy, 0);
      return copy;
    }

    /** Copies one row, in C order, to this place of an array. */
    public void copyRow(int row, float[] into, int offset) {
      block(row).get(place(row), into, offset, shape.size());
    }

    @Override
    public String text(int row) {
      return Arrays.toString(row(row));
    }

    @Override
    public Array select(int[] indices) {
      Array chosen = allocate(name, indices.length, shape, Storage.forSelection());
      float[] cells = new float[shape.size()];
      for (int i = 0; i < indices.length; i++) {
        copyRow(indices[i], cells, 0);
        chosen.put(i, cells);
      }
      return chosen;
    }

    /** The same rows under another name. */
    Array renamed(String other) {
      return new Array(other, blocks, rowsPerBlock, rows, shape);
    }

    /** Sets one row; only for whoever allocated the column, before anyone else sees it. */
    void put(int row, float[] cells) {
      block(row).put(place(row), cells, 0, shape.size());
    }

    private FloatBuffer block(int row) {
      return blocks.get(row / rowsPerBlock);
    }

    private int place(int row) {
      return row % rowsPerBlock * shape.size();
    }
  }
}
