package io.afterimage.data;

import io.afterimage.base.BadInputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Room for the cells of columns: on the heap while a budget lasts, then in temporary files that are
 * mapped into memory, readable by this user alone, and gone as soon as they are mapped.
 *
 * <p>The files are written full of zeros before they are mapped: a full disk is then an error here
 * and not a fault of the whole process at some later cell.
 */
final class Storage {
  /** Small requests share a mapping, because a process may have only some 65,000. */
  private static final int BLOCK = 1 << 26;

  private static final int ZEROS = 1 << 20;

  private long budget;
  private ByteBuffer block = ByteBuffer.allocate(0);

  private Storage(long budget) {
    this.budget = budget;
  }

  /** For all that is read in one go: an eighth of the heap. */
  static Storage forReading() {
    return new Storage(Runtime.getRuntime().maxMemory() / 8);
  }

  /** For one column of a selection. */
  static Storage forSelection() {
    return new Storage(Runtime.getRuntime().maxMemory() / 32);
  }

  /** Keeps nothing on the heap. */
  static Storage mapped() {
    return new Storage(0);
  }

  DoubleBuffer doubles(int count) {
    return onHeap(count, Double.BYTES)
        ? DoubleBuffer.allocate(count)
        : slice(count, Double.BYTES).asDoubleBuffer();
  }

  IntBuffer ints(int count) {
    return onHeap(count, Integer.BYTES)
        ? IntBuffer.allocate(count)
        : slice(count, Integer.BYTES).asIntBuffer();
  }

  FloatBuffer floats(int count) {
    return onHeap(count, Float.BYTES)
        ? FloatBuffer.allocate(count)
        : slice(count, Float.BYTES).asFloatBuffer();
  }

  ByteBuffer bytes(int count) {
    return onHeap(count, 1) ? ByteBuffer.allocate(count) : slice(count, 1);
  }

  private boolean onHeap(int count, int width) {
    long bytes = (long) count * width;
    if (bytes > budget) {
      return false;
    }
    budget -= bytes;
    return true;
  }

  private ByteBuffer slice(int count, int width) {
    long bytes = (long) count * width;
    if (bytes > BLOCK / 2) {
      return map(bytes);
    }
    int aligned = (int) (bytes + Long.BYTES - 1) / Long.BYTES * Long.BYTES;
    if (aligned > block.remaining()) {
      block = map(BLOCK);
    }
    ByteBuffer slice = block.slice(block.position(), (int) bytes).order(ByteOrder.nativeOrder());
    block.position(block.position() + aligned);
    return slice;
  }

  private static ByteBuffer map(long bytes) {
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    if (bytes > Integer.MAX_VALUE) {
      throw new BadInputException(
          "one column of %d MB is more than the 2,047 MB that are read; give fewer rows"
              .formatted(bytes >> 20));
    }
    try {
      Path file = Files.createTempFile(folder, "afterimage-", ".columns");
      try (FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.DELETE_ON_CLOSE)) {
        fill(channel, bytes);
        return channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes).order(ByteOrder.nativeOrder());
      }
    } catch (IOException e) {
      throw new BadInputException(
          "no room in %s for %d MB of columns (%s); free some, or set -Djava.io.tmpdir"
              .formatted(folder, bytes >> 20, e.getMessage()),
          e);
    }
  }

  private static void fill(FileChannel channel, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(bytes, ZEROS));
    for (long written = 0; written < bytes; ) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), bytes - written));
      written += channel.write(zeros);
    }
  }
}
