package io.afterimage.cli;

import io.afterimage.assess.EpsilonClaim;
import io.afterimage.audit.AttackList;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Checks;
import io.afterimage.defence.OutputDefences;
import io.afterimage.target.Meaning;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What is audited, against whom, and how it is decided. */
final class AuditOptions {
  @Option(names = "--model", paramLabel = "FILE", description = "The ONNX file.")
  @Nullable Path model;

  @Option(
      names = "--predictions",
      paramLabel = "MEMBERS,NONMEMBERS",
      split = ",",
      description =
          "Two files of scores instead of a model: columns p_CLASS (or value) and the label; --population"
              + " then names a third.")
  List<Path> predictions = List.of();

  @Mixin DataOptions data = new DataOptions();

  @Option(
      names = "--output",
      paramLabel = "NAME=MEANING",
      split = ",",
      description =
          "What an output holds where it is not found: probabilities, logits, log-probabilities,"
              + " value or label.")
  Map<String, String> output = Map.of();

  @Option(
      names = "--access",
      paramLabel = "LEVEL",
      description =
          "What the adversary sees: label, scores, logits, features or gradients. Default: all that"
              + " the file gives.")
  @Nullable String access;

  @Option(
      names = "--attacks",
      paramLabel = "ID",
      split = ",",
      description = "Attacks to run. Default: every one that access, data and budget allow.")
  List<String> attacks = List.of();

  @Option(
      names = "--set",
      paramLabel = "ATTACK.SETTING=VALUE",
      split = ",",
      description = "Changes a setting: mi-face.steps=1000 (see 'afterimage attack --list').")
  Map<String, String> set = Map.of();

  @Option(
      names = "--references",
      paramLabel = "N",
      description =
          "Reference models of each attack that compares the model with such. Default: as the"
              + " attack says; the policies name the fewest.")
  @Nullable String references;

  @Option(
      names = "--canaries",
      paramLabel = "DIR|FILE",
      description =
          "The folder that 'train --canaries' trained the model into, or its canaries.json: bounds"
              + " epsilon from below.")
  @Nullable Path canaries;

  @Option(
      names = "--claim",
      paramLabel = "CLAIM",
      description =
          "A claim of differential privacy to hold against the canaries: epsilon=3,delta=1e-5.")
  @Nullable String claim;

  @Option(
      names = "--query-budget",
      paramLabel = "N",
      description = "Rows that each attack may ask the model about.")
  @Nullable Long queryBudget;

  @Option(
      names = "--defend",
      paramLabel = "LIST",
      description =
          "Output defences to try: round:2, top-k:1, label-only, gaussian:0.05, laplace:0.05,"
              + " temperature:4; several by commas.")
  @Nullable String defend;

  @Option(
      names = "--controls-budget",
      paramLabel = "TIME",
      description =
          "Time for controls that retrain: 90s, 5m. Default: as long as the attacks took, at least"
              + " a minute.")
  @Nullable String controlsBudget;

  @Option(
      names = "--policy",
      paramLabel = "NAME|FILE",
      defaultValue = "api",
      description =
          "The profile: api, open-weights, medical, research-environment, or a YAML file. Default:"
              + " ${DEFAULT-VALUE}.")
  String policy = "api";

  @Option(
      names = "--exposure",
      paramLabel = "WHO",
      defaultValue = "public",
      description = "Who can reach the model: public, customers or staff.")
  String exposure = "public";

  @Option(
      names = "--prior",
      paramLabel = "SHARE",
      defaultValue = "0.5",
      description =
          "Share of members among those whom an adversary suspects, for the chance that someone is"
              + " one. Default: ${DEFAULT-VALUE}.")
  double prior = 0.5;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "afterimage-run",
      description = "The run's folder. Default: ${DEFAULT-VALUE}.")
  Path out = Path.of("afterimage-run");

  @Option(
      names = "--reveal",
      description = "Put people's values and pictures into report.html, blurred until clicked.")
  boolean reveal;

  @Option(names = "--resume", description = "Go on from what the run's folder already holds.")
  boolean resume;

  /** The audit that these options say. */
  AuditSpec spec(List<String> command) {
    return builder(command).build();
  }

  /**
   * The audit that these options say, with settings of one attack.
   *
   * @param settings as typed: {@code --steps 100} or {@code --steps=100}
   */
  AuditSpec spec(List<String> command, String attack, List<String> settings) {
    AuditSpec.Builder spec = builder(command);
    Map<String, String> typed = new LinkedHashMap<>();
    for (int i = 0; i < settings.size(); i++) {
      String word = settings.get(i);
      Checks.check(word.startsWith("--"), "what is %s? A setting is written --name value", word);
      int equals = word.indexOf('=');
      if (equals < 0) {
        Checks.check(i + 1 < settings.size(), "%s needs a value", word);
        typed.put(word.substring(2), settings.get(++i));
      } else {
        typed.put(word.substring(2, equals), word.substring(equals + 1));
      }
    }
    AttackList.settings(attack).with(typed);
    typed.forEach((name, value) -> spec.setting(attack, name, value));
    return spec.build();
  }

  // Whatever can be refused before the data are read is refused here.
  private AuditSpec.Builder builder(List<String> command) {
    AuditSpec.Builder spec = subject();
    data.roles().forEach(spec::role);
    Optional.ofNullable(data.layout).ifPresent(spec::layout);
    spec.reading(data.reading())
        .classIsPerson(data.classIsPerson)
        .policy(policy)
        .exposure(exposure)
        .prior(prior);
    spec.out(out).reveal(reveal).resume(resume).command(command);
    output.forEach(
        (name, meaning) -> spec.output(name, choice("--output", Meaning.class, meaning)));
    attacks.forEach(id -> spec.attack(AttackList.named(id).id()));
    settings()
        .forEach(
            (attack, values) -> {
              AttackList.settings(attack).with(values);
              values.forEach((name, value) -> spec.setting(attack, name, value));
            });
    Optional.ofNullable(canaries).ifPresent(spec::canaries);
    Optional.ofNullable(claim).map(EpsilonClaim::parse).ifPresent(spec::claim);
    if (access != null) {
      spec.access(choice("--access", Access.class, access));
    }
    if (queryBudget != null) {
      spec.queryBudget(queryBudget);
    }
    if (defend != null) {
      OutputDefences.parse(defend);
      spec.defend(defend);
    }
    if (controlsBudget != null) {
      spec.controlsBudget(duration("--controls-budget", controlsBudget));
    }
    return spec;
  }

  private AuditSpec.Builder subject() {
    if (model != null && predictions.isEmpty()) {
      return AuditSpec.ofModel(model);
    }
    Checks.check(
        model == null && predictions.size() == 2,
        "give either --model FILE.onnx or --predictions MEMBERS,NONMEMBERS");
    return AuditSpec.ofPredictions(predictions.get(0), predictions.get(1));
  }

  /** What {@code --references} and then {@code --set} say, by attack. */
  private Map<String, Map<String, String>> settings() {
    Map<String, Map<String, String>> settings = new LinkedHashMap<>();
    if (references != null) {
      for (String attack : AttackList.withReferences()) {
        settings.put(attack, new LinkedHashMap<>(Map.of("references", references)));
      }
    }
    set.forEach(
        (key, value) -> {
          int dot = key.indexOf('.');
          Checks.check(
              dot > 0, "--set %s: write ATTACK.SETTING=VALUE, as in mi-face.steps=1000", key);
          settings
              .computeIfAbsent(key.substring(0, dot), attack -> new LinkedHashMap<>())
              .put(key.substring(dot + 1), value);
        });
    return settings;
  }

  /** The constant of this name, typed in lower case with dashes. */
  static <E extends Enum<E>> E choice(String option, Class<E> type, String typed) {
    try {
      return Enum.valueOf(type, typed.strip().toUpperCase(Locale.ROOT).replace('-', '_'));
    } catch (IllegalArgumentException e) {
      List<String> known =
          java.util.Arrays.stream(type.getEnumConstants())
              .map(c -> c.name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .toList();
      throw new BadInputException(
          "%s must be one of %s, but is %s".formatted(option, known, typed), e);
    }
  }

  /** A time such as 90s, 5m, 2h, or a number of seconds. */
  static Duration duration(String option, String typed) {
    String text = typed.strip().toLowerCase(Locale.ROOT);
    Checks.check(
        text.matches("\\d{1,7}[smh]?"),
        "%s must be a time such as 90s, 5m or 1h, but is %s",
        option,
        typed);
    long number = Long.parseLong(text.replaceAll("\\D", ""));
    return switch (text.charAt(text.length() - 1)) {
      case 'h' -> Duration.ofHours(number);
      case 'm' -> Duration.ofMinutes(number);
      default -> Duration.ofSeconds(number);
    };
  }
}
