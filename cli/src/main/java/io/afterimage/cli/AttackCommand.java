package io.afterimage.cli;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Status;
import io.afterimage.attack.SettingsForm;
import io.afterimage.audit.AttackList;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Checks;
import io.afterimage.report.Report;
import io.afterimage.report.ReportJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IModelTransformer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** One attack alone, with all its settings. */
@Command(
    name = "attack",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    modelTransformer = AttackCommand.SettingsBelowHelp.class,
    header = "Mounts one attack alone, with all its settings.",
    description = {
      "",
      "Takes the options of 'audit', and beside them the attack's own settings, which 'afterimage"
          + " attack NAME --help' shows. Ends with 2 where the attack failed or does not apply,"
          + " which it says.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  afterimage attack mi-face --model faces.onnx --members photos --steps 500 --restarts 4"
    })
final class AttackCommand implements Callable<Integer> {
  private final Console console;

  @Spec private @Nullable CommandSpec command;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "The attack's id.")
  private @Nullable String name;

  @Option(names = "--list", description = "List the attacks and their settings.")
  private boolean list;

  @Mixin private AuditOptions options = new AuditOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  @Unmatched private List<String> settings = new ArrayList<>();

  AttackCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (list) {
      AttackList.all().forEach(attack -> console.print(described(attack)));
      return ExitCode.OK;
    }
    Checks.check(name != null, "name an attack; 'afterimage attack --list' shows them");
    AttackInfo attack = AttackList.named(String.valueOf(name));
    options.attacks = List.of(attack.id());
    AuditSpec spec = options.spec(Words.typed(command), attack.id(), settings);
    Report report = Auditing.run(spec, common, console);
    List<Finding> own =
        report.findings().stream()
            .filter(f -> f.isOf(attack.id()) || f.isOfRecipe(attack.id()))
            .toList();
    if (common.json) {
      console.print(ReportJson.write(report).strip());
    } else {
      Findings.print(own, spec.out(), console);
    }
    return own.stream().anyMatch(finding -> finding.status() == Status.RUN)
        ? ExitCode.OK
        : ExitCode.BAD_INPUT;
  }

  /** What the attack is and what can be set, with a blank line after it. */
  private static String described(AttackInfo info) {
    StringBuilder text = new StringBuilder();
    text.append("%s: %s%n".formatted(info.id(), info.title()));
    text.append("  paper    %s%n".formatted(info.paper()));
    text.append("  access   %s%n".formatted(info.access()));
    text.append("  knows    %s%n".formatted(info.knowledge()));
    for (SettingsForm.Option option : AttackList.settings(info.id()).options()) {
      text.append(
          "  --%s %s%n      %s. Default: %s.%n"
              .formatted(option.name(), option.values(), option.help(), option.defaultText()));
    }
    return text.toString();
  }

  /** Ends the help with the settings of the attack that was named beside {@code --help}. */
  static final class SettingsBelowHelp implements IModelTransformer {
    private static final String SECTION = "settings";

    @Override
    public CommandSpec transform(CommandSpec spec) {
      List<String> sections = new ArrayList<>(spec.usageMessage().sectionKeys());
      sections.add(SECTION);
      spec.usageMessage().sectionKeys(sections);
      spec.usageMessage()
          .sectionMap()
          .put(SECTION, help -> settings((AttackCommand) help.commandSpec().userObject()));
      return spec;
    }

    private static String settings(AttackCommand command) {
      return AttackList.all().stream()
          .filter(attack -> attack.id().equals(command.name))
          .map(attack -> System.lineSeparator() + described(attack))
          .collect(Collectors.joining());
    }
  }
}
