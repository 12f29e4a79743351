package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.audit.AttackList;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** A message names options that exist, and an option's name means one thing. */
class NamedOptionsTest {
  private static final Pattern TEXT = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");

  /** Of other programs, of no option, or of settings that no command offers yet. */
  private static final Set<String> OTHERS =
      Set.of("--name", "--keras", "--epsilon", "--beta", "--depth");

  @Test
  void existOnTheCommandLine() throws IOException {
    Set<String> named = new TreeSet<>();
    Path root = Path.of(System.getProperty("afterimage.root"));
    for (String module : new String[] {"core", "cli"}) {
      try (Stream<Path> files = Files.walk(root.resolve(module).resolve("src/main/java"))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
          TEXT.matcher(Files.readString(file))
              .results()
              .flatMap(text -> OPTION.matcher(text.group()).results())
              .forEach(option -> named.add(option.group()));
        }
      }
    }
    assertThat(named).hasSizeGreaterThan(20);
    named.removeAll(OTHERS);
    assertThat(known()).containsAll(named);
  }

  /**
   * 'attack' takes the options of 'audit' and would take such a setting for one of them. One means
   * the same as both.
   */
  @Test
  void noSettingOfAnAttackIsAnOptionOfTheCommand() {
    Set<String> settings = settings();
    assertThat(settings).contains("--first-classes", "--generation", "--patience");
    settings.remove("--references");
    assertThat(settings).doesNotContainAnyElementsOf(options("audit"));
    assertThat(settings).doesNotContainAnyElementsOf(options("attack"));
  }

  private static Set<String> known() {
    Set<String> known = settings();
    line().getSubcommands().keySet().forEach(command -> known.addAll(options(command)));
    return known;
  }

  private static Set<String> options(String command) {
    return Objects.requireNonNull(line().getSubcommands().get(command))
        .getCommandSpec()
        .optionsMap()
        .keySet();
  }

  private static Set<String> settings() {
    return AttackList.all().stream()
        .flatMap(attack -> AttackList.settings(attack.id()).options().stream())
        .map(option -> "--" + option.name())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static CommandLine line() {
    return Main.line(Console.of(new PrintStream(System.out), new PrintStream(System.err)));
  }
}
