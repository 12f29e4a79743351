package io.afterimage.example;

import io.afterimage.audit.Audit;
import io.afterimage.audit.AuditSpec;
import io.afterimage.base.Run;
import io.afterimage.data.ReadOptions;
import io.afterimage.report.Report;
import java.nio.file.Path;

/** The README's example, compiled and run. */
final class AuditYourOwnModel {
  private AuditYourOwnModel() {}

  static Report audit(Path model, Path train, Path test, Path out) {
    // README
    var rows = ReadOptions.builder().label("income").sensitive("marital").build();
    var spec =
        AuditSpec.ofModel(model)
            .members(train)
            .nonMembers(test)
            .reading(rows)
            .defend("round:2,label-only")
            .out(out)
            .build();
    Report report = Audit.run(spec, Run.of(1), System.err::println);
    System.out.println(report.verdict().decision() + " " + report.verdict().reasons());
    // README
    return report;
  }
}
