package io.afterimage.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeYamlTest {
  private static final String SCHEMA =
      """
      {"type": "object", "additionalProperties": false,
       "properties": {"name": {"type": "string"}, "count": {"type": "integer", "minimum": 1}}}
      """;

  @TempDir private Path folder;

  @Test
  void readsPlainValues() {
    assertThat(SafeYaml.parse("name: a\ncount: 3\n", "spec", SCHEMA).get("count").intValue())
        .isEqualTo(3);
  }

  @Test
  void namesTheFieldThatBreaksTheSchema() {
    assertThatThrownBy(() -> SafeYaml.parse("count: 0", "spec.yaml", SCHEMA))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("spec.yaml")
        .hasMessageContaining("count");
    assertThatThrownBy(() -> SafeYaml.parse("colour: red", "spec.yaml", SCHEMA))
        .hasMessageContaining("colour");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "name: !!java.net.URL 'x'",
        "name: !local x",
        "name: &a x",
        "a: &a [x]\nb: [*a, *a]",
        "a: &a\n  b: *a",
        "name: a\nname: b",
        "name: [",
        "\tname: a",
        "name: \u0000",
        "",
        "[[[[[["
      })
  void refusesWhatIsNotPlainData(String text) {
    assertThatThrownBy(() -> SafeYaml.parse(text, "spec.yaml", SCHEMA))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("spec.yaml");
  }

  @Test
  void refusesADeepNestSoonAndWithoutOverflowingTheStack() {
    assertThatThrownBy(() -> SafeYaml.parse("[".repeat(200_000), "spec.yaml", SCHEMA))
        .isInstanceOf(BadInputException.class);
  }

  @Test
  void refusesALargeFileByItsSize() throws IOException {
    Path file = Files.writeString(folder.resolve("big.yaml"), "name: " + "x".repeat(2 << 20));
    assertThatThrownBy(() -> SafeYaml.read(file, SCHEMA))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("bytes");
  }

  @Test
  void namesAMissingFile() {
    assertThatThrownBy(() -> SafeYaml.read(folder.resolve("none.yaml"), SCHEMA))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("none.yaml");
  }
}
