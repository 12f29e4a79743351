package io.afterimage.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Small sound models to damage: the committed fixtures, and where the ONNX backend suite is present
 * its tests of single operators, whose inputs become defaults, so that each runs as it is.
 */
final class FuzzDonors {
  private static final Path ROOT = Path.of(System.getProperty("afterimage.root"));
  private static final Path SHARED = Path.of(System.getProperty("afterimage.shared"));
  private static final Path FIXTURES = ROOT.resolve("core/src/test/resources/fixtures");
  private static final Path SUITE = SHARED.resolve("data/onnx-backend/tests.zip");
  private static final int MOST_BYTES = 6000;

  private FuzzDonors() {}

  static List<ModelProto> all() {
    try {
      List<ModelProto> models = new ArrayList<>(fixtures());
      if (Files.exists(SUITE)) {
        models.addAll(suite());
      }
      return models;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<ModelProto> fixtures() throws IOException {
    List<ModelProto> models = new ArrayList<>();
    try (Stream<Path> files = Files.list(FIXTURES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".onnx")).sorted().toList()) {
        if (Files.size(file) <= MOST_BYTES) {
          models.add(ModelProto.parseFrom(Files.readAllBytes(file)));
        }
      }
    }
    return models;
  }

  private static List<ModelProto> suite() throws IOException {
    List<ModelProto> models = new ArrayList<>();
    try (ZipFile zip = new ZipFile(SUITE.toFile())) {
      for (ZipEntry entry : zip.stream().toList()) {
        String name = entry.getName();
        boolean node = name.startsWith("node/") && name.endsWith("/model.onnx");
        if (node && entry.getSize() <= MOST_BYTES) {
          ModelProto.Builder model = ModelProto.parseFrom(bytes(zip, entry)).toBuilder();
          addInputs(zip, name.replace("model.onnx", "test_data_set_0/input_"), model);
          models.add(model.build());
        }
      }
    }
    return models;
  }

  private static void addInputs(ZipFile zip, String prefix, ModelProto.Builder model)
      throws IOException {
    GraphProto.Builder graph = model.getGraphBuilder();
    for (int i = 0; i < graph.getInputCount(); i++) {
      ZipEntry entry = zip.getEntry(prefix + i + ".pb");
      boolean tensor = graph.getInput(i).getType().hasTensorType();
      if (tensor && entry != null && entry.getSize() <= MOST_BYTES) {
        TensorProto.Builder given = TensorProto.parseFrom(bytes(zip, entry)).toBuilder();
        graph.addInitializer(given.setName(graph.getInput(i).getName()));
      }
    }
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }
}
