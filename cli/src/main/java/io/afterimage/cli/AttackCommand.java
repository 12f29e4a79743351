package io.afterimage.cli;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Checks;
import io.afterimage.report.Report;
import io.afterimage.report.ReportJson;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
    header = "Mounts one attack alone, with all its settings.",
    description = {
      "",
      "Takes the options of 'audit', and beside them the attack's own settings, which 'afterimage"
          + " attack --list' shows.",
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
      Attacks.all().forEach(this::describe);
      return ExitCode.OK;
    }
    Checks.check(name != null, "name an attack; 'afterimage attack --list' shows them");
    Attack<?, ?, ?> attack = Attacks.named(String.valueOf(name));
    options.attacks = List.of(attack.info().id());
    AuditSpec spec = options.spec(Words.typed(command), attack.info().id(), settings);
    Report report = Auditing.run(spec, common, console);
    if (common.json) {
      console.print(ReportJson.write(report).strip());
    } else {
      Findings.print(report, spec.out(), console);
    }
    return ExitCode.OK;
  }

  private void describe(Attack<?, ?, ?> attack) {
    AttackInfo info = attack.info();
    console.print("%s: %s".formatted(info.id(), info.title()));
    console.print("  paper    " + info.paper());
    console.print("  access   " + info.access());
    console.print("  knows    " + info.knowledge());
    for (SettingsForm.Option option : SettingsForm.of(attack.defaults()).options()) {
      console.print(
          "  --%s %s%n      %s. Default: %s."
              .formatted(option.name(), option.values(), option.help(), option.defaultText()));
    }
    console.print("");
  }
}
