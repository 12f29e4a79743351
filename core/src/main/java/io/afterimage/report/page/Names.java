package io.afterimage.report.page;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Status;
import io.afterimage.base.Family;
import io.afterimage.evidence.Seen;
import io.afterimage.policy.Decision;
import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Plain words for the names that the report’s data use. */
final class Names {
  private static final Set<String> PLAIN_NUMBERS =
      Set.of(
          "auc",
          "macroF1",
          "mcc",
          "rmse",
          "r2",
          "psnr",
          "ssim",
          "recordPsnr",
          "recordPsnr/membersOverNonmembers",
          "recordPsnr/overPopulationMean",
          "recordSsim",
          "recordSsim/membersOverNonmembers",
          "recordSsim/overPopulationMean",
          "epsilonLowerBound",
          GateResult.CLAIM,
          "parametersPerRow",
          "aucOverOthers",
          "parameterError",
          "brier",
          "density",
          "blind",
          "chance",
          "crossEntropy",
          "recordsPerLeaf",
          "residualDegreesOfFreedom",
          "rowStored",
          "membersInLeaf",
          "peopleOfEmbeddingRow");

  private static final Set<String> ASK_FOR_MORE =
      Set.of("records-per-leaf", "residual-degrees-of-freedom", GateResult.REFERENCES);

  private static final Map<String, String> METRICS =
      Map.ofEntries(
          Map.entry("auc", "AUC"),
          Map.entry("tpr@0.0001", "found at 0.01% false alarms"),
          Map.entry("tpr@0.001", "found at 0.1% false alarms"),
          Map.entry("tpr@0.01", "found at 1% false alarms"),
          Map.entry("tpr@0.1", "found at 10% false alarms"),
          Map.entry("tprMinusFpr", "found minus false alarms, at best"),
          Map.entry("balancedAccuracy", "balanced accuracy"),
          Map.entry("posterior", "chance that it is a member’s"),
          Map.entry("ppv", "members among those named"),
          Map.entry("epsilonLowerBound", "ε at least"),
          Map.entry("accuracy", "accuracy"),
          Map.entry("macroF1", "F1, mean over values"),
          Map.entry("mcc", "Matthews correlation"),
          Map.entry("rmse", "root mean square error"),
          Map.entry("r2", "R²"),
          Map.entry("within10percent", "within 10% of the truth"),
          Map.entry("calibrationError", "calibration error"),
          Map.entry("brier", "Brier score"),
          Map.entry("identified", "nearest the right class mean (sanity figure)"),
          Map.entry("attackAccuracy@1", "evaluator right, first guess"),
          Map.entry("attackAccuracy@5", "evaluator right, five guesses"),
          Map.entry(
              "attackAccuracy@1/forced",
              "evaluator right, had it to name a class whatever it sees (as mostly published)"),
          Map.entry("confidence", "the target’s confidence"),
          Map.entry("nearestMember", "nearest to a member"),
          Map.entry("nearestNonmember", "nearest to a non-member"),
          Map.entry("recognised", "recognised by an evaluator"),
          Map.entry("psnr", "PSNR, dB"),
          Map.entry("ssim", "SSIM"),
          Map.entry("recordPsnr", "PSNR to the very record, dB"),
          Map.entry(
              "recordPsnr/membersOverNonmembers",
              "PSNR to the very record, dB, members minus non-members"),
          Map.entry("recordPsnr/overPopulationMean", "PSNR gained over the mean picture, dB"),
          Map.entry("recordSsim", "SSIM to the very record"),
          Map.entry(
              "recordSsim/membersOverNonmembers",
              "SSIM to the very record, members minus non-members"),
          Map.entry("recordSsim/overPopulationMean", "SSIM gained over the mean picture"),
          Map.entry("frechet@evaluator", "Fréchet distance on the evaluator’s features"),
          Map.entry("precision@evaluator", "look like members of their class (precision)"),
          Map.entry("recall@evaluator", "members of the class that are covered (recall)"),
          Map.entry("density@evaluator", "members around each, in neighbourhoods (density)"),
          Map.entry("coverage@evaluator", "members with a reconstruction near by (coverage)"),
          Map.entry("evaluator/real", "evaluator right on real pictures"),
          Map.entry("evaluator/sign-gradient", "evaluator right on grey sign noise"),
          Map.entry("evaluator/fooling-noise", "evaluator right on noise that fools the model"),
          Map.entry("agreement", "agreement with the target"),
          Map.entry("parameterError", "parameter error"),
          Map.entry("exact", "records exact"),
          Map.entry("rowsStored", "members whose record stands in the file"),
          Map.entry("recordsPerLeaf", "members in the emptiest leaf"),
          Map.entry("residualDegreesOfFreedom", "residual degrees of freedom"),
          Map.entry("fewInLeaf", "people in a leaf with fewer than five members"),
          Map.entry("ownEmbedding", "people with a row of an embedding to themselves"),
          Map.entry("rowStored", "its record stands in the file"),
          Map.entry("membersInLeaf", "members in its emptiest leaf"),
          Map.entry("peopleOfEmbeddingRow", "people who share its row of an embedding"));

  private static final Map<String, String> COLUMNS =
      Map.of(
          "auc", "AUC",
          "tpr@0.0001", "found at 0.01%",
          "tpr@0.001", "found at 0.1%",
          "tpr@0.01", "found at 1%",
          "tpr@0.1", "found at 10%",
          "tprMinusFpr", "found minus false alarms, at best",
          "ppv", "members among those named");

  private static final Map<Family, List<String>> TELLING =
      Map.of(
          Family.MEMBERSHIP, List.of("auc", "tpr@0.01"),
          Family.ATTRIBUTE, List.of("accuracy@members", "accuracy@nonmembers", "rmse@members"),
          Family.INVERSION, List.of("recognised", "confidence"),
          Family.EXTRACTION, List.of("agreement", "parameterError"),
          Family.GRADIENT, List.of("psnr", "ssim"));

  /** Begins a baseline that is the metric behind it, of the pictures an attack started from. */
  private static final String START = "start/";

  /** The same of the population's mean picture. */
  private static final String MEAN = "population-mean/";

  private Names() {}

  /** A metric in plain words: {@code tpr@0.01}, "found at 1% false alarms". */
  static String metric(String name) {
    if (name.endsWith("@evaluator/all")) {
      return metric(name.substring(0, name.length() - "/all".length())) + ", over all classes";
    }
    for (String role : new String[] {"members", "nonmembers"}) {
      if (name.endsWith("@" + role)) {
        return metric(name.substring(0, name.length() - role.length() - 1)) + ", " + role(role);
      }
    }
    return METRICS.getOrDefault(name, name);
  }

  /** A metric of membership at the head of a column. */
  static String column(String name) {
    return COLUMNS.getOrDefault(name, name);
  }

  /** What the rows alone reach in a metric of membership: the baseline's name. */
  static String blind(String metric) {
    return metric.equals("auc") ? "blind" : "blind/" + metric;
  }

  /** How a metric, gate or baseline of this name is written. */
  static Unit unit(String name) {
    String bare = name.replaceFirst("@(members|nonmembers|evaluator(/all)?)$", "");
    boolean plain =
        PLAIN_NUMBERS.contains(bare)
            || bare.endsWith("-auc")
            || bare.startsWith("frechet")
            || bare.equals("near-copy")
            || moreIsBetter(bare);
    return plain ? Unit.NUMBER : Unit.SHARE;
  }

  /** Whether a gate of this name asks for at least so much, rather than at most. */
  static boolean moreIsBetter(String gate) {
    return ASK_FOR_MORE.contains(gate);
  }

  /** What a gate of this name reads where the model gives nothing away. */
  static double atChance(String gate) {
    return gate.endsWith("-auc") ? .5 : 0;
  }

  /** The figures that stand for a family where there is room for few, the main one first. */
  static List<String> telling(Family family) {
    return TELLING.getOrDefault(family, List.of());
  }

  /** The attack’s id, without the signal or attribute behind it. */
  static String id(Finding finding) {
    return finding.attack().split("/", 2)[0];
  }

  /** What a finding is about: the signal or attribute behind the attack’s id, else the id. */
  static String subject(Finding finding) {
    return finding.attack().substring(finding.attack().indexOf('/') + 1);
  }

  /** The metric that a baseline of this name is, where it is one. */
  static Optional<String> metricOf(String baseline) {
    return Stream.of(START, MEAN)
        .filter(baseline::startsWith)
        .map(prefix -> baseline.substring(prefix.length()))
        .findFirst();
  }

  /** A baseline in plain words. */
  static String baseline(String name) {
    if (name.startsWith("alone:")) {
      return name.substring("alone:".length()) + " alone";
    }
    Optional<String> metric = metricOf(name);
    if (metric.isPresent()) {
      return metric(metric.get())
          + (name.startsWith(START)
              ? ", of the pictures it started from"
              : ", of the population’s mean picture");
    }
    return switch (name) {
      case "chance" -> "chance";
      case "blind" -> "telling them apart by the rows alone";
      case "majority" -> "the most common value";
      case "other-attributes" -> "the other attributes";
      case "other-attributes+response" -> "the other attributes and the true response";
      case "other-attributes+answer" -> "the other attributes and the model’s answer";
      case "start" -> "the picture it started from";
      case "population-mean" -> "the population’s mean picture";
      case "permuted-labels" -> "the same attack on permuted labels";
      case "nonmembers" -> "non-members";
      default -> name;
    };
  }

  /** An advantage in plain words. */
  static String advantage(String name, String baseline) {
    return switch (name) {
      case "overBaseline" -> "gain over " + baseline(baseline);
      case "membersOverNonmembers" -> "members over non-members";
      default -> name;
    };
  }

  static String role(String role) {
    return role.equals("nonmembers") ? "non-members" : role;
  }

  /** A gate's title, which is the subject of a sentence, as a heading. */
  static String heading(String title) {
    return title.replaceFirst(",$", "");
  }

  static String decision(Decision decision) {
    return decision.name().replace('_', ' ');
  }

  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case PASSED -> "passed";
      case CONDITION -> "condition";
      case FAILED -> "failed";
      case INSUFFICIENT -> "insufficient";
      case NOT_APPLICABLE -> "not applicable";
    };
  }

  /** A status of a control, a line of the matrix or a finding: {@code notRun}, "not run". */
  static String status(String status) {
    return status.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }

  static String status(Status status) {
    return status.name().replace('_', ' ').toLowerCase(Locale.ROOT);
  }

  /** The class of the style sheet for any enum constant or status. */
  static String style(Object constant) {
    return constant
        .toString()
        .replaceAll("([a-z])([A-Z])", "$1-$2")
        .replace('_', '-')
        .toLowerCase(Locale.ROOT);
  }

  static String access(String access) {
    return switch (access) {
      case "LABEL" -> "the most probable class alone";
      case "SCORES" -> "the model’s scores";
      case "LOGITS" -> "the scores before the last softmax";
      case "FEATURES" -> "any inner value of the network";
      case "GRADIENTS" -> "the weights and so every gradient (a white box)";
      default -> access;
    };
  }

  /** What stands beside the axis of an attack's own progress. */
  static String seen(Seen seen) {
    return switch (seen) {
      case CONFIDENCE -> "confidence";
      case WHOLE_SPHERES -> "walks with a whole sphere";
      case LABELS_AS_WANTED -> "labelled as wanted";
    };
  }
}
