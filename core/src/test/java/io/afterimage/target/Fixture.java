package io.afterimage.target;

import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * A model that a real exporter wrote, and what its framework answers to a few rows; see
 * bench/fixtures/make.py.
 *
 * @param meaning of the answers and of the graph's output
 * @param answers of the framework, one row a row
 * @param tolerance of the answers, relative to the greatest or 1
 */
public record Fixture(
    String name,
    byte[] model,
    Task task,
    List<String> classes,
    Meaning meaning,
    Dataset rows,
    double[][] answers,
    double tolerance,
    Optional<Slopes> slopes) {
  /** Every fixture, by name. */
  public static final List<String> NAMES = names();

  /**
   * What a framework says of the slope of the sum of cos(1 (j + 1)) times output j of the first
   * row, in double, along the directions cos(k (i + 1)), k from 2.
   *
   * @param input along directions of the row
   * @param parameter a weight that the graph holds under this name; empty where none is as it was
   * @param weights along directions of the weight
   */
  public record Slopes(double[] input, String parameter, double[] weights) {}

  private static List<String> names() {
    try (Stream<Path> files = Files.list(file("any").resolveSibling(""))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".onnx"))
          .map(file -> file.substring(0, file.length() - ".onnx".length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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
        matrix(json.get("answers")),
        json.path("tolerance").asDouble(1e-5),
        Optional.ofNullable(json.get("slopes")).map(Fixture::slopes));
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
      throw new UncheckedIOException(e);
    }
  }

  private static Dataset rows(JsonNode json) {
    Map<String, Role> roles = new LinkedHashMap<>();
    List<Column> columns = new ArrayList<>();
    if (json.has("array")) {
      JsonNode array = json.get("array");
      int[] shape = array.get("shape").valueStream().mapToInt(JsonNode::asInt).toArray();
      columns.add(new Column.Array("image", floats(array.get("values")), new Shape(shape)));
    } else if (json.has("lattice")) {
      columns.add(lattice(json.get("lattice")));
    } else {
      json.get("columns").forEachEntry((column, cells) -> columns.add(column(column, cells)));
    }
    columns.forEach(column -> roles.put(column.name(), Role.FEATURE));
    return Dataset.of("rows", new Schema(roles), columns);
  }

  private static Slopes slopes(JsonNode json) {
    return new Slopes(
        doubles(json.path("input")),
        json.path("parameter").asString(""),
        doubles(json.path("parameterSlopes")));
  }

  private static double[] doubles(JsonNode array) {
    return array.valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  // Numbers from -1 to 1 that look drawn; bench/fixtures/common.py has the same.
  private static Column lattice(JsonNode lattice) {
    Shape shape = new Shape(lattice.get("shape").valueStream().mapToInt(JsonNode::asInt).toArray());
    float[] values = new float[lattice.get("rows").asInt() * shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (i * 7919L % 257 - 128) / 128f;
    }
    return new Column.Array("image", values, shape);
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
    return array.valueStream().map(Fixture::doubles).toArray(double[][]::new);
  }

  @Override
  public String toString() {
    return name;
  }
}
