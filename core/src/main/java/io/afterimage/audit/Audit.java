package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.base.Run;
import io.afterimage.base.RunRecord;
import io.afterimage.defence.OutputDefence;
import io.afterimage.policy.Check;
import io.afterimage.policy.Policy;
import io.afterimage.policy.PolicyInput;
import io.afterimage.policy.Profile;
import io.afterimage.policy.Verdict;
import io.afterimage.report.Report;
import io.afterimage.report.Report.Defended;
import io.afterimage.report.RunFolder;
import io.afterimage.tensor.Threads;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One audit, from files to verdict: preflight, attacks, judges, controls, the same behind each
 * defence, and the decision under a policy.
 */
public final class Audit {
  /** The folder of the models that attacks compare the target with. */
  private static final String REFERENCES = "references";

  private final AuditSpec spec;
  private final Run run;
  private final Profile profile;
  private final Consumer<String> remark;
  private final Instant started = Instant.now();

  private Audit(AuditSpec spec, Run run, Consumer<String> remark) {
    this.spec = spec;
    this.run = run;
    this.profile = Profile.of(spec.policy());
    this.remark = remark;
  }

  /**
   * Audits, and writes the run's folder.
   *
   * @param remark prints a line for the user as the work goes on
   * @throws io.afterimage.base.BadInputException where the input cannot be used
   * @throws io.afterimage.base.CancelledException where the user stopped it; what was computed is
   *     in the folder, and {@code resume} continues
   */
  public static Report run(AuditSpec spec, Run run, Consumer<String> remark) {
    return new Audit(spec, run, remark).run();
  }

  private Report run() {
    Threads.setIntraOp(run.threads());
    try (Subject subject = Subject.open(spec, run)) {
      RunFolder folder =
          spec.resume() ? RunFolder.resume(spec.out()) : RunFolder.create(spec.out());
      Steps steps = new Steps(folder, Provenance.fingerprint(spec, run));
      Run sharing = run.sharing(spec.out().resolve(REFERENCES));
      Session session = new Session(spec, sharing, subject, subject.split(), steps, remark);
      subject.notices().forEach(remark);
      Report report = report(session);
      folder.write(report, spec.reveal());
      return report;
    }
  }

  private Report report(Session session) {
    Plan plan = Plan.of(spec, session.subject(), session.split());
    DefenceGrid grid = DefenceGrid.of(session);
    Optional<Canaried> canaries = Canaried.open(session);
    Utilities utility = Utilities.of(session.subject().blackBox(), session.split(), run);
    Preflight preflight = Preflight.of(session, utility);
    long reading = System.nanoTime();
    Structure structure = Structure.of(session.subject().scorer(), session.split(), run);
    Finding structural = Structural.of(session, structure, (System.nanoTime() - reading) / 1e9);
    OneRun oneRun = OneRun.of(session, canaries);
    Retraining retraining = new Retraining(session);
    try (PictureBench pictures = new PictureBench(session, retraining)) {
      Attacker attacker = new Attacker(session, new Bench(session, preflight.blind(), pictures));
      List<Finding> findings = new ArrayList<>();
      for (Plan.Item item : plan.attacks()) {
        remark.accept("attack: " + item.key());
        List<Finding> onTarget = attacker.mount(item, Reach.OPEN);
        findings.addAll(onTarget);
        findings.addAll(Recipe.judged(session, item, onTarget));
      }
      List<Check> checks = new ArrayList<>(preflight.checks());
      checks.addAll(Controls.of(session, profile, plan, findings, retraining));
      findings.addAll(plan.left());
      List<Defended> defences =
          grid.run(
              plan,
              attacker,
              utility,
              (defence, behind) ->
                  verdict(session, structure, oneRun, plan, behind, checks, bound(defence)));
      return report(
          session, structure, structural, oneRun, plan, utility, findings, checks, defences);
    }
  }

  private Report report(
      Session session,
      Structure structure,
      Finding structural,
      OneRun oneRun,
      Plan plan,
      Utilities utility,
      List<Finding> findings,
      List<Check> checks,
      List<Defended> defences) {
    List<Finding> all = new ArrayList<>(findings);
    all.add(structural);
    all.addAll(oneRun.findings());
    return new Report(
        Report.SCHEMA,
        Provenance.tool(),
        record(),
        Provenance.model(session.subject(), spec),
        Provenance.data(session.split(), spec),
        Provenance.threat(session.subject(), spec),
        utility.report(),
        all,
        checks.stream().map(Controls::reported).toList(),
        defences,
        CoverageMatrix.of(findings, structural, oneRun.findings()),
        verdict(session, structure, oneRun, plan, findings, checks, List.of()),
        plan.infos(),
        session.steps().rebuilt(),
        Exposures.of(session, plan, findings, utility.report()),
        session.subject().notices());
  }

  private static List<String> bound(OutputDefence defence) {
    return List.of("Nobody reaches the model but behind " + defence.name() + ".");
  }

  private Verdict verdict(
      Session session,
      Structure structure,
      OneRun oneRun,
      Plan plan,
      List<Finding> findings,
      List<Check> checks,
      List<String> bound) {
    List<String> conditions = new ArrayList<>(bound);
    spec.queryBudget()
        .ifPresent(
            n ->
                conditions.add(
                    "Nobody gets more than %d answers: the attacks were given no more."
                        .formatted(n)));
    return Policy.decide(
        profile,
        new PolicyInput(
            findings,
            structure.facts(),
            NotApplicable.gates(session, structure),
            checks,
            oneRun.claim(),
            plan.references(findings),
            conditions,
            spec.exposure(),
            LocalDate.ofInstant(started, ZoneOffset.UTC)));
  }

  private RunRecord record() {
    double seconds = (Instant.now().toEpochMilli() - started.toEpochMilli()) / 1e3;
    String id = Long.toHexString(run.seedFor(started.toString()));
    String second = started.truncatedTo(ChronoUnit.SECONDS).toString();
    return new RunRecord(id, run.seed(), run.threads(), second, seconds, spec.command());
  }
}
