package io.afterimage.cli;

import io.afterimage.audit.Audit;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Run;
import io.afterimage.report.Report;

/** Runs an audit with progress on the terminal, until Ctrl-C. */
final class Auditing {
  private Auditing() {}

  static Report run(AuditSpec spec, CommonOptions common, Console console) {
    try (Interruption interruption = new Interruption();
        TerminalProgress progress = new TerminalProgress(console.err())) {
      Remarks remarks = new Remarks(common.quiet ? unheard -> {} : console::say, progress);
      Report report = run(spec, common.run(remarks, interruption.requested()), remarks, console);
      remarks.release();
      return report;
    }
  }

  // The line is printed here, for the process is gone as soon as the interruption is closed.
  private static Report run(AuditSpec spec, Run run, Remarks remarks, Console console) {
    try {
      return Audit.run(spec, run, remarks);
    } catch (CancelledException e) {
      console.error("stopped; what was done is saved, and --resume continues it");
      throw e;
    }
  }
}
