package io.afterimage.cli;

import io.afterimage.audit.Audit;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.Run;
import io.afterimage.report.Report;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import picocli.CommandLine;

/**
 * An audit of one of the demo's models, said in the very words that a stranger would type.
 *
 * @param name of the model
 * @param about the model, for people
 * @param words of {@code afterimage audit}, but for {@code --out}
 * @param out the run's folder
 */
record DemoAudit(String name, String about, List<String> words, Path out) {

  /** An audit of this model on these files, with further options. */
  static DemoAudit of(
      String name, String about, Path model, DemoData data, Path out, String... options) {
    List<String> words = new ArrayList<>(List.of("--model", model.toString()));
    words.addAll(List.of("--members", data.members().toString()));
    words.addAll(List.of("--nonmembers", data.nonMembers().toString()));
    words.addAll(List.of(options));
    words.add("--reveal");
    return new DemoAudit(name, about, List.copyOf(words), out);
  }

  /** Audits, from the files alone. */
  DemoResult run(Run run, Consumer<String> remark) {
    AuditOptions options = new AuditOptions();
    new CommandLine(options).parseArgs(words(out).toArray(String[]::new));
    AuditSpec spec = options.spec(command(run, out));
    Report report = Audit.run(spec, run, remark);
    return new DemoResult(
        this, report, command(run, out.resolveSibling(out.getFileName() + "-again")));
  }

  private List<String> command(Run run, Path folder) {
    List<String> command = new ArrayList<>(List.of("afterimage", "audit"));
    command.addAll(words(folder));
    command.addAll(List.of("--seed", Long.toString(run.seed())));
    command.addAll(List.of("--threads", Integer.toString(run.threads())));
    return command;
  }

  private List<String> words(Path folder) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of("--out", folder.toString()));
    return all;
  }
}
