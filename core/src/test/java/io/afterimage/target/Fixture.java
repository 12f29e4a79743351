package io.afterimage.target;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A model that a real exporter wrote, and what its framework answers to a few rows; see
 * bench/fixtures/make.py.
 *
 * @param meaning of the answers and of the graph's output
 * @param answers of the framework, one row a row
 */
public record Fixture(
    String name,
    byte[] model,
    Task task,
    List<String> classes,
    Meaning meaning,
    Dataset rows,
    double[][] answers) {
  /** Every fixture, by name. */
  public static final List<String> NAMES =
      List.of(
          "sklearn-logistic",
          "sklearn-forest",
          "sklearn-boosting",
          "sklearn-boosting-binary",
          "sklearn-svc",
          "sklearn-knn",
          "sklearn-zipmap-strings",
          "sklearn-zipmap-ints",
          "sklearn-binary",
          "sklearn-mlp",
          "sklearn-linear",
          "sklearn-mlp-regressor",
          "sklearn-forest-regressor",
          "sklearn-columns",
          "sklearn-columns-zipmap",
          "xgboost",
          "lightgbm",
          "torch-mlp",
          "torch-mlp-softmax",
          "torch-mlp-log-softmax",
          "torch-sigmoid",
          "torch-lenet",
          "torch-lenet-legacy",
          "torch-lenet-batch1",
          "torch-lenet-batch1-softmax",
          "keras-cnn",
          "odd-pinned-batch",
          "odd-mixing-batch",
          "odd-spelt-softmax",
          "odd-batch-of-five",
          "odd-label-only");

  /** Reads the fixture of this name. */
  public static Fixture of(String name) {
    JsonNode json = new ObjectMapper().readTree(resource(name + ".json"));
    return new Fixture(
        name,
        resource(name + ".onnx"),
        Task.valueOf(json.get("task").asString().toUpperCase(java.util.Locale.ROOT)),
        texts(json.get("classes")),
        Meaning.of(json.get("meaning").asString()),
        rows(json),
        matrix(json.get("answers")));
  }

  /** The model, checked. */
  public OnnxModel onnx() {
    return OnnxModel.read(model, name + ".onnx");
  }

  /** Where the model's file lies. */
  public static Path file(String name) {
    return Path.of(
        String.valueOf(System.getProperty("afterimage.root")),
        "core/src/test/resources/fixtures",
        name + ".onnx");
  }

  private static byte[] resource(String file) {
    try (InputStream in = Fixture.class.getResourceAsStream("/fixtures/" + file)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Dataset rows(JsonNode json) {
    Map<String, Role> roles = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    if (json.has("array")) {
      JsonNode array = json.get("array");
      int[] shape = array.get("shape").valueStream().mapToInt(JsonNode::asInt).toArray();
      columns.add(new Column.Array("image", floats(array.get("values")), new Shape(shape)));
    } else {
      json.get("columns").forEachEntry((column, cells) -> columns.add(column(column, cells)));
    }
    columns.forEach(column -> roles.put(column.name(), Role.FEATURE));
    return Dataset.of("rows", new Schema(roles), columns);
  }

  private static Column column(String name, JsonNode cells) {
    if (cells.get(0).isNumber()) {
      return new Column.Numeric(
          name, cells.valueStream().mapToDouble(JsonNode::asDouble).toArray());
    }
    List<String> dictionary = texts(cells).stream().distinct().toList();
    int[] codes = texts(cells).stream().mapToInt(dictionary::indexOf).toArray();
    return new Column.Categorical(name, codes, dictionary);
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) array.get(i).asDouble();
    }
    return values;
  }

  private static double[][] matrix(JsonNode array) {
    return array
        .valueStream()
        .map(row -> row.valueStream().mapToDouble(JsonNode::asDouble).toArray())
        .toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
