package io.afterimage.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a NumPy array file, versions 1 to 3.
 *
 * @param kind f float, i signed, u unsigned, b truth value, U text (UTF-32), S text (bytes)
 * @param itemSize bytes of one element
 * @param order of the bytes in an element
 * @param fortran whether the first index runs fastest
 * @param extents of each axis; none for a single number
 * @param length bytes of the head itself
 */
record NpyHeader(
    char kind, int itemSize, ByteOrder order, boolean fortran, long[] extents, int length) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 16;
  private static final Pattern DESCR =
      Pattern.compile("'descr'\\s*:\\s*'([<>|=])([fiubUS])(\\d{1,6})'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\sL]*)\\)");

  /** Reads the head and leaves the stream at the first element. */
  static NpyHeader read(InputFile file, InputStream in) throws IOException {
    byte[] start = in.readNBytes(10);
    if (start.length < 10 || !Arrays.equals(Arrays.copyOf(start, 6), MAGIC)) {
      throw file.bad("is no NumPy array file");
    }
    int before = 10;
    long length = (start[8] & 0xff) | (start[9] & 0xff) << 8;
    if (start[6] > 1) {
      byte[] more = in.readNBytes(2);
      before = 12;
      length = more.length < 2 ? 0 : length | (more[0] & 0xffL) << 16 | (more[1] & 0xffL) << 24;
    }
    if (length > LONGEST) {
      throw file.bad("its head of %,d bytes is longer than %,d", length, LONGEST);
    }
    byte[] head = in.readNBytes((int) length);
    if (head.length < length) {
      throw new EOFException("the head ends early");
    }
    return parse(file, new String(head, ISO_8859_1), before + head.length);
  }

  /** How many elements there are; a BadInputException where that or their bytes are absurd. */
  long elements(InputFile file) {
    try {
      Arrays.stream(extents).forEach(Math::toIntExact);
      long elements = Arrays.stream(extents).reduce(1, Math::multiplyExact);
      Math.multiplyExact(elements, itemSize);
      return elements;
    } catch (ArithmeticException e) {
      throw file.bad("its shape %s is larger than any file", Arrays.toString(extents));
    }
  }

  long bytes(InputFile file) {
    return elements(file) * itemSize;
  }

  private static NpyHeader parse(InputFile file, String head, int length) {
    Matcher type = DESCR.matcher(head);
    Matcher fortran = FORTRAN.matcher(head);
    Matcher shape = SHAPE.matcher(head);
    if (!type.find()) {
      throw file.bad(
          "holds objects, records or dates (%s); only numbers, truth values and text are read,"
              + " pickled objects never",
          Show.quoted(head.strip()));
    }
    if (!fortran.find() || !shape.find()) {
      throw file.bad("its head lacks the shape or the order of elements");
    }
    int size = Integer.parseInt(type.group(3));
    char kind = type.group(2).charAt(0);
    requireKnown(file, kind, size);
    return new NpyHeader(
        kind,
        kind == 'U' ? 4 * size : size,
        type.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN,
        fortran.group(1).equals("True"),
        extents(file, shape.group(1)),
        length);
  }

  private static void requireKnown(InputFile file, char kind, int size) {
    boolean known =
        switch (kind) {
          case 'f' -> size == 2 || size == 4 || size == 8;
          case 'i', 'u' -> size == 1 || size == 2 || size == 4 || size == 8;
          case 'b' -> size == 1;
          default -> size > 0;
        };
    if (!known) {
      throw file.bad("holds elements of type %s%d, which are not read", kind, size);
    }
  }

  private static long[] extents(InputFile file, String text) {
    try {
      return Arrays.stream(text.replace("L", "").split(","))
          .map(String::strip)
          .filter(extent -> !extent.isEmpty())
          .mapToLong(Long::parseLong)
          .toArray();
    } catch (NumberFormatException e) {
      throw file.bad("its shape (%s) is not one", Show.quoted(text));
    }
  }
}
