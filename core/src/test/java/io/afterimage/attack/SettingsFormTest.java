package io.afterimage.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsFormTest {
  enum Way {
    FAST,
    VERY_SLOW
  }

  record Sample(
      @Setting("steps to take") int steps,
      @Setting("rows") long rows,
      @Setting("step size") double learningRate,
      @Setting("whether") boolean momentum,
      @Setting("how") Way way,
      @Setting("what") String name,
      @Setting("start picture") Optional<Path> start,
      @Setting("cap") OptionalInt cap,
      @Setting("limit") OptionalLong limit,
      @Setting("stop at") OptionalDouble stopAt) {
    Sample {
      Checks.inRange("--steps", steps, 1, 10);
    }
  }

  record Unexplained(int steps) {}

  record Unreadable(@Setting("a list") List<String> names) {}

  private static final Sample DEFAULTS =
      new Sample(
          3,
          4,
          0.5,
          false,
          Way.VERY_SLOW,
          "x",
          Optional.empty(),
          OptionalInt.empty(),
          OptionalLong.of(9),
          OptionalDouble.empty());
  private static final SettingsForm<Sample> FORM = SettingsForm.of(DEFAULTS);

  record Part(@Setting("how many") int count, @Setting("how fast") double rate) {
    Part {
      Checks.inRange("--count", count, 1, 10);
    }
  }

  record Whole(Part part, @Setting("which") String name) {}

  @Test
  void settingsWithinSettingsGiveTheirOwnOptions() {
    SettingsForm<Whole> form = SettingsForm.of(new Whole(new Part(1, 0.5), "x"));
    assertThat(form.options()).extracting("name").containsExactly("count", "rate", "name");
    assertThat(form.with(Map.of("count", "7", "name", "y")))
        .isEqualTo(new Whole(new Part(7, 0.5), "y"));
    assertThatThrownBy(() -> form.with(Map.of("count", "11")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--count");
    assertThatThrownBy(() -> form.with(Map.of("part", "7")))
        .hasMessage("unknown setting --part; there are --count, --rate, --name");
  }

  @Test
  void componentsBecomeOptionsWithHelpAndDefault() {
    assertThat(FORM.options())
        .containsExactly(
            new SettingsForm.Option("steps", "steps to take", "a whole number", "3"),
            new SettingsForm.Option("rows", "rows", "a whole number", "4"),
            new SettingsForm.Option("learning-rate", "step size", "a number", "0.5"),
            new SettingsForm.Option("momentum", "whether", "true | false", "false"),
            new SettingsForm.Option("way", "how", "fast | very-slow", "very-slow"),
            new SettingsForm.Option("name", "what", "text", "x"),
            new SettingsForm.Option("start", "start picture", "a path or none", "none"),
            new SettingsForm.Option("cap", "cap", "a whole number or none", "none"),
            new SettingsForm.Option("limit", "limit", "a whole number or none", "9"),
            new SettingsForm.Option("stop-at", "stop at", "a number or none", "none"));
  }

  @Test
  void everyKindOfSettingCanBeChanged() {
    Sample changed =
        FORM.with(
            Map.of(
                "steps", "7",
                "rows", "5000000000",
                "learning-rate", "1e-3",
                "momentum", "true",
                "way", "fast",
                "name", "y z",
                "start", "a.png",
                "cap", "2",
                "limit", "none",
                "stop-at", "0.9"));
    assertThat(changed)
        .isEqualTo(
            new Sample(
                7,
                5_000_000_000L,
                1e-3,
                true,
                Way.FAST,
                "y z",
                Optional.of(Path.of("a.png")),
                OptionalInt.of(2),
                OptionalLong.empty(),
                OptionalDouble.of(0.9)));
  }

  @Test
  void nothingTypedLeavesTheDefaults() {
    assertThat(FORM.with(Map.of())).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({
    "steps, 11, '--steps must be between 1 and 10, but is 11'",
    "steps, many, '--steps must be a whole number, but is ''many'''",
    "rows, 99999999999999999999, '--rows must be a whole number, but is ''99999999999999999999'''",
    "learning-rate, NaN, '--learning-rate must be a number, but is ''NaN'''",
    "momentum, yes, '--momentum must be true | false, but is ''yes'''",
    "way, slow, '--way must be fast | very-slow, but is ''slow'''",
    "cap, x, '--cap must be a whole number or none, but is ''x'''"
  })
  void whatCannotBeUsedIsNamedWithItsBound(String name, String text, String message) {
    assertThatThrownBy(() -> FORM.with(Map.of(name, text)))
        .isInstanceOf(BadInputException.class)
        .hasMessage(message);
  }

  @Test
  void anUnknownSettingIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> FORM.with(Map.of("speed", "1")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(
            "unknown setting --speed; there are --steps, --rows, --learning-rate");
  }

  @Test
  void recordsThatCannotBeTypedAreProgrammingErrors() {
    assertThatThrownBy(() -> SettingsForm.of(new Unexplained(1)).options())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SettingsForm.of(new Unreadable(List.of())).options())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
