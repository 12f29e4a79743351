package io.afterimage.cli;

import io.afterimage.audit.AuditSpec;
import io.afterimage.base.Checks;
import io.afterimage.report.Report;
import io.afterimage.report.ReportJson;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The main job: attacks, judges, controls, defences, verdict, report. */
@Command(
    name = "audit",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Audits a model and ends in a verdict.",
    description = {
      "",
      "Attacks the model as an adversary would, holds what came of it against what is known without"
          + " the model, and decides under a policy. Writes report.html, report.json, junit.xml and"
          + " report.sarif into --out.",
      ""
    },
    footer = {
      "",
      "Example:",
      "  afterimage audit --model model.onnx --members train.csv --nonmembers test.csv --label"
          + " income --sensitive marital --out audit"
    })
final class AuditCommand implements Callable<Integer> {
  private final Console console;

  @Spec private @Nullable CommandSpec command;

  @Parameters(
      arity = "0..1",
      paramLabel = "SPEC.yaml",
      description = "A file that says what the options say; options on the command line win.")
  private @Nullable Path specFile;

  @Mixin private AuditOptions options = new AuditOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  AuditCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Checks.check(
        specFile == null || Objects.requireNonNull(command).defaultValueProvider() != null,
        "what is %s? A spec file comes right after 'audit'",
        String.valueOf(specFile));
    AuditSpec spec = options.spec(Words.typed(command));
    Report report = Auditing.run(spec, common, console);
    if (common.json) {
      console.print(ReportJson.write(report).strip());
    } else {
      Closing.print(report, spec.out(), console);
    }
    return ExitCode.of(report.verdict().decision());
  }
}
