package io.afterimage.audit;

import static io.afterimage.base.Checks.check;

import io.afterimage.assess.CanaryScores;
import io.afterimage.assess.EpsilonClaim;
import io.afterimage.assess.Finding;
import io.afterimage.assess.OneRunAssessor;
import io.afterimage.assess.OneRunGuesses;
import io.afterimage.assess.Ran;
import io.afterimage.assess.Status;
import io.afterimage.attack.Setting;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Checks;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.policy.ClaimTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Tells the canaries that a training laid out from those that it left out, and so bounds its
 * epsilon from below and answers a claim of one. The members of the audit are not looked at: nobody
 * drew them by coins.
 *
 * @param findings one a kind of mechanism, or one that says why there is none
 * @param claim what it says to the user's claim; empty where there is no claim
 */
record OneRun(List<Finding> findings, Optional<ClaimTest> claim) {
  static final AttackInfo INFO =
      new AttackInfo(
          "membership-one-run",
          "guesses which canaries a training took in, and bounds its epsilon by how many are right",
          "Steinke, Nasr, Jagielski, NeurIPS 2023; Mahloujifar, Melis, Chaudhuri, ICML 2025",
          Family.MEMBERSHIP,
          Access.LABEL,
          "canaries that entered training by a coin each, and for those that are gradients the"
              + " model's file",
          false,
          "the training tells its records apart better than differential privacy with a lower"
              + " epsilon would let anyone");

  /** What the user may fix. */
  record Settings(
      @Setting("guesses, fixed before a look at the model; 0 tries three numbers and pays for it")
          int guesses,
      @Setting("delta at which epsilon is bounded where no --claim names one") double delta) {
    static final Settings USUAL = new Settings(0, 1e-5);

    Settings {
      Checks.inRange("--guesses", guesses, 0, OneRunGuesses.MOST_CANARIES);
      check(delta > 0 && delta < 1, "--delta must be above 0 and below 1, but is %s", delta);
    }
  }

  /**
   * The audit by canaries.
   *
   * @param canaries of the model; empty where there are none
   */
  static OneRun of(Session session, Optional<Canaried> canaries) {
    AuditSpec spec = session.spec();
    if (canaries.isEmpty()) {
      String why = "needs --canaries: a model trained with train --canaries";
      return without(spec, Status.NOT_APPLICABLE, why);
    }
    Canaried canaried = canaries.get();
    if (!spec.attacks().isEmpty() && !spec.attacks().contains(INFO.id())) {
      return without(spec, Status.SKIPPED, "not among --attacks");
    }
    Optional<String> lacking = canaried.lacking();
    if (lacking.isPresent()) {
      return without(spec, Status.NOT_APPLICABLE, lacking.get());
    }
    session.remark().accept("attack: " + INFO.id());
    try {
      return answered(session, evidence(session, canaried));
    } catch (BudgetExhaustedException e) {
      return without(spec, Status.SKIPPED, String.valueOf(e.getMessage()));
    }
  }

  private static OneRun without(AuditSpec spec, Status status, String why) {
    return new OneRun(
        List.of(Ran.not(INFO, status, why)),
        spec.claim().map(claim -> ClaimTest.hindered(claim, why)));
  }

  private static Steps.Saved evidence(Session session, Canaried canaried) {
    Run run = session.run().keyed(INFO.id());
    return session
        .steps()
        .evidence(INFO.id(), () -> canaried.scored(run), UnaryOperator.identity());
  }

  private static OneRun answered(Session session, Steps.Saved saved) {
    Settings settings =
        SettingsForm.of(Settings.USUAL)
            .with(session.spec().settings().getOrDefault(INFO.id(), Map.of()));
    CanaryScores scores = scores((MembershipScores) saved.evidence());
    Optional<EpsilonClaim> claim = session.spec().claim();
    double delta = claim.map(EpsilonClaim::delta).orElse(settings.delta());
    Run run = session.run().keyed("assess/" + INFO.id());
    List<OneRunGuesses> tried = OneRunAssessor.guesses(scores, settings.guesses(), run);
    Optional<EpsilonClaim.Answer> answer =
        claim.map(c -> c.judge(tried, OneRunAssessor.CONFIDENCE));
    Ran ran = new Ran(INFO, saved.queries(), saved.seconds(), null);
    answer.map(EpsilonClaim.Answer::sentence).ifPresent(session.remark());
    return new OneRun(OneRunAssessor.assess(ran, scores, tried, delta), answer.map(ClaimTest::of));
  }

  private static CanaryScores scores(MembershipScores evidence) {
    Signal signal = evidence.signals().values().iterator().next();
    List<String> ids = new ArrayList<>(evidence.members().ids());
    ids.addAll(evidence.nonMembers().ids());
    double[] all =
        Stream.of(signal.members(), signal.nonMembers())
            .flatMapToDouble(DoubleStream::of)
            .toArray();
    boolean[] included = new boolean[all.length];
    Arrays.fill(included, 0, signal.members().length, true);
    return new CanaryScores(ids, all, included);
  }
}
