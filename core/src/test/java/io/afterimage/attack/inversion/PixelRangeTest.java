package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.Attack;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.BadInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks that draw pixel by pixel are told the pixels' range in the same words. */
class PixelRangeTest {
  static List<Attack<?, ?, ?>> attacks() {
    return List.of(
        new MiFace(),
        new MiSearch(),
        new DeepInversion(),
        new FeatureInversion(),
        new InversionNetwork());
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void theRangeIsSeenUnlessItIsGiven(Attack<?, ?, ?> attack) {
    SettingsForm<?> form = SettingsForm.of(attack.defaults());
    assertThat(form.options())
        .filteredOn(option -> List.of("low", "high").contains(option.name()))
        .extracting("defaultText")
        .containsExactly("none", "none");
    assertThat(form.with(Map.of("low", "-2", "high", "5")).toString())
        .contains("PixelRange[low=OptionalDouble[-2.0], high=OptionalDouble[5.0]]");
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void aRangeHasItsLeastBelowItsGreatest(Attack<?, ?, ?> attack) {
    SettingsForm<?> form = SettingsForm.of(attack.defaults());
    assertThatThrownBy(() -> form.with(Map.of("low", "1", "high", "1")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--low must be below --high, but they are 1.0 and 1.0");
    assertThatThrownBy(() -> form.with(Map.of("high", "2e9")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("--high must be between");
  }
}
