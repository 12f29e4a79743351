package io.afterimage.audit;

import io.afterimage.assess.Exposure;
import io.afterimage.assess.Finding;
import io.afterimage.assess.Fit;
import io.afterimage.assess.Metric;
import io.afterimage.assess.SampleLimits;
import io.afterimage.assess.Status;
import io.afterimage.base.Family;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.People;
import io.afterimage.graph.OnnxModel;
import io.afterimage.report.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What stands beside the findings of membership, read from the saved evidence. */
final class Exposures {
  private Exposures() {}

  /** Nothing where a role has no rows. */
  static Report.@Nullable Membership of(
      Session session, Plan plan, List<Finding> findings, Report.Utility utility) {
    Split split = session.split();
    if (split.members().rows() == 0 || split.nonMembers().rows() == 0) {
      return null;
    }
    Map<String, Exposure> exposures = new LinkedHashMap<>();
    for (Plan.Item item : plan.attacks()) {
      if (item.info().family() == Family.MEMBERSHIP) {
        strongest(item, findings)
            .ifPresent(finding -> exposures.put(finding, exposure(session, item, finding)));
      }
    }
    return new Report.Membership(
        session.spec().prior(),
        SampleLimits.of(People.of(split.members()).units(), People.of(split.nonMembers()).units()),
        Fit.of(
            session.subject().model().map(OnnxModel::parameterCount).orElse(0L),
            split.members().rows(),
            utility.members(),
            utility.nonmembers()),
        exposures);
  }

  /** The finding of an attack's signal of greatest AUC; empty where it did not run. */
  private static Optional<String> strongest(Plan.Item item, List<Finding> findings) {
    return findings.stream()
        .filter(finding -> finding.status() == Status.RUN)
        .filter(finding -> finding.isOf(item.key()))
        .reduce((one, other) -> auc(other) > auc(one) ? other : one)
        .map(Finding::attack);
  }

  private static double auc(Finding finding) {
    return finding.metric("auc").map(Metric::value).orElse(0.0);
  }

  private static Exposure exposure(Session session, Plan.Item item, String finding) {
    MembershipScores scores = (MembershipScores) session.steps().saved(item.key()).orElseThrow();
    String name = finding.substring(item.key().length() + 1);
    Signal signal = Objects.requireNonNull(scores.signals().get(name));
    return Exposure.of(
        signal, scores.members(), scores.nonMembers(), Groupings.of(session.split(), scores));
  }
}
