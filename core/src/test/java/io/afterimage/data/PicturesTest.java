package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PicturesTest {
  @TempDir Path folder;

  private static BufferedImage picture(int type, int width, int height) {
    BufferedImage image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        for (int band = 0; band < image.getRaster().getNumBands(); band++) {
          image.getRaster().setSample(x, y, band, 10 + 40 * x + 20 * y + 5 * band);
        }
      }
    }
    return image;
  }

  private Path write(String name, BufferedImage image) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.getParent());
    String format = name.substring(name.lastIndexOf('.') + 1);
    assertThat(ImageIO.write(image, format.equals("pgm") ? "pnm" : format, path.toFile())).isTrue();
    return path;
  }

  private Column.Array read(ImageOptions images) {
    Dataset rows =
        DataReader.read(
                Map.of("members", folder.resolve("d")),
                ReadOptions.builder().images(images).build())
            .get("members");
    return (Column.Array) rows.column("input");
  }

  private static ImageOptions target(Shape shape, Layout layout) {
    return ImageOptions.defaults().withTarget(shape, layout);
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "pgm"})
  void greySamplesAreTakenAsTheyStand(String format) throws IOException {
    write("d/a/1." + format, picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    Column.Array rows = read(ImageOptions.defaults());
    assertThat(rows.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(rows.values())
        .containsExactly(10 / 255f, 50 / 255f, 90 / 255f, 30 / 255f, 70 / 255f, 110 / 255f);
  }

  @Test
  void sixteenBitGreyIsScaledByItsOwnRange() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_USHORT_GRAY, 1, 1));
    assertThat(read(ImageOptions.defaults()).values()).containsExactly(10 / 65535f);
  }

  @Test
  void palettesOfGreyAreGrey() throws IOException {
    BufferedImage image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY);
    image.getRaster().setSample(1, 0, 0, 1);
    write("d/a/1.png", image);
    assertThat(read(ImageOptions.defaults()).values()).containsExactly(0, 1);
  }

  @Test
  void channelsStandWhereTheLayoutSays() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_3BYTE_BGR, 2, 1));
    Column.Array first = read(ImageOptions.defaults());
    assertThat(first.shape()).isEqualTo(new Shape(3, 1, 2));
    assertThat(first.values())
        .containsExactly(10 / 255f, 50 / 255f, 15 / 255f, 55 / 255f, 20 / 255f, 60 / 255f);
    Column.Array last =
        read(new ImageOptions(0, 1, List.of(), List.of(), Layout.NHWC, Optional.empty(), false));
    assertThat(last.shape()).isEqualTo(new Shape(1, 2, 3));
    assertThat(last.values())
        .containsExactly(10 / 255f, 15 / 255f, 20 / 255f, 50 / 255f, 55 / 255f, 60 / 255f);
  }

  @Test
  void alphaIsDropped() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_4BYTE_ABGR, 1, 1));
    assertThat(read(ImageOptions.defaults()).values())
        .containsExactly(10 / 255f, 15 / 255f, 20 / 255f);
  }

  @Test
  void rangeMeanAndDeviationApplyInThisOrder() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 1, 1));
    ImageOptions options =
        new ImageOptions(-1, 1, List.of(0.5), List.of(2.0), Layout.NCHW, Optional.empty(), false);
    assertThat(read(options).values()[0])
        .isEqualTo((float) ((-1 + 2 * (double) (10 / 255f) - 0.5) / 2));
  }

  /** Faces gathered somewhere have no names; they still show what faces look like. */
  @Test
  void publicPicturesMayStandInTheFolderItself() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    write("d/b/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    write("p/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    DataReader.Loaded read = read("population");
    assertThat(read.get("members").label()).isPresent();
    assertThat(read.get("population").label()).isEmpty();
    assertThat(read.get("population").rows()).isEqualTo(1);
    assertThat(read.notices()).contains("population comes without labels");
    assertThatThrownBy(() -> read("nonmembers"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds no sub-folders with pictures");
  }

  @Test
  void picturesBesideTheSubFoldersAreNotPassedOverInSilence() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    write("p/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    write("p/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    DataReader.Loaded read = read("population");
    assertThat(read.get("population").rows()).isEqualTo(1);
    assertThat(read.notices())
        .singleElement()
        .asString()
        .endsWith("1 pictures stand beside the sub-folders, have no label and are not read");
  }

  private DataReader.Loaded read(String role) {
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", folder.resolve("d"));
    files.put(role, folder.resolve("p"));
    return DataReader.read(files, ReadOptions.defaults());
  }

  @Test
  void jpegIsRead() throws IOException {
    BufferedImage image = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 256; i++) {
      image.getRaster().setSample(i % 16, i / 16, 0, 120);
    }
    write("d/a/1.jpg", image);
    Column.Array rows = read(ImageOptions.defaults());
    assertThat(rows.shape()).isEqualTo(new Shape(1, 16, 16));
    assertThat(rows.values()[100]).isCloseTo(120 / 255f, within(2 / 255f));
  }

  @ParameterizedTest
  @ValueSource(strings = {"P5 1 1 15\n\u000f", "P2 1 1 15\n15\n", "P5 1 1 1000\n\u0003\u00e8"})
  void pgmIsScaledByItsOwnMaximum(String pgm) throws IOException {
    Files.createDirectories(folder.resolve("d/a"));
    Files.write(folder.resolve("d/a/1.pgm"), pgm.getBytes(StandardCharsets.ISO_8859_1));
    assertThat(read(ImageOptions.defaults()).values()[0]).isCloseTo(1, within(1 / 256f));
  }

  @Test
  void webpIsRead() throws IOException {
    Files.createDirectories(folder.resolve("d/a"));
    Files.write(
        folder.resolve("d/a/1.webp"),
        java.util.Base64.getDecoder().decode("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="));
    Column.Array rows = read(ImageOptions.defaults());
    assertThat(rows.shape()).isEqualTo(new Shape(3, 1, 1));
    assertThat(rows.values()).containsExactly(0, 0, 0);
  }

  @Test
  void colourBecomesGreyAndGreyColourOnlyWhenAskedFor() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_3BYTE_BGR, 1, 1));
    assertThatThrownBy(() -> read(target(new Shape(1, 1, 1), Layout.NCHW)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("3 channels")
        .hasMessageContaining("--convert-colours");
    ImageOptions convert =
        new ImageOptions(
            0, 1, List.of(), List.of(), Layout.NCHW, Optional.of(new Shape(1, 1, 1)), true);
    assertThat(read(convert).values()[0])
        .isCloseTo((float) ((0.299 * 10 + 0.587 * 15 + 0.114 * 20) / 255), within(1e-6f));
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 1, 1));
    assertThat(read(convert.withTarget(new Shape(1, 1, 3), Layout.NHWC)).values())
        .containsExactly(10 / 255f, 10 / 255f, 10 / 255f);
  }

  @ParameterizedTest
  @CsvSource({"6", "2x3", "1x2x3", "1x0x0"})
  void targetsOfAnyRankTakeAPictureOfTheirSize(String extents) throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    int[] shape = Arrays.stream(extents.split("x")).mapToInt(Integer::parseInt).toArray();
    Column.Array rows = read(target(new Shape(shape), Layout.NCHW));
    assertThat(rows.shape().size()).isEqualTo(6);
    assertThat(rows.shape().rank()).isEqualTo(shape.length);
  }

  @Test
  void targetsOfAnotherSizeNameBoth() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 3, 2));
    assertThatThrownBy(() -> read(target(new Shape(1, 4, 4), Layout.NCHW)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 high and 3 wide")
        .hasMessageContaining("1x4x4");
  }

  @Test
  void foldersAreClassesInByteOrderOverAllRoles() throws IOException {
    for (String name : List.of("d/s10/1.png", "d/s2/1.png", "d/é/1.png", "e/s1/1.png")) {
      write(name, picture(BufferedImage.TYPE_BYTE_GRAY, 1, 1));
    }
    Files.writeString(folder.resolve("d/README"), "not a class");
    Map<String, Path> files = new LinkedHashMap<>();
    files.put("members", folder.resolve("d"));
    files.put("nonmembers", folder.resolve("e"));
    DataReader.Loaded loaded = DataReader.read(files, ReadOptions.defaults());
    assertThat(((Column.Categorical) loaded.get("members").column("label")).dictionary())
        .containsExactly("s1", "s10", "s2", "é");
    assertThat(loaded.get("members").classes()).containsExactly(1, 2, 3);
    assertThat(loaded.get("nonmembers").classes()).containsExactly(0);
  }

  private void refuses(String part) {
    assertThatThrownBy(() -> read(ImageOptions.defaults()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(part)
        .message()
        .doesNotContain("\n");
  }

  @Test
  void picturesOfDifferentSizes() throws IOException {
    write("d/a/1.png", picture(BufferedImage.TYPE_BYTE_GRAY, 1, 1));
    write("d/b/2.png", picture(BufferedImage.TYPE_BYTE_GRAY, 1, 2));
    refuses("b/2.png is 2 high and 1 wide");
  }

  @Test
  void picturesOfSixtyThousandPixelsSquareAreNotDecoded() throws IOException {
    byte[] head = "P5\n60000 60000\n255\n0123456789".getBytes(StandardCharsets.US_ASCII);
    Files.createDirectories(folder.resolve("d/a"));
    Files.write(folder.resolve("d/a/1.pgm"), head);
    refuses("60000 pixels wide");
    Files.delete(folder.resolve("d/a/1.pgm"));
    byte[] png =
        Files.readAllBytes(write("d/a/2.png", picture(BufferedImage.TYPE_BYTE_GRAY, 1, 1)));
    ByteBuffer.wrap(png).putInt(16, 60_000).putInt(20, 60_000);
    java.util.zip.CRC32 crc = new java.util.zip.CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    Files.write(folder.resolve("d/a/2.png"), png);
    refuses("60000 pixels wide");
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "pgm", "jpg"})
  void picturesThatAreCutOff(String format) throws IOException {
    BufferedImage image = new BufferedImage(64, 64, BufferedImage.TYPE_BYTE_GRAY);
    java.util.Random random = new java.util.Random(3);
    for (int i = 0; i < 4096; i++) {
      image.getRaster().setSample(i % 64, i / 64, 0, random.nextInt(256));
    }
    Path path = write("d/a/1." + format, image);
    byte[] whole = Files.readAllBytes(path);
    Files.write(path, Arrays.copyOf(whole, whole.length / 2));
    refuses("a/1." + format);
  }

  @Test
  void textThatCallsItselfAPicture() throws IOException {
    Files.createDirectories(folder.resolve("d/a"));
    Files.writeString(folder.resolve("d/a/1.png"), "x,y\n1,2\n");
    refuses("is no picture");
    Files.writeString(folder.resolve("d/a/1.png"), "");
    refuses("is empty");
  }

  @Test
  void idxPairsFindTheirLabels() throws IOException {
    byte[] images = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 51, 102, (byte) 255};
    byte[] labels = {0, 0, 8, 1, 0, 0, 0, 2, 7, 3};
    Path path = folder.resolve("t-images-idx3-ubyte.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(path))) {
      out.write(images);
    }
    Files.write(folder.resolve("t-labels-idx1-ubyte"), labels);
    Dataset rows = DataReader.read(Map.of("members", path), ReadOptions.defaults()).get("members");
    assertThat(((Column.Array) rows.column("input")).values()).containsExactly(0, 0.2f, 0.4f, 1);
    assertThat(rows.label().orElseThrow().text(0)).isEqualTo("7");
    assertThat(rows.classes()).containsExactly(1, 0);
  }

  @ParameterizedTest
  @CsvSource({
    "0 0 8 3 0 0 0 2 0 0 0 1 0 0 0 2 1 2 3, end early",
    "0 0 8 3 0 0 0 1 0 0 0 1 0 0 0 2 1 2 3, more bytes",
    "0 0 8 3 127 0 0 1 127 0 0 1 0 0 0 2 1 2 3, absurd",
    "0 0 8 3 0 0 0 0 0 0 0 1 0 0 0 2, absurd",
    "0 0 8 3 0 64 0 1 0 0 1 1 0 0 1 2 1 2 3, far smaller",
    "0 0 13 3 0 0 0 1 0 0 0 1 0 0 0 1 1, no IDX",
    "1 2 3, IDX",
    "0 0 8 1 0 0 0 2 1 2, 2 or 3 axes",
  })
  void idxFilesThatLie(String bytes, String part) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    Arrays.stream(bytes.split(" ")).mapToInt(Integer::parseInt).forEach(file::write);
    Path path = Files.write(folder.resolve("t-images-idx3-ubyte"), file.toByteArray());
    assertThatThrownBy(() -> DataReader.read(Map.of("members", path), ReadOptions.defaults()))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @CsvSource({"1,0,1", "0,0,1", "NaN,1,1", "0,1,0", "0,1,-1"})
  void optionsOutOfBounds(double low, double high, double std) {
    assertThatThrownBy(
            () ->
                new ImageOptions(
                    low, high, List.of(0.0), List.of(std), Layout.NCHW, Optional.empty(), false))
        .isInstanceOf(BadInputException.class);
  }
}
