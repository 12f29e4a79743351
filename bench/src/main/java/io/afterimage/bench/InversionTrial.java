package io.afterimage.bench;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Family;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * An attack with some settings.
 *
 * @param name its id, and what differs from its own settings
 */
record InversionTrial(String name, String attack, Map<String, String> settings) {
  /** 20 pictures of each class, or of as many members, and others, as give that of most. */
  private static final Map<String, String> PICTURES =
      Map.of("restarts", "20", "pictures", "20", "features", "100");

  /** Every attack by itself. */
  private static final List<InversionTrial> ATTACKS =
      Attacks.all().stream()
          .map(Attack::info)
          .filter(info -> info.family() == Family.INVERSION)
          .map(info -> new InversionTrial(info.id(), info.id(), Map.of()))
          .toList();

  /** Attacks without what their papers say that they live by. */
  static final List<InversionTrial> ABLATIONS =
      List.of(
          without("brep-mi", "steps", "1"),
          without("c2f-mi", "coarse-steps", "1"),
          without("deep-inversion", "normalisation", "0"),
          without("feature-inversion", "total-variation", "0"),
          // The rate follows, so that the target's part of a step stays as long.
          new InversionTrial(
              "gmi/identity=1e9", "gmi", Map.of("identity", "1e9", "learning-rate", "2e-8")),
          without("if-gmi", "layers", "0"),
          without("inversion-network", "public-rows", "500"),
          without("ked-mi", "distribution", "false"),
          without("lokt", "assisted", "false"),
          without("lomma", "students", "0"),
          without("mirror", "clip", "1000"),
          without("plg-mi", "pseudo-labels", "false"),
          without("ppa", "candidates", "1"),
          without("rlb-mi", "learned", "false"),
          without("vmi", "divergence", "0"));

  private static InversionTrial without(String attack, String setting, String value) {
    return new InversionTrial(attack + "/" + setting + "=" + value, attack, Map.of(setting, value));
  }

  /** Those of these names. */
  static List<InversionTrial> named(List<String> names) {
    if (names.isEmpty()) {
      return ATTACKS;
    }
    return names.equals(List.of("ablations"))
        ? ABLATIONS
        : names.stream().map(InversionTrial::named).toList();
  }

  private static InversionTrial named(String name) {
    return Stream.concat(ATTACKS.stream(), ABLATIONS.stream())
        .filter(trial -> trial.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new BadInputException("there is no trial " + name));
  }

  String file() {
    return name.replaceAll("[^a-z0-9-]+", "-");
  }

  /** The settings that it is mounted with, where it can for {@link #PICTURES}. */
  Record mounted() {
    SettingsForm<?> form = SettingsForm.of(Attacks.named(attack).defaults());
    Map<String, String> changed = new LinkedHashMap<>(settings);
    PICTURES.forEach(
        (setting, value) -> {
          if (has(setting)) {
            changed.put(setting, value);
          }
        });
    if (attack.equals("mi-face")) {
      changed.put("start", "noise"); // more than one picture a class needs it
    }
    return form.with(changed);
  }

  private boolean has(String setting) {
    return SettingsForm.of(Attacks.named(attack).defaults()).options().stream()
        .anyMatch(option -> option.name().equals(setting));
  }
}
