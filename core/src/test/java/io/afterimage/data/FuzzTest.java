package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.afterimage.base.BadInputException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with a few bytes changed are read, or refused in one line; nothing else ever happens. */
class FuzzTest {
  private static final int TRIALS = 300;

  /** Fewer where each takes long: DuckDB starts anew, WebP believes in large pictures. */
  private static final int FEW = 40;

  @TempDir Path folder;

  private void survives(String name, byte[] whole, Path read) throws IOException {
    survives(name, whole, read, TRIALS);
  }

  private void survives(String name, byte[] whole, Path read, int trials) throws IOException {
    Path path = folder.resolve(name);
    int refused = 0;
    for (int seed = 0; seed < trials; seed++) {
      Files.write(path, changed(whole, new Random(seed)));
      try {
        DataReader.read(Map.of("members", read), ReadOptions.builder().build());
      } catch (BadInputException e) {
        refused++;
        assertThat(e).as("seed " + seed).message().doesNotContain("\n");
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        fail(name + ", seed " + seed, e);
      }
    }
    assertThat(refused).as("at least some damage is noticed").isPositive();
  }

  /** One to four bytes changed, and every fourth file cut off. */
  private static byte[] changed(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    IntStream.rangeClosed(0, random.nextInt(4))
        .forEach(i -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt());
    return random.nextInt(4) == 0 ? Arrays.copyOf(bytes, 1 + random.nextInt(bytes.length)) : bytes;
  }

  @Test
  void csv() throws IOException {
    byte[] text =
        "x,\"y\"\r\n1,\"a\"\"b\"\r\n2,c\r\n3,\"d\ne\"\r\n".getBytes(StandardCharsets.UTF_8);
    survives("a.csv", text, folder.resolve("a.csv"));
  }

  @Test
  void jsonLines() throws IOException {
    byte[] text =
        "{\"x\":1,\"y\":\"a\"}\n{\"x\":2.5,\"y\":null}\n".getBytes(StandardCharsets.UTF_8);
    survives("a.jsonl", text, folder.resolve("a.jsonl"));
  }

  @Test
  void parquet() throws Exception {
    Path path = folder.resolve("whole.parquet");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckdb.createStatement()) {
      statement.execute(
          "COPY (SELECT i AS x, 'text ' || i AS t FROM range(50) r(i)) TO '" + path + "'");
    }
    survives("a.parquet", Files.readAllBytes(path), folder.resolve("a.parquet"), FEW);
  }

  @Test
  void numpy() throws IOException {
    byte[] array = NpyTest.npy("<f4", true, "2, 3", new byte[24]);
    survives("a.npy", array, folder.resolve("a.npy"));
    Path archive =
        NpyTest.npz(
            folder.resolve("whole.npz"),
            Map.of("x", array, "y", NpyTest.npy("|S1", false, "2,", new byte[] {'a', 'b'})));
    survives("a.npz", Files.readAllBytes(archive), folder.resolve("a.npz"));
  }

  @Test
  void idx() throws IOException {
    byte[] images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4};
    survives("t-images-idx3-ubyte", images, folder.resolve("t-images-idx3-ubyte"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "pnm"})
  void pictures(String format) throws IOException {
    BufferedImage image = new BufferedImage(8, 8, BufferedImage.TYPE_3BYTE_BGR);
    Random random = new Random(5);
    IntStream.range(0, 64).forEach(i -> image.setRGB(i % 8, i / 8, random.nextInt()));
    Path path = folder.resolve("whole." + format);
    assertThat(ImageIO.write(image, format, path.toFile())).isTrue();
    Files.createDirectories(folder.resolve("d/a"));
    String ending = format.equals("pnm") ? "ppm" : format;
    survives("d/a/1." + ending, Files.readAllBytes(path), folder.resolve("d"));
  }

  @Test
  void webp() throws IOException {
    byte[] picture = Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==");
    Files.createDirectories(folder.resolve("d/a"));
    survives("d/a/1.webp", picture, folder.resolve("d"), FEW);
  }
}
