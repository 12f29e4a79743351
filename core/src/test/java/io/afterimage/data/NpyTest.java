package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openlca.npy.NpyDoubleArray;

class NpyTest {
  @TempDir Path folder;

  /** An array file of version 1, made by hand after NumPy's description of the format. */
  static byte[] npy(String descr, boolean fortran, String shape, byte[] elements) {
    String dictionary =
        "{'descr': '%s', 'fortran_order': %s, 'shape': (%s), }\n"
            .formatted(descr, fortran ? "True" : "False", shape);
    byte[] head = dictionary.getBytes(StandardCharsets.ISO_8859_1);
    return ByteBuffer.allocate(10 + head.length + elements.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
        .putShort((short) head.length)
        .put(head)
        .put(elements)
        .array();
  }

  static Path npz(Path path, Map<String, byte[]> arrays) throws IOException {
    try (OutputStream file = Files.newOutputStream(path);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(array.getKey() + ".npy"));
        zip.write(array.getValue());
        zip.closeEntry();
      }
    }
    return path;
  }

  private static byte[] floats(float... values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }

  private NpyArray array(byte[] file) throws IOException {
    Path path = Files.write(folder.resolve("a.npy"), file);
    return Npz.single(new InputFile("members", path), Storage.forReading());
  }

  private static double[] numbers(NpyArray array) {
    double[] numbers = new double[array.size()];
    Arrays.setAll(numbers, array::number);
    return numbers;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void readsWhatAnotherLibraryWrote(boolean fortran) throws IOException {
    double[] values = new Random(1).doubles(6 * 5).toArray();
    File file = folder.resolve("oracle.npy").toFile();
    org.openlca.npy.Npy.write(file, new NpyDoubleArray(new int[] {6, 5}, values, fortran));
    NpyArray array = Npz.single(new InputFile("members", file.toPath()), Storage.mapped());
    assertThat(array.extents()).containsExactly(6, 5);
    for (int row = 0; row < 6; row++) {
      for (int column = 0; column < 5; column++) {
        double expected = values[fortran ? column * 6 + row : row * 5 + column];
        assertThat(array.number(row * 5 + column)).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"<f4,4", ">f4,4", "<f8,8", ">f8,8", "<i2,2", ">i4,4", "<i8,8", "|i1,1", "|u1,1"})
  void agreesWithAnotherLibraryOnRandomBytes(String descr, int size) throws IOException {
    byte[] bytes = new byte[24 * size];
    new Random(2).nextBytes(bytes);
    NpyArray ours = array(npy(descr, false, "2, 3, 4", bytes));
    Object theirs = org.openlca.npy.Npy.read(folder.resolve("a.npy").toFile()).data();
    assertThat(ours.extents()).containsExactly(2, 3, 4);
    for (int i = 0; i < 24; i++) {
      double expected = ((Number) java.lang.reflect.Array.get(theirs, i)).doubleValue();
      assertThat(ours.number(i)).isEqualTo(expected);
    }
  }

  @Test
  void fortranOrderOfThreeAxesRunsFromTheFirst() throws IOException {
    byte[] bytes = new byte[24];
    for (int i = 0; i < 24; i++) {
      bytes[i] = (byte) i;
    }
    NpyArray array = array(npy("|u1", true, "2, 3, 4", bytes));
    for (int a = 0; a < 2; a++) {
      for (int b = 0; b < 3; b++) {
        for (int c = 0; c < 4; c++) {
          assertThat(array.integer((a * 3 + b) * 4 + c)).isEqualTo(a + 2 * b + 6 * c);
        }
      }
    }
  }

  @Test
  void halvesFollowTheStandard() throws IOException {
    int[] bits = {0x3c00, 0xc000, 0x0001, 0x7bff, 0x0400, 0x8000, 0x3555};
    ByteBuffer bytes = ByteBuffer.allocate(14).order(ByteOrder.LITTLE_ENDIAN);
    for (int half : bits) {
      bytes.putShort((short) half);
    }
    assertThat(numbers(array(npy("<f2", false, "7,", bytes.array()))))
        .containsExactly(1, -2, 0x1p-24, 65504, 0x1p-14, -0.0, 0.333251953125);
  }

  @Test
  void unsignedNumbersAreNotNegative() throws IOException {
    byte[] ones = new byte[8];
    Arrays.fill(ones, (byte) 0xff);
    assertThat(array(npy("<u8", false, "1,", ones)).text(0)).isEqualTo("18446744073709551615");
    assertThat(array(npy("<u8", false, "1,", ones)).number(0)).isEqualTo(0x1p64);
    assertThat(array(npy("<u4", false, "2,", ones)).number(0)).isEqualTo(4294967295d);
    assertThat(array(npy("<i8", false, "1,", ones)).number(0)).isEqualTo(-1);
  }

  @Test
  void textsOfBothKindsAreRead() throws IOException {
    byte[] utf32 = "né\0a\0\0".getBytes(java.nio.charset.Charset.forName("UTF-32LE"));
    NpyArray unicode = array(npy("<U3", false, "2,", utf32));
    assertThat(unicode.text(0)).isEqualTo("né");
    assertThat(unicode.text(1)).isEqualTo("a");
    NpyArray bytes = array(npy("|S2", false, "2,", new byte[] {'a', 'b', 'c', 0}));
    assertThat(bytes.text(0)).isEqualTo("ab");
    assertThat(bytes.text(1)).isEqualTo("c");
  }

  @Test
  void longHeadsOfVersionTwoAreRead() throws IOException {
    byte[] one = npy("|u1", false, "3,", new byte[] {1, 2, 3});
    ByteArrayOutputStream two = new ByteArrayOutputStream();
    two.write(one, 0, 6);
    two.write(new byte[] {2, 0, one[8], one[9], 0, 0});
    two.write(one, 10, one.length - 10);
    assertThat(numbers(array(two.toByteArray()))).containsExactly(1, 2, 3);
  }

  @Test
  void archivesGiveInputsLabelsAndSideColumns() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("meta", npy("|u1", false, "1,", new byte[] {7}));
    arrays.put("y", npy("|i1", false, "3,", new byte[] {2, 0, 10}));
    arrays.put("who", npy("|S1", false, "3,", new byte[] {'a', 'b', 'a'}));
    arrays.put("x", npy("<f4", false, "3, 2", floats(1, 2, 3, 4, 5, 6)));
    Path path = npz(folder.resolve("a.npz"), arrays);
    ReadOptions options = ReadOptions.builder().person("who").build();
    DataReader.Loaded loaded = DataReader.read(Map.of("members", path), options);
    Dataset rows = loaded.get("members");
    assertThat(rows.schema().inputs()).containsExactly("x");
    assertThat(((Column.Array) rows.column("x")).row(1)).containsExactly(3, 4);
    assertThat(((Column.Categorical) rows.column("y")).dictionary())
        .containsExactly("0", "2", "10");
    assertThat(rows.classes()).containsExactly(1, 0, 2);
    assertThat(rows.units()).containsExactly(0, 1, 0);
    assertThat(loaded.notices()).singleElement().asString().contains("meta");
  }

  @Test
  void publicArraysNeedNoLabels() throws IOException {
    byte[] x = npy("<f4", false, "2, 2", floats(1, 2, 3, 4));
    Map<String, byte[]> labelled = Map.of("x", x, "y", npy("<i4", false, "2,", new byte[8]));
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", npz(folder.resolve("a.npz"), labelled));
    files.put("population", npz(folder.resolve("b.npz"), Map.of("x", x)));
    ReadOptions named = ReadOptions.builder().label("y").build();
    DataReader.Loaded read = DataReader.read(files, named);
    assertThat(read.get("members").label()).isPresent();
    assertThat(read.get("population").label()).isEmpty();
    files.put("nonmembers", files.get("population"));
    assertThatThrownBy(() -> DataReader.read(files, named))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("there is no array 'y'");
    assertThatThrownBy(() -> DataReader.read(files, ReadOptions.defaults()))
        .hasMessageContaining("nonmembers has none; give them to all");
  }

  @Test
  void bytesOfPicturesAreScaledAndChannelsBroughtFirst() throws IOException {
    byte[] pixels = {0, (byte) 255, 51, 102, (byte) 153, (byte) 204};
    Map<String, byte[]> arrays = Map.of("x", npy("|u1", false, "1, 1, 2, 3", pixels));
    Path path = npz(folder.resolve("a.npz"), arrays);
    Dataset rows = DataReader.read(Map.of("members", path), ReadOptions.defaults()).get("members");
    Column.Array x = (Column.Array) rows.column("x");
    assertThat(x.shape()).isEqualTo(new Shape(3, 1, 2));
    assertThat(x.values()).containsExactly(0, 0.4f, 1, 0.6f, 0.2f, 0.8f);
  }

  @Test
  void aPairOfFilesHoldsInputsAndLabels() throws IOException {
    Path x = Files.write(folder.resolve("x.npy"), npy("<f4", false, "2, 2", floats(1, 2, 3, 4)));
    Path y = Files.write(folder.resolve("y.npy"), npy("|u1", false, "2,", new byte[] {1, 0}));
    Dataset rows =
        DataReader.read(Map.of("members", Path.of(x + "," + y)), ReadOptions.defaults())
            .get("members");
    assertThat(rows.classes()).containsExactly(1, 0);
  }

  @Test
  void aFlatTargetTakesTheSameNumbersInAnotherShape() throws IOException {
    Path path =
        Files.write(folder.resolve("x.npy"), npy("<f4", false, "1, 2, 2", floats(1, 2, 3, 4)));
    ReadOptions options =
        ReadOptions.builder()
            .images(ImageOptions.defaults().withTarget(new Shape(4), Layout.NCHW))
            .build();
    Dataset rows = DataReader.read(Map.of("members", path), options).get("members");
    assertThat(((Column.Array) rows.column("input")).shape()).isEqualTo(new Shape(4));
  }

  private void refuses(String name, byte[] file, String part) throws IOException {
    Path path = Files.write(folder.resolve(name), file);
    assertThatThrownBy(() -> DataReader.read(Map.of("members", path), ReadOptions.defaults()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(part)
        .message()
        .doesNotContain("\n");
  }

  @ParameterizedTest
  @CsvSource({
    "|O, '2,2', pickled objects never",
    "<M8[ns], '2,2', pickled objects never",
    "<f3, '2,2', 'type f3'",
    "<f16, '2,2', 'type f16'",
    "<c8, '2,2', only numbers",
    "<f4, '1000000000000,1000000000000', larger than any file",
    "<f4, '100000,100000', is the file complete",
    "<f4, '99999999999999999999999', is not one",
    "<f4, '4', no input",
    "<f4, '0,4', no input",
    "<f4, '', is the file complete",
    "<f4, '-1,4', lacks the shape",
    "|S4, '2,2', no input",
  })
  void headsThatAreAbsurdOrForeign(String descr, String shape, String part) throws IOException {
    int size = shape.equals("0,4") ? 0 : 16;
    refuses("a.npy", npy(descr, false, shape, new byte[size]), part);
  }

  @Test
  void arraysThatAreCutOffOrTooLong() throws IOException {
    byte[] whole = npy("<f4", false, "2,2", floats(1, 2, 3, 4));
    refuses("a.npy", Arrays.copyOf(whole, whole.length - 3), "is the file complete?");
    refuses("b.npy", Arrays.copyOf(whole, whole.length + 3), "is the file complete?");
    refuses("c.npy", Arrays.copyOf(whole, 30), "NumPy array");
    refuses("d.npy", "x,y\n1,2\n3,4\n".getBytes(StandardCharsets.UTF_8), "no NumPy array");
    byte[] longHead = Arrays.copyOf(whole, 100);
    Arrays.fill(longHead, 6, 12, (byte) 0x7f);
    refuses("e.npy", longHead, "its head of");
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.NEGATIVE_INFINITY})
  void numbersThatAreNotFinite(float number) throws IOException {
    refuses("a.npy", npy("<f4", false, "2,2", floats(1, 2, 3, number)), "in row 1");
  }

  @Test
  void doublesBeyondFloats() throws IOException {
    byte[] large = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putDouble(1e300).array();
    refuses("a.npy", npy("<f8", false, "1,1", large), "1.0E300 in row 0");
  }

  @Test
  void archivesThatAreCutOffOrBombs() throws IOException {
    byte[] x = npy("<f4", false, "2,2", floats(1, 2, 3, 4));
    byte[] whole = Files.readAllBytes(npz(folder.resolve("whole.npz"), Map.of("x", x)));
    refuses("a.npz", Arrays.copyOf(whole, whole.length / 2), "archive of NumPy arrays");
    refuses("b.npz", "PK".getBytes(StandardCharsets.UTF_8), "archive of NumPy arrays");
    byte[] zeros = npy("<f4", false, "10000,10000", new byte[400_000_000]);
    byte[] bomb = Files.readAllBytes(npz(folder.resolve("bomb.npz"), Map.of("x", zeros)));
    refuses("c.npz", bomb, "expands to more than 200 times");
    refuses("d.npz", Files.readAllBytes(npz(folder.resolve("e.npz"), Map.of())), "no array");
  }

  @Test
  void archivesWhoseLabelsAreTooFew() throws IOException {
    Map<String, byte[]> arrays = new LinkedHashMap<>();
    arrays.put("x", npy("<f4", false, "2,2", floats(1, 2, 3, 4)));
    arrays.put("y", npy("|u1", false, "1,", new byte[] {1}));
    byte[] bytes = Files.readAllBytes(npz(folder.resolve("whole.npz"), arrays));
    refuses("a.npz", bytes, "2 arrays, but 1 labels");
  }
}
