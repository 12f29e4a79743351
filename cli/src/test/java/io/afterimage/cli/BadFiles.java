package io.afterimage.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Files that a user, or an enemy of the user, may hand in. */
final class BadFiles {
  /** A local header of a ZIP file up to the name of its first entry. */
  static final String ZIP = "PK\u0003\u0004" + "\0".repeat(26);

  private BadFiles() {}

  /** Something wrong, made in a folder. */
  interface Recipe {
    Path in(Path folder) throws IOException;
  }

  record Wrong(String what, Recipe made, String... named) {
    @Override
    public String toString() {
      return what;
    }
  }

  static Path write(Path folder, byte[] bytes) throws IOException {
    return Files.write(folder.resolve("m.onnx"), bytes);
  }

  static byte[] head(Path file, int bytes) throws IOException {
    return Arrays.copyOf(Files.readAllBytes(file), bytes);
  }

  /** A file of one character a byte. */
  static Path named(Path folder, String name, String bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes.getBytes(ISO_8859_1));
  }

  /** Such a file with the name of a model. */
  static Path renamed(Path folder, String bytes) throws IOException {
    return named(folder, "m.onnx", bytes);
  }

  // ---- tables

  static Path lines(Path folder, int rows, String... more) throws IOException {
    List<String> lines = Irises.lines(1, rows);
    lines.addAll(List.of(more));
    return Files.write(folder.resolve("m.csv"), lines);
  }

  static Path narrow(Path folder) throws IOException {
    List<String> lines = new ArrayList<>(List.of("b,c,d,species"));
    Irises.lines(1, 30).stream().skip(1).forEach(l -> lines.add(l.substring(l.indexOf(',') + 1)));
    return Files.write(folder.resolve("m.csv"), lines);
  }

  static Path replaced(Path folder, String from, String to) throws IOException {
    String text = String.join("\n", Irises.lines(1, 30));
    return Files.writeString(folder.resolve("m.csv"), text.replace(from, to));
  }

  static Path shuffled(Path folder) throws IOException {
    List<String> lines = Irises.lines(2, 60);
    Collections.reverse(lines.subList(1, lines.size()));
    return Files.write(folder.resolve("m.csv"), lines);
  }

  static Path wide(Path folder) throws IOException {
    String head =
        IntStream.range(0, 200_000).mapToObj(i -> "c" + i).collect(Collectors.joining(","));
    String row = "0" + ",0".repeat(199_999);
    return Files.write(folder.resolve("m.csv"), List.of(head, row, row));
  }

  static Path longCell(Path folder) throws IOException {
    Path file = folder.resolve("m.csv");
    try (Writer out = Files.newBufferedWriter(file)) {
      out.write("a,b,c,d,species\n5,3,1.5,0.2,");
      for (int i = 0; i < 30; i++) {
        out.write("x".repeat(1 << 20));
      }
      out.write("\n");
    }
    return file;
  }

  static Path npzBomb(Path folder) throws IOException {
    Path file = folder.resolve("m.npz");
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
      zip.putNextEntry(new ZipEntry("x.npy"));
      byte[] zeros = new byte[1 << 20];
      zip.write(npyHead("(33554432,)"));
      for (int i = 0; i < 128; i++) {
        zip.write(zeros);
      }
    }
    return file;
  }

  static Path npyBomb(Path folder) throws IOException {
    return Files.write(folder.resolve("m.npy"), npyHead("(2000000000, 2000000000)"));
  }

  static byte[] npyHead(String shape) {
    String head = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(
        new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) head.length(), 0});
    bytes.writeBytes(head.getBytes(ISO_8859_1));
    return bytes.toByteArray();
  }

  static Path gzipBomb(Path folder) throws IOException {
    Path file = folder.resolve("m.csv.gz");
    try (OutputStream out = new java.util.zip.GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("a,b,c,d,species\n".getBytes(UTF_8));
      byte[] rows = "1,1,1,1,0\n".repeat(1 << 17).getBytes(UTF_8);
      for (int i = 0; i < 200; i++) {
        out.write(rows);
      }
    }
    return file;
  }

  // ---- pictures

  static Path pictures(Path folder, int size, int other) throws IOException {
    for (String name : List.of("0", "1", "2")) {
      Path one = Files.createDirectories(folder.resolve("m").resolve(name));
      picture(one.resolve("a.png"), size, BufferedImage.TYPE_BYTE_GRAY);
      picture(one.resolve("b.png"), other, BufferedImage.TYPE_BYTE_GRAY);
    }
    return folder.resolve("m");
  }

  static void picture(Path file, int size, int type) throws IOException {
    BufferedImage image = new BufferedImage(size, size, type);
    image.setRGB(file.hashCode() & 7, 3, 0xffffff);
    ImageIO.write(image, "png", file.toFile());
  }

  static Path coloured(Path folder) throws IOException {
    Path all = pictures(folder, 8, 8);
    picture(all.resolve("0/b.png"), 8, BufferedImage.TYPE_INT_RGB);
    picture(all.resolve("0/a.png"), 8, BufferedImage.TYPE_INT_RGB);
    return all;
  }

  static Path cutPicture(Path folder) throws IOException {
    Path all = pictures(folder, 8, 8);
    Path one = all.resolve("0/b.png");
    return Files.write(one, head(one, 40));
  }

  /** A head that claims 60,000 x 60,000 pixels, in a file of a few bytes. */
  static Path hugeClaim(Path folder) throws IOException {
    Path all = pictures(folder, 8, 8);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    DataOutputStream head = new DataOutputStream(chunk);
    head.writeBytes("IHDR");
    head.writeInt(60_000);
    head.writeInt(60_000);
    head.write(new byte[] {8, 0, 0, 0, 0});
    CRC32 crc = new CRC32();
    crc.update(chunk.toByteArray());
    out.writeInt(13);
    out.write(chunk.toByteArray());
    out.writeInt((int) crc.getValue());
    return Files.write(all.resolve("0/b.png"), bytes.toByteArray());
  }

  // ---- others

  static Path yaml(Path folder, String text) throws IOException {
    return Files.writeString(folder.resolve("s.yaml"), text);
  }

  static String bomb() {
    StringBuilder text = new StringBuilder("a0: &a0 [lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    return text.toString();
  }

  static Path finished(Path folder) throws IOException {
    Path run = Files.createDirectories(folder.resolve("before"));
    Files.writeString(run.resolve("report.json"), "{}");
    return run;
  }
}
