package io.afterimage.report.page;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Finding.Advantage;
import io.afterimage.assess.Leakage;
import io.afterimage.assess.Metric;
import io.afterimage.evidence.Seen;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Findings in plain words, without their numbers, which stand beside them. */
final class Sentences {
  /** A gain that could be smaller than this is not worth a person’s worry. */
  private static final double SMALL = .05;

  private Sentences() {}

  /** What the model teaches anyone about an attribute, beyond what is known without it. */
  static String taught(Finding finding) {
    String attribute = Names.subject(finding);
    Advantage gain = finding.advantages().get("overBaseline");
    if (gain == null || gain.low() == null || gain.high() == null) {
      return "What the model teaches about %s could not be measured.".formatted(attribute);
    }
    String beyond =
        "about %s beyond what %s already %s."
            .formatted(
                attribute,
                Names.baseline(gain.baseline()),
                gain.baseline().startsWith("other-attributes") ? "tell" : "tells");
    if (gain.low() > 0) {
      return "The model teaches an adversary something " + beyond;
    }
    return gain.high() <= SMALL
        ? "The model teaches an adversary nothing " + beyond
        : "It could not be shown whether the model teaches an adversary anything " + beyond;
  }

  /** Whether the model memorised an attribute of the people it was trained on. */
  static String memorised(Finding finding) {
    Advantage gap = finding.advantages().get("membersOverNonmembers");
    if (gap == null || gap.low() == null || gap.high() == null) {
      return "";
    }
    if (gap.low() > 0) {
      return "It does so better for people it was trained on: it memorised them.";
    }
    return gap.high() <= SMALL
        ? "People it was trained on are no more exposed than others."
        : "Whether people it was trained on are more exposed than others could not be shown.";
  }

  /** What of the people it was trained on a model's file holds. */
  static String held(Finding finding) {
    List<String> told = new ArrayList<>();
    Metric stored = finding.metrics().get("rowsStored");
    if (stored == null || stored.value() == null) {
      told.add("Whether records of members stand in the file could not be told.");
    } else {
      told.add(
          stored.value() > 0
              ? "Whoever holds the file holds records of members: they stand in it."
              : "No record of a member stands in the file.");
    }
    if (isAny(finding, "fewInLeaf")) {
      told.add("Some members stand nearly alone in a leaf of its trees.");
    }
    if (isAny(finding, "ownEmbedding")) {
      told.add("Some members have a row of an embedding to themselves, trained on them alone.");
    }
    return String.join(" ", told);
  }

  private static boolean isAny(Finding finding, String metric) {
    return finding.metric(metric).map(Metric::value).filter(share -> share > 0).isPresent();
  }

  /**
   * Whether the pictures were rebuilt well enough to be recognised.
   *
   * @param people whether each class is one person
   */
  static String rebuilt(Finding finding, boolean people) {
    if (finding.metrics().containsKey("recordPsnr@members")) {
      return ofRecords(finding);
    }
    @Nullable Advantage gain = finding.advantages().get("overBaseline");
    if (gain == null || gain.low() == null || gain.high() == null) {
      return "Whether anyone could be recognised was not measured.";
    }
    String whom = people ? "people" : "classes";
    String told =
        gain.low() > 0
            ? "Rebuilt: an evaluator that never saw the training pictures recognises more %s than"
                + " without the model."
            : "Not rebuilt: an evaluator that never saw the training pictures could not be shown to"
                + " recognise more %s than without the model.";
    return told.formatted(whom)
        + (people ? "" : " No class was said to be one person: this is for information.");
  }

  /** Whether single records were rebuilt, and members' better. */
  private static String ofRecords(Finding finding) {
    String told =
        above(finding, "recordPsnr/overPopulationMean@members")
                || above(finding, "recordPsnr/overPopulationMean@nonmembers")
            ? "Single records were rebuilt from what the model shows of them: they come out nearer"
                + " than the population’s mean picture."
            : "Single records could not be shown to be rebuilt any nearer than the population’s mean"
                + " picture.";
    return told
        + (above(finding, "recordPsnr/membersOverNonmembers")
            ? " Those of people it was trained on come out better than others’."
            : " Those of people it was trained on could not be shown to come out better than"
                + " others’.");
  }

  private static boolean above(Finding finding, String metric) {
    return finding.metric(metric).map(Metric::low).filter(low -> low > 0).isPresent();
  }

  /** What the chart of people recognised against queries shows. */
  static String leakage(Leakage leakage) {
    return "How many an evaluator that never saw the training pictures recognises, had the attack"
        + " stopped after so many rows asked of the target, with 95% intervals; on the left by the"
        + " pictures it started from."
        + (leakage.endsOnly()
            ? " Nothing is known between start and end: it had no picture to hand in before."
            : "");
  }

  /** What the chart of an attack's own progress shows, where no evaluator could tell more. */
  static String seen(Seen seen) {
    String what =
        switch (seen) {
          case CONFIDENCE ->
              "How sure the target is of the best reconstructions, mean over classes";
          case WHOLE_SPHERES ->
              "Share of the walks that the target once labelled with their class all around";
          case LABELS_AS_WANTED ->
              "Share of the pictures lately asked about that the target labelled as wanted";
        };
    return what
        + ", against the rows that were asked of it. So the attack saw its own progress; whether"
        + " anyone is recognised it does not say.";
  }
}
