package io.afterimage.audit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.NpzWriter;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.graph.Verify;
import io.afterimage.target.Fixture;
import io.afterimage.target.OnnxOptions;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The interpreter against ONNX Runtime, on models of real exporters and on arrays of the user's.
 */
@ExtendWith(NoLeakedTensors.class)
class VerificationTest {
  private static final Run RUN = Run.of(5);

  /** Why there are no gradients to compare. */
  private static final Map<String, String> FLAT =
      Map.of(
          "sklearn-forest", "a tree is constant",
          "xgboost", "a tree is constant",
          "odd-label-only", "no output of real numbers",
          "sklearn-binary", "is flat at these inputs");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sklearn-logistic",
        "sklearn-zipmap-strings",
        "sklearn-mlp-regressor",
        "sklearn-binary",
        "sklearn-columns",
        "sklearn-columns-zipmap",
        "sklearn-forest",
        "xgboost",
        "torch-mlp-log-softmax",
        "torch-lenet-batch1",
        "keras-cnn",
        "odd-mixing-batch",
        "odd-batch-of-five",
        "odd-pinned-batch",
        "odd-label-only"
      })
  void theInterpreterAgreesWithOnnxRuntime(String name) {
    Verify.Result found = Verification.of(Fixture.of(name).onnx(), Optional.empty(), RUN);
    assertThat(found.rows()).isPositive();
    assertAgrees(found, Optional.ofNullable(FLAT.get(name)));
  }

  private static void assertAgrees(Verify.Result found, Optional<String> flat) {
    assertThat(found.maxRelative()).as(found.reason()).isNotNull().isLessThan(1e-5);
    if (flat.isPresent()) {
      assertThat(found.gradientMaxRelative()).isNull();
      assertThat(found.reason()).contains(flat.get());
    } else {
      assertThat(found.gradientMaxRelative()).as(found.reason()).isNotNull().isLessThan(1e-6);
      assertThat(found.reason()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({"sklearn-columns", "sklearn-columns-zipmap"})
  void comparesOnGivenArraysOfNumbersAndTexts(String name) throws IOException {
    Fixture fixture = Fixture.of(name);
    try (Archive archive = new Archive(folder.resolve("x.npz"))) {
      for (Column column : fixture.rows().columns()) {
        int[] shape = {fixture.rows().rows(), 1};
        if (column instanceof Column.Categorical texts) {
          archive.texts(column.name(), IntStream.range(0, shape[0]).mapToObj(texts::text).toList());
        } else if (column instanceof Column.Numeric numbers) {
          archive.numbers(column.name(), numbers, column.name().equals("age"), shape[0]);
        }
      }
    }
    Verify.Result found =
        Verification.of(fixture.onnx(), Optional.of(folder.resolve("x.npz")), RUN);
    assertThat(found.rows()).isEqualTo(fixture.rows().rows());
    assertAgrees(found, Optional.empty());
  }

  @Test
  void comparesManyRowsInPortions() throws IOException {
    Path file = arrays("X", new float[1000 * 30], 1000, 30);
    Verify.Result found =
        Verification.of(Fixture.of("sklearn-binary").onnx(), Optional.of(file), RUN);
    assertThat(found.rows()).isEqualTo(1000);
    assertThat(found.maxRelative()).isNotNull().isLessThan(1e-5);
  }

  // ---- arrays that do not fit

  @Test
  void refusesArraysThatDoNotFitTheInputs() throws IOException {
    float[] four = {1, 2, 3, 4};
    refused(arrays("x", four, 1, 4), "x is no input of", "[X]");
    refused(arrays("X", four, 2, 2), "shape [2, 2]", "? x 4");
    refused(arrays("X", four, 4), "shape [4]");
    refused(arrays("X", new float[0], 0, 4), "[0, 4] is empty", "at least one row");
    refused(arrays("X", new float[] {1, 2, Float.NaN, 4}, 1, 4), "NaN at element 2");
    refused(
        arrays("X", new float[] {1, Float.POSITIVE_INFINITY, 3, 4}, 1, 4), "Infinity at element 1");
    refused(archive(npz -> npz.put("X", new int[] {1, 2, 3, 4}, 1, 4)), "int32", "float");
    refused(
        archive(npz -> npz.put("X", new double[] {1, 2, 3, 1e300}, 1, 4)), "1.0E300 at element 3");
    refused(folder.resolve("nowhere.npz"), "nowhere.npz");
    refused(Files.writeString(folder.resolve("text.npz"), "age,hours"), "text.npz");
  }

  @Test
  void refusesArraysWithoutOneOfTheInputs() throws IOException {
    Path file = arrays("hours", new float[] {1}, 1, 1);
    OnnxModel model = Fixture.of("sklearn-columns").onnx();
    assertThatThrownBy(() -> Verification.of(model, Optional.of(file), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("no array age", "it holds [hours]");
  }

  private void refused(Path file, String... named) {
    OnnxModel model = Fixture.of("sklearn-logistic").onnx();
    assertThatThrownBy(() -> Verification.of(model, Optional.of(file), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessageContainingAll(named)
        .hasMessageNotContaining("\n");
  }

  // ---- models that cannot be scored

  @Test
  void tellsWhatOnnxRuntimeDoesNotScore() {
    GraphBuilder g = new GraphBuilder("new");
    g.input("x", ElementType.FLOAT, "N", 2);
    g.node("Relu", "x").to("h");
    g.output(g.node("Sharpen", "h").to("y"), ElementType.FLOAT, "N", 2);
    OnnxModel model = g.build();
    Inspection inspection = Inspection.of(model, OnnxOptions.DEFAULTS);
    assertThat(inspection.operators())
        .containsExactly(
            new OperatorSupport(
                "", "Relu", 1, false, true, true, "ONNX Runtime refuses the model for its Sharpen"),
            new OperatorSupport(
                "",
                "Sharpen",
                1,
                false,
                false,
                false,
                "ONNX Runtime does not have it, or not for these types"));
    assertThat(inspection.access().values()).containsOnly(false);
    assertThat(Verification.of(model, Optional.empty(), RUN).reason()).contains("Sharpen");
  }

  @Test
  void describesAModelThatAnswersUnnamedLabels() {
    Inspection inspection =
        Inspection.of(Fixture.of("odd-label-only").onnx(), OnnxOptions.DEFAULTS);
    assertThat(inspection.model().outputs()).hasSize(1);
    assertThat(inspection.operators()).allMatch(OperatorSupport::scored);
    assertThat(inspection.notices()).singleElement().asString().contains("--classes");
  }

  // ---- files

  private interface Filling {
    void into(NpzWriter npz) throws IOException;
  }

  private Path archive(Filling filling) throws IOException {
    Path file = Files.createTempFile(folder, "x", ".npz");
    try (NpzWriter npz = new NpzWriter(Files.newOutputStream(file))) {
      filling.into(npz);
    }
    return file;
  }

  private Path arrays(String name, float[] values, int... shape) throws IOException {
    return archive(npz -> npz.put(name, values, shape));
  }

  /** Columns of one number or text a row, as NumPy would save them. */
  private static final class Archive implements AutoCloseable {
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    private final ZipOutputStream zip;

    Archive(Path file) throws IOException {
      OutputStream out = Files.newOutputStream(file);
      zip = new ZipOutputStream(out);
    }

    void texts(String name, List<String> texts) throws IOException {
      int width = texts.stream().mapToInt(String::length).max().orElse(1);
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (String text : texts) {
        byte[] cell = text.getBytes(UTF_32LE);
        bytes.write(cell);
        bytes.write(new byte[4 * width - cell.length]);
      }
      put(name, "<U" + width, texts.size(), bytes.toByteArray());
    }

    void numbers(String name, Column.Numeric numbers, boolean whole, int rows) throws IOException {
      ByteBuffer bytes = ByteBuffer.allocate(8 * rows).order(ByteOrder.LITTLE_ENDIAN);
      for (int row = 0; row < rows; row++) {
        if (whole) {
          bytes.putLong((long) numbers.get(row));
        } else {
          bytes.putDouble(numbers.get(row));
        }
      }
      put(name, whole ? "<i8" : "<f8", rows, bytes.array());
    }

    private void put(String name, String type, int rows, byte[] elements) throws IOException {
      String head =
          "{'descr': '%s', 'fortran_order': False, 'shape': (%d, 1), }".formatted(type, rows);
      zip.putNextEntry(new ZipEntry(name + ".npy"));
      zip.write(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) head.length(), 0});
      zip.write(head.getBytes(ISO_8859_1));
      zip.write(elements);
    }

    @Override
    public void close() throws IOException {
      zip.close();
    }
  }
}
