package io.afterimage.cli;

import io.afterimage.audit.Audit;
import io.afterimage.audit.AuditSpec;
import io.afterimage.report.Report;

/** Runs an audit with progress on the terminal, until Ctrl-C. */
final class Auditing {
  private Auditing() {}

  static Report run(AuditSpec spec, CommonOptions common, Console console) {
    try (Interruption interruption = new Interruption();
        TerminalProgress progress = new TerminalProgress(console.err())) {
      return Audit.run(
          spec,
          common.run(progress, interruption.requested()),
          remark -> {
            if (!common.quiet) {
              console.say(remark);
            }
          });
    }
  }
}
