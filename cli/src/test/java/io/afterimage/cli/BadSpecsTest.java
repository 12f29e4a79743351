package io.afterimage.cli;

import static io.afterimage.cli.BadFiles.bomb;
import static io.afterimage.cli.BadFiles.yaml;

import io.afterimage.cli.BadFiles.Wrong;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** YAML that is hostile, wrong or empty, as an audit's description and as a policy. */
class BadSpecsTest extends Refusals {
  static Stream<Wrong> specs() {
    return Stream.of(
        new Wrong("a bomb", f -> yaml(f, bomb()), "line", "anchors"),
        new Wrong("a tag", f -> yaml(f, "model: !!javax.script.ScriptEngineManager [x]"), "tags"),
        new Wrong("deep", f -> yaml(f, "[".repeat(5000)), "nested"),
        new Wrong("a large file", f -> yaml(f, "#".repeat(2 << 20)), "bytes"),
        new Wrong("a key twice", f -> yaml(f, "model: a\nmodel: b"), "model"),
        new Wrong("an unknown key", f -> yaml(f, "modell: a"), "modell"),
        new Wrong("a wrong type", f -> yaml(f, "query-budget: many"), "query-budget"),
        new Wrong("out of bounds", f -> yaml(f, "query-budget: 0"), "query-budget"),
        new Wrong("no YAML", f -> yaml(f, "model: [a"), "YAML"),
        new Wrong(
            "not UTF-8", f -> Files.write(f.resolve("s.yaml"), new byte[] {(byte) 0xff}), "UTF-8"),
        new Wrong("nothing", f -> yaml(f, ""), "s.yaml"));
  }

  @ParameterizedTest
  @MethodSource("specs")
  void specAndPolicyFiles(Wrong wrong) throws IOException {
    String file = wrong.made().in(folder).toString();
    assertRefused(List.of("audit", file), wrong.named());
    List<String> arguments = audit();
    arguments.addAll(List.of("--policy", file));
    assertRefused(arguments, "s.yaml");
  }
}
