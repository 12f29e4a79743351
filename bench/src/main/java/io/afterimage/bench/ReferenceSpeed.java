package io.afterimage.bench;

import io.afterimage.assess.Finding;
import io.afterimage.assess.MembershipAssessor;
import io.afterimage.assess.Ran;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * LiRA on Location-30 from nothing to its scores: references trained and asked about everybody;
 * {@code bench/peers/references.py} lets privacy_meter train and ask the same networks.
 *
 * <p>Usage: {@code ReferenceSpeed DATA_FOLDER [REFERENCES] [EPOCHS]}; epochs are found by a pilot
 * where they are not given.
 */
public final class ReferenceSpeed {
  private static final String USAGE = "ReferenceSpeed DATA_FOLDER [REFERENCES] [EPOCHS]";
  private static final double PRIOR = 0.5;

  private ReferenceSpeed() {}

  /** Prints the seconds, and what the references found. */
  public static void main(String[] args) throws Exception {
    Usage.run(USAGE, 1, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Map<String, String> asked = new LinkedHashMap<>();
    asked.put("references", args.length > 1 ? args[1] : "64");
    if (args.length > 2) {
      asked.put("epochs", args[2]);
    }
    LeakCase data = LeakCase.named("location-30", Path.of(args[0]));
    Run run = new Run(0, 2, Progress.NONE, new AtomicBoolean());
    Split split = data.split(run);
    Attack<?, ?, ?> lira = Attacks.named("membership-lira");
    Record settings = SettingsForm.of(lira.defaults()).with(asked);
    OnnxOptions options = OnnxOptions.DEFAULTS.withClasses(data.names());
    try (OnnxTarget target =
        OnnxTarget.open(data.target(split.members(), data.byHeart(), run), options)) {
      long start = System.nanoTime();
      MembershipScores scores =
          (MembershipScores) Attacks.run(lira, target, split, settings, run.keyed("lira"));
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("%s: %.1f s%n", scores.notes(), seconds);
      Ran ran = new Ran(lira.info(), 0, seconds, null);
      for (Finding finding :
          MembershipAssessor.assess(ran, scores, Optional.empty(), data.names(), PRIOR, run)) {
        System.out.printf(
            "%s: AUC %.3f, TPR at 1%% FPR %.1f%%%n",
            finding.attack(), value(finding, "auc"), 100 * value(finding, "tpr@0.01"));
      }
    }
  }

  private static double value(Finding finding, String metric) {
    return Objects.requireNonNull(finding.metric(metric).orElseThrow().value());
  }
}
