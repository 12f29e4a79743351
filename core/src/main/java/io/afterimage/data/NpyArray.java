package io.afterimage.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * An array of NumPy's: numbers, truth values or texts, of any rank. Elements are addressed in C
 * order, whatever the file's own. Holds at most 2 GB; large ones lie outside the heap.
 */
public final class NpyArray {
  private final String name;
  private final NpyHeader header;
  private final ByteBuffer bytes;
  private final int[] extents;

  private NpyArray(String name, NpyHeader header, ByteBuffer bytes) {
    this.name = name;
    this.header = header;
    this.bytes = bytes.order(header.order());
    this.extents = Arrays.stream(header.extents()).mapToInt(Math::toIntExact).toArray();
  }

  /**
   * Reads head and elements.
   *
   * @param available how many bytes the file or entry says to have
   */
  static NpyArray read(String name, InputFile file, InputStream in, long available, Storage storage)
      throws IOException {
    NpyHeader header = NpyHeader.read(file, in);
    long bytes = header.bytes(file);
    if (bytes != available - header.length()) {
      throw file.bad(
          "array %s of shape %s needs %,d bytes, but %,d are there; is the file complete?",
          Show.quoted(name), Arrays.toString(header.extents()), bytes, available - header.length());
    }
    if (bytes > Integer.MAX_VALUE) {
      throw file.bad(
          "array %s holds %,d MB; at most 2,047 MB are read", Show.quoted(name), bytes >> 20);
    }
    ByteBuffer room = storage.bytes((int) bytes);
    fill(room, in);
    return new NpyArray(name, header, room.flip());
  }

  private static void fill(ByteBuffer room, InputStream in) throws IOException {
    byte[] part = new byte[1 << 16];
    while (room.hasRemaining()) {
      int count = in.read(part, 0, Math.min(part.length, room.remaining()));
      if (count < 0) {
        throw new EOFException("the elements end early");
      }
      room.put(part, 0, count);
    }
  }

  /** The array's name in its archive; the file's for a single one. */
  public String name() {
    return name;
  }

  public int rank() {
    return extents.length;
  }

  /** The extents of all axes. */
  public int[] extents() {
    return extents.clone();
  }

  /** How many elements there are. */
  public int size() {
    return bytes.capacity() / header.itemSize();
  }

  /** f for floats, i and u for whole numbers, b for truth values, U and S for texts. */
  public char kind() {
    return header.kind();
  }

  /** Bytes of one element. */
  public int itemSize() {
    return header.itemSize();
  }

  public boolean isText() {
    return kind() == 'U' || kind() == 'S';
  }

  /** Whether elements are single unsigned bytes, as pixels are. */
  public boolean isBytes() {
    return kind() == 'u' && itemSize() == 1;
  }

  /** An element as a number, in C order; not for texts. */
  public double number(int element) {
    int at = place(element);
    return switch (kind()) {
      case 'f' -> real(at);
      case 'i', 'b' -> whole(at);
      case 'u' -> {
        long value = unsigned(at);
        yield value >= 0 ? value : value + 0x1p64;
      }
      default -> throw new IllegalStateException("array " + name + " holds texts");
    };
  }

  /** An element as a whole number, in C order; not for texts and floats. */
  public long integer(int element) {
    int at = place(element);
    return switch (kind()) {
      case 'i', 'b' -> whole(at);
      case 'u' -> unsigned(at);
      default -> throw new IllegalStateException("array " + name + " holds no whole numbers");
    };
  }

  /** An element as text, in C order; whole numbers without a point. */
  public String text(int element) {
    return switch (kind()) {
      case 'U' -> utf32(place(element));
      case 'S' -> characters(place(element));
      case 'u' -> Long.toUnsignedString(integer(element));
      case 'f' -> Numbers.text(number(element));
      default -> Long.toString(integer(element));
    };
  }

  private double real(int at) {
    return switch (itemSize()) {
      case 2 -> half(bytes.getShort(at));
      case 4 -> bytes.getFloat(at);
      default -> bytes.getDouble(at);
    };
  }

  private long whole(int at) {
    return switch (itemSize()) {
      case 1 -> bytes.get(at);
      case 2 -> bytes.getShort(at);
      case 4 -> bytes.getInt(at);
      default -> bytes.getLong(at);
    };
  }

  private long unsigned(int at) {
    return itemSize() == 8 ? whole(at) : whole(at) & ((1L << (8 * itemSize())) - 1);
  }

  /** IEEE 754 binary16. */
  private static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double magnitude;
    if (exponent == 0x1f) {
      magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    } else if (exponent == 0) {
      magnitude = Math.scalb((double) fraction, -24);
    } else {
      magnitude = Math.scalb((double) (0x400 + fraction), exponent - 25);
    }
    return bits < 0 ? -magnitude : magnitude;
  }

  private String utf32(int at) {
    StringBuilder text = new StringBuilder();
    for (int i = at; i < at + itemSize() && bytes.getInt(i) != 0; i += Integer.BYTES) {
      int point = bytes.getInt(i);
      text.appendCodePoint(Character.isValidCodePoint(point) ? point : 0xfffd);
    }
    return text.toString();
  }

  private String characters(int at) {
    byte[] text = new byte[itemSize()];
    bytes.get(at, text);
    int end = text.length;
    while (end > 0 && text[end - 1] == 0) {
      end--;
    }
    String decoded = new String(text, 0, end, UTF_8);
    return decoded.indexOf('\ufffd') < 0 ? decoded : new String(text, 0, end, ISO_8859_1);
  }

  /** Where an element, counted in C order, lies in the file's own order. */
  private int place(int element) {
    if (!header.fortran()) {
      return element * itemSize();
    }
    int rest = element;
    int stride = size();
    int place = 0;
    for (int axis = extents.length - 1; axis >= 0; axis--) {
      stride /= extents[axis];
      place += rest % extents[axis] * stride;
      rest /= extents[axis];
    }
    return place * itemSize();
  }
}
