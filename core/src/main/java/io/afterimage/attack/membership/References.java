package io.afterimage.attack.membership;

import io.afterimage.attack.common.Asker;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.target.Answers;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * How sure the target is of each suspect, and how sure {@link ReferenceModels} are that were
 * trained with and without that suspect; of the record itself (version 0), and of changed versions
 * of it where an attack asks about them.
 *
 * <p>Confidences are logits of the true class, ended where the target's answers end: a float's
 * probability cannot be told from 1 beyond 16, a rounded one's sooner. For a regressor they are
 * minus the absolute error.
 */
final class References {
  /** Where the float nearest below 1 lies. */
  private static final double MOST_LOGIT = 16;

  private final TargetInfo info;
  private final ReferenceModels models;
  private final double[][] target;
  private final double[][][] others;

  /** The model that stands in the target's place; empty where the target does. */
  private final OptionalInt stands;

  private References(
      TargetInfo info,
      ReferenceModels models,
      double[][] target,
      double[][][] others,
      OptionalInt stands) {
    this.info = info;
    this.models = models;
    this.target = target;
    this.others = others;
    this.stands = stands;
  }

  /**
   * Asks the target about everybody and trains the models, or finds them trained.
   *
   * @param versions what is asked about each record, the first of which changes nothing
   */
  static References of(
      ScoreTarget target,
      Suspects suspects,
      List<UnaryOperator<Dataset>> versions,
      ReferenceSettings settings,
      Run run) {
    TargetInfo info = target.info();
    double limit = limit(info, target.answers());
    Asker asker =
        Asker.of(target, settings.repeats(), (long) suspects.rows() * versions.size(), run);
    Asked alone = Asked.of(asker, suspects, versions.get(0));
    ReferenceModels models = ReferenceModels.of(target, suspects, alone.sureness(), settings, run);
    double[][] found = new double[versions.size()][];
    double[][][] others = new double[versions.size()][][];
    for (int v = 0; v < found.length; v++) {
      Asked asked = v == 0 ? alone : Asked.of(asker, suspects, versions.get(v));
      found[v] = ended(asked.confidences(), limit);
      others[v] =
          models.answers(versions.get(v)).stream()
              .map(answers -> ended(Asked.model(answers, info, suspects).confidences(), limit))
              .toArray(double[][]::new);
    }
    return new References(info, models, found, others, OptionalInt.empty());
  }

  /** The same with one of the models in the target's place, compared with the others. */
  References inPlace(int model) {
    double[][] found =
        Arrays.stream(others).map(version -> version[model]).toArray(double[][]::new);
    return new References(info, models, found, others, OptionalInt.of(model));
  }

  /** How far confidences reach either way. */
  static double limit(TargetInfo info, Answers known) {
    if (info.task() == Task.REGRESSION) {
      return Double.MAX_VALUE;
    }
    OptionalInt decimals = known.decimals();
    double half = Math.pow(10, -decimals.orElse(0)) / 2;
    return decimals.isPresent() ? Math.min(MOST_LOGIT, Math.log((1 - half) / half)) : MOST_LOGIT;
  }

  private static double[] ended(double[] confidences, double limit) {
    return Arrays.stream(confidences).map(c -> Math.max(-limit, Math.min(limit, c))).toArray();
  }

  // ---- what attacks compare

  boolean ofValues() {
    return info.task() == Task.REGRESSION;
  }

  int models() {
    return models.count();
  }

  int people() {
    return target[0].length;
  }

  int versions() {
    return target.length;
  }

  /** Whether a model learned from a suspect. */
  boolean learned(int model, int person) {
    return models.learned(model, person);
  }

  /** Whether the models are of the target's own graph. */
  boolean ofOwnGraph() {
    return models.ofOwnGraph();
  }

  /** How the models came about, for the report. */
  List<String> notes() {
    return List.of(models.note());
  }

  /** How sure the target is of a suspect, members first. */
  double target(int person) {
    return target(0, person);
  }

  /** The same of a version of the record. */
  double target(int version, int person) {
    return target[version][person];
  }

  /** How sure the models are that learned from the suspect, at least one. */
  double[] with(int person) {
    return with(0, person);
  }

  /** The same of a version of the record. */
  double[] with(int version, int person) {
    return of(version, person, true);
  }

  /** How sure the models are that did not, at least one. */
  double[] without(int person) {
    return without(0, person);
  }

  /** The same of a version of the record. */
  double[] without(int version, int person) {
    return of(version, person, false);
  }

  private double[] of(int version, int person, boolean with) {
    int[] those = models(person, with);
    int left = stands.isPresent() ? leftOut(person) : -1;
    return IntStream.range(0, those.length)
        .filter(place -> place != left)
        .mapToDouble(place -> others[version][those[place]][person])
        .toArray();
  }

  private int[] models(int person, boolean with) {
    return IntStream.range(0, models.count())
        .filter(model -> models.learned(model, person) == with)
        .toArray();
  }

  /**
   * Which of those with and which of those without are left out. One on either side, for how many
   * are left would tell on which the model in the target's place is.
   */
  private int leftOut(int person) {
    int model = stands.orElseThrow();
    return Arrays.binarySearch(models(person, models.learned(model, person)), model);
  }
}
