package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.train.Classifier;
import io.afterimage.train.Matrix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells members from non-members by the rows alone, without the model. Where it can, the two sets
 * differ in more than membership (another year, another clinic), and what looks like a leak may be
 * that difference: Das, Zhang, Tramèr: Blind Baselines Beat Membership Inference Attacks for
 * Foundation Models, 2024.
 *
 * <p>Cross-fitted: each person is scored by a classifier that saw none of that person's rows. It
 * sees the inputs and the label; never ids.
 */
public final class BlindClassifier {
  private BlindClassifier() {}

  /** How much each row looks like a member: log odds, greater means more like one. */
  public static MembershipScores.Signal scores(Split split, Run run) {
    Run own = run.keyed("blind-classifier");
    double[] scores =
        CrossFit.answers(
                sample(split, own), Learner::fit, BlindClassifier::logOdds, "blind classifier", own)
            .stream()
            .mapToDouble(score -> score)
            .toArray();
    int members = split.members().rows();
    return new MembershipScores.Signal(
        Arrays.copyOf(scores, members), Arrays.copyOfRange(scores, members, scores.length));
  }

  private static double logOdds(Classifier classifier, Sample sample, int row) {
    double p = classifier.probabilities(sample.table(), row)[1];
    double inside = Math.min(1 - 1e-9, Math.max(1e-9, p));
    return Math.log(inside / (1 - inside));
  }

  private static Sample sample(Split split, Run run) {
    List<Dataset> roles = List.of(split.members(), split.nonMembers());
    List<String> columns = new ArrayList<>(split.members().schema().inputs());
    columns.addAll(split.members().schema().names(Role.LABEL));
    Encoding encoding = Encoding.of(roles, columns, run);
    Matrix table = encoding.encode(split.members()).above(encoding.encode(split.nonMembers()));
    int[] labels = new int[table.rows()];
    Arrays.fill(labels, 0, split.members().rows(), 1);
    return Sample.of(table, labels, 2, roles);
  }
}
