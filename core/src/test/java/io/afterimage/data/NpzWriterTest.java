package io.afterimage.data;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openlca.npy.Npy;
import org.openlca.npy.NpyDoubleArray;

class NpzWriterTest {
  @TempDir Path folder;

  @Test
  void arraysOfEveryTypeAreReadBackWithTheirShape() throws IOException {
    double[] many = IntStream.range(0, 20_001).mapToDouble(i -> i / 3.0).toArray();
    Path file = folder.resolve("arrays.npz");
    try (NpzWriter writer = new NpzWriter(Files.newOutputStream(file))) {
      writer.put("floats", new float[] {1.5f, Float.NaN, -0f, 3, 4, 5}, 2, 3);
      writer.put("doubles", many);
      writer.put("ints", new int[] {Integer.MIN_VALUE, 7});
      writer.put("nothing", new int[0]);
    }
    Map<String, NpyArray> arrays = Npz.read(file);
    assertThat(arrays).containsOnlyKeys("floats", "doubles", "ints", "nothing");
    NpyArray floats = requireNonNull(arrays.get("floats"));
    assertThat(floats.extents()).containsExactly(2, 3);
    assertThat(floats.number(0)).isEqualTo(1.5);
    assertThat(floats.number(1)).isNaN();
    assertThat(
            IntStream.range(0, many.length)
                .mapToDouble(requireNonNull(arrays.get("doubles"))::number))
        .containsExactly(java.util.Arrays.stream(many).boxed().toArray(Double[]::new));
    assertThat(requireNonNull(arrays.get("ints")).integer(0)).isEqualTo(Integer.MIN_VALUE);
    assertThat(requireNonNull(arrays.get("nothing")).extents()).containsExactly(0);
  }

  @Test
  void anotherReaderAgrees() throws IOException {
    Path file = folder.resolve("arrays.npz");
    try (NpzWriter writer = new NpzWriter(Files.newOutputStream(file))) {
      writer.put("a", new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    }
    try (var zip = new java.util.zip.ZipFile(file.toFile())) {
      Path single = folder.resolve("a.npy");
      Files.write(single, zip.getInputStream(zip.getEntry("a.npy")).readAllBytes());
      NpyDoubleArray array = (NpyDoubleArray) Npy.read(single.toFile());
      assertThat(array.shape()).containsExactly(3, 2);
      assertThat(array.data()).containsExactly(1, 2, 3, 4, 5, 6);
    }
  }

  @Test
  void aShapeThatTheNumbersDoNotFillIsRefused() throws IOException {
    try (NpzWriter writer = new NpzWriter(new ByteArrayOutputStream())) {
      assertThatThrownBy(() -> writer.put("a", new int[5], 2, 3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("5 numbers do not fill the shape [2, 3]");
    }
  }
}
