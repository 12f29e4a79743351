package io.afterimage.cli;

import io.afterimage.base.SafeYaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.databind.JsonNode;

/**
 * A spec file says what the options of {@code audit} say, under the same names. What stands on the
 * command line wins. Paths in it are relative to the file.
 */
final class SpecFile implements IDefaultValueProvider {
  private static final List<String> PATHS =
      List.of(
          "model",
          "members",
          "nonmembers",
          "population",
          "evaluation",
          "predictions",
          "classes",
          "canaries",
          "out");

  private final JsonNode values;
  private final Path folder;

  private SpecFile(JsonNode values, Path folder) {
    this.values = values;
    this.folder = folder;
  }

  /** Reads and validates the file; a BadInputException names what does not fit the schema. */
  static SpecFile read(Path file) {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    return new SpecFile(SafeYaml.read(file, schema()), folder);
  }

  private static String schema() {
    try (InputStream in = SpecFile.class.getResourceAsStream("audit-spec.schema.json")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = option.longestName().substring(2);
    JsonNode value = values.get(name);
    return value == null ? option.defaultValue() : text(name, value);
  }

  private String text(String name, JsonNode value) {
    if (value.isArray()) {
      return value.valueStream().map(i -> item(name, i)).collect(Collectors.joining(","));
    }
    if (value.isObject()) {
      return value.properties().stream()
          .map(e -> e.getKey() + "=" + item(name, e.getValue()))
          .collect(Collectors.joining(","));
    }
    return item(name, value);
  }

  private String item(String name, JsonNode value) {
    String text = value.asString();
    return PATHS.contains(name) ? folder.resolve(text).toString() : text;
  }
}
