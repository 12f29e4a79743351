package io.afterimage.data;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes an .npz archive, array after array, as NumPy reads it: little-endian, in C order, not
 * compressed. Memory stays at one block, whatever the size of the arrays.
 */
public final class NpzWriter implements Closeable {
  private static final int BLOCK = 1 << 16;

  /** NumPy aligns the elements; heads are padded to a multiple of this. */
  private static final int ALIGNMENT = 64;

  private final ZipOutputStream zip;

  /** Writes to this stream and closes it in the end. */
  public NpzWriter(OutputStream out) {
    zip = new ZipOutputStream(out);
    zip.setLevel(Deflater.NO_COMPRESSION);
  }

  /** Adds an array of these extents; of one axis where none are given. */
  public void put(String name, float[] values, int... extents) throws IOException {
    begin(name, "<f4", values.length, extents);
    elements(values.length, Float.BYTES, (block, i) -> block.putFloat(values[i]));
  }

  /** Adds an array of these extents; of one axis where none are given. */
  public void put(String name, double[] values, int... extents) throws IOException {
    begin(name, "<f8", values.length, extents);
    elements(values.length, Double.BYTES, (block, i) -> block.putDouble(values[i]));
  }

  /** Adds an array of these extents; of one axis where none are given. */
  public void put(String name, int[] values, int... extents) throws IOException {
    begin(name, "<i4", values.length, extents);
    elements(values.length, Integer.BYTES, (block, i) -> block.putInt(values[i]));
  }

  private void begin(String name, String type, int count, int[] extents) throws IOException {
    int[] shape = extents.length == 0 ? new int[] {count} : extents;
    if (Arrays.stream(shape).asLongStream().reduce(1, Math::multiplyExact) != count) {
      throw new IllegalArgumentException(
          "%d numbers do not fill the shape %s".formatted(count, Arrays.toString(shape)));
    }
    zip.putNextEntry(new ZipEntry(name + ".npy"));
    zip.write(head(type, shape));
  }

  private static byte[] head(String type, int[] shape) {
    String extents =
        Arrays.stream(shape).mapToObj(extent -> extent + ",").collect(Collectors.joining(" "));
    String text =
        "{'descr': '%s', 'fortran_order': False, 'shape': (%s), }".formatted(type, extents);
    int magic = 10;
    int length = (magic + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - magic;
    return ByteBuffer.allocate(magic + length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x93)
        .put("NUMPY\1\0".getBytes(ISO_8859_1))
        .putShort((short) length)
        .put((text + " ".repeat(length - 1 - text.length()) + "\n").getBytes(ISO_8859_1))
        .array();
  }

  @FunctionalInterface
  private interface Element {
    void write(ByteBuffer block, int index);
  }

  private void elements(int count, int size, Element element) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      element.write(block, i);
      if (block.remaining() < size || i == count - 1) {
        zip.write(block.array(), 0, block.position());
        block.clear();
      }
    }
    zip.closeEntry();
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
