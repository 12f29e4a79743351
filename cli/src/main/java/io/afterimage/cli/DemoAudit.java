package io.afterimage.cli;

import io.afterimage.audit.Audit;
import io.afterimage.base.Run;
import io.afterimage.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/**
 * An audit of one of the demo's models, in the very words that a stranger would type.
 *
 * @param name of the model, for people
 * @param model its file
 * @param data the files of members and non-members
 * @param options further words of {@code afterimage audit}
 * @param out the run's folder
 */
record DemoAudit(String name, Path model, DemoData data, List<String> options, Path out) {

  /** An audit of the model of this file name, beside which the run's folder is made. */
  static DemoAudit of(String name, Path folder, String model, DemoData data) {
    return new DemoAudit(
        name,
        folder.resolve(model + ".onnx"),
        data,
        List.of("--reveal"),
        folder.resolve(model + "-audit"));
  }

  /** The same with further words. */
  DemoAudit with(String... words) {
    List<String> more = Stream.concat(Stream.of(words), options.stream()).toList();
    return new DemoAudit(name, model, data, more, out);
  }

  /** Audits, from the files alone. */
  DemoResult run(Run run) {
    AuditOptions parsed = new AuditOptions();
    new CommandLine(parsed).parseArgs(words(out).toArray(String[]::new));
    Report report = Audit.run(parsed.spec(command(Words.PROGRAM, run, out)), run, remark -> {});
    Path another = out.resolveSibling(out.getFileName() + "-2");
    return new DemoResult(this, report, command(Words.launcher(), run, another));
  }

  private List<String> command(String program, Run run, Path folder) {
    List<String> command = new ArrayList<>(List.of(program, "audit"));
    command.addAll(words(folder));
    command.addAll(List.of("--seed", Long.toString(run.seed())));
    command.addAll(List.of("--threads", Integer.toString(run.threads())));
    return command;
  }

  private List<String> words(Path folder) {
    List<String> words = new ArrayList<>(List.of("--model", model.toString()));
    words.addAll(List.of("--members", data.members().toString()));
    words.addAll(List.of("--nonmembers", data.nonMembers().toString()));
    words.addAll(options);
    words.addAll(List.of("--out", folder.toString()));
    return words;
  }
}
