package io.afterimage.attack.inversion.decoder;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.Examples;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;

/**
 * Rows of numbers, each to be answered by a row of other numbers: some that follow one another in
 * larger arrays.
 *
 * @param observed what a decoder is given, row after row
 * @param pictures what it is to answer, row after row
 * @param first the first of the rows
 * @param rows how many
 * @param all rows in the arrays
 */
record PairedArrays(float[] observed, float[] pictures, int first, int rows, int all)
    implements Examples {
  @Override
  public Map<String, Value> inputs(int[] chosen) {
    return Map.of(DecoderGraph.INPUT, Value.of(gathered(observed, chosen)));
  }

  @Override
  public Tensor targets(int[] chosen) {
    return gathered(pictures, chosen);
  }

  private Tensor gathered(float[] numbers, int[] chosen) {
    int width = numbers.length / all;
    float[] some = new float[chosen.length * width];
    for (int i = 0; i < chosen.length; i++) {
      System.arraycopy(numbers, (first + chosen[i]) * width, some, i * width, width);
    }
    return Tensors.of(some, chosen.length, width);
  }

  @Override
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, observed);
      add(digest, pictures);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private void add(MessageDigest digest, float[] numbers) {
    int width = numbers.length / all;
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * rows * width);
    bytes.asFloatBuffer().put(numbers, first * width, rows * width);
    digest.update(bytes);
  }
}
