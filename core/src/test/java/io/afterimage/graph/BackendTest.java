package io.afterimage.graph;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import io.afterimage.base.BadInputException;
import io.afterimage.graph.ops.Operators;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The ONNX backend suite: every test whose operators the interpreter knows runs, and agrees with
 * the expected outputs within the suite's own tolerance. A variant that is refused is refused in
 * words.
 */
@ExtendWith(NoLeakedTensors.class)
class BackendTest {
  private static final Path ZIP =
      Path.of(System.getProperty("afterimage.shared"), "data", "onnx-backend", "tests.zip");
  private static final double RELATIVE = 1e-3;
  private static final double ABSOLUTE = 1e-7;

  /** How many tests agreed when this was last extended; a change must not lose one. */
  private static final int AGREED = 1237;

  @Test
  void agreesWithTheSuiteOnEveryOperatorThatItKnows() throws IOException {
    assumeTrue(Files.exists(ZIP), "data set onnx-backend is absent");
    List<String> wrong = new ArrayList<>();
    Map<String, String> refused = new TreeMap<>();
    int agreed = 0;
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      for (String test : tests(zip)) {
        try {
          if (agrees(zip, test, wrong)) {
            agreed++;
          }
        } catch (BadInputException e) {
          refused.put(test, String.valueOf(e.getMessage()));
        }
      }
    }
    refused.forEach(
        (test, message) -> {
          if (message.contains(" failed: ")) {
            wrong.add(test + ": " + message);
          }
        });
    System.getLogger("BackendTest")
        .log(System.Logger.Level.INFO, "{0} agreed, {1} refused", agreed, refused.size());
    assertThat(wrong).isEmpty();
    assertThat(agreed).isGreaterThanOrEqualTo(AGREED);
  }

  private static List<String> tests(ZipFile zip) {
    return zip.stream()
        .map(ZipEntry::getName)
        .filter(n -> n.endsWith("/model.onnx"))
        .map(n -> n.substring(0, n.length() - "model.onnx".length()))
        .sorted()
        .toList();
  }

  /** Whether it ran and agreed; false where an operator is not known. */
  private static boolean agrees(ZipFile zip, String test, List<String> wrong) {
    OnnxModel model = OnnxModel.read(bytes(zip, test + "model.onnx"), test);
    boolean known =
        model.nodes().stream().allMatch(n -> Operators.find(n.domain(), n.type()).isPresent());
    boolean tensors =
        Stream.concat(model.inputs().stream(), model.outputs().stream())
            .allMatch(v -> v.type().matches("[a-z0-9]+") && v.element().isPresent());
    if (!known || !tensors) {
      return false;
    }
    boolean[] same = {true};
    for (int set = 0; zip.getEntry(test + "test_data_set_" + set + "/output_0.pb") != null; set++) {
      String folder = test + "test_data_set_" + set + "/";
      TensorScope.run(
          () -> {
            String difference = difference(zip, folder, model);
            if (!difference.isEmpty()) {
              wrong.add(test + ": " + difference);
              same[0] = false;
            }
          });
    }
    return same[0];
  }

  private static String difference(ZipFile zip, String folder, OnnxModel model) {
    Map<String, Value> inputs = new HashMap<>();
    for (int i = 0; i < model.inputs().size(); i++) {
      if (zip.getEntry(folder + "input_" + i + ".pb") != null) {
        inputs.put(model.inputs().get(i).name(), value(bytes(zip, folder + "input_" + i + ".pb")));
      }
    }
    Map<String, Value> expected = new LinkedHashMap<>();
    for (int i = 0; i < model.outputs().size(); i++) {
      expected.put(
          model.outputs().get(i).name(), value(bytes(zip, folder + "output_" + i + ".pb")));
    }
    try (Interpreter interpreter = Interpreter.of(model)) {
      Map<String, Value> actual = interpreter.run(inputs, expected.keySet());
      StringBuilder differences = new StringBuilder();
      expected.forEach(
          (name, value) -> differences.append(difference(value, requireNonNull(actual.get(name)))));
      return differences.toString();
    }
  }

  private static String difference(Value expected, Value actual) {
    if (!Arrays.equals(expected.shape(), actual.shape())) {
      return "shape "
          + Arrays.toString(actual.shape())
          + " not "
          + Arrays.toString(expected.shape());
    }
    if (expected instanceof Value.Strings strings) {
      return actual.equals(strings) ? "" : "texts differ";
    }
    Tensor want = ((Value.Numbers) expected).tensor();
    Tensor have = ((Value.Numbers) actual).tensor();
    double[] a = want.toDoubles();
    double[] b = have.toDoubles();
    double relative = Math.max(RELATIVE, resolution(want.dtype()));
    for (int i = 0; i < a.length; i++) {
      boolean same =
          Double.compare(a[i], b[i]) == 0
              || Math.abs(a[i] - b[i]) <= ABSOLUTE + relative * Math.abs(a[i]);
      if (!same) {
        return "element %d is %s, not %s".formatted(i, b[i], a[i]);
      }
    }
    return "";
  }

  /** Two steps between neighbouring numbers of the short types. */
  private static double resolution(DType type) {
    return switch (type) {
      case HALF -> 0x1p-9;
      case BFLOAT16 -> 0x1p-6;
      default -> 0;
    };
  }

  private static Value value(byte[] bytes) {
    try {
      return TensorData.value(TensorProto.parseFrom(bytes));
    } catch (IOException e) {
      return fail("not a tensor", e);
    }
  }

  private static byte[] bytes(ZipFile zip, String name) {
    try {
      return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
