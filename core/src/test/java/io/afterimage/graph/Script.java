package io.afterimage.graph;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.random.RandomGenerator;

/** Draws that bytes decide, so that a fuzzer steers them; zeros after the last byte. */
final class Script implements RandomGenerator {
  private final ByteBuffer bytes;

  Script(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Override
  public long nextLong() {
    long bits = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      bits = bits << 8 | next();
    }
    return bits;
  }

  /** Takes one byte, or two where the bound needs them: short scripts reach deep. */
  @Override
  public int nextInt(int bound) {
    return (bound <= 256 ? next() : next() << 8 | next()) % bound;
  }

  private int next() {
    return bytes.hasRemaining() ? bytes.get() & 0xff : 0;
  }

  <T> T one(List<T> list) {
    return list.get(nextInt(list.size()));
  }

  /** True once in so many times. */
  boolean once(int times) {
    return nextInt(times) == times - 1;
  }
}
