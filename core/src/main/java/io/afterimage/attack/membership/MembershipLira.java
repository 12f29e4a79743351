package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.WithReferences;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;

/**
 * Takes for members those of whom the target is as sure as models are that were trained on them,
 * and not as sure as models are that were not: the likelihood ratio attack.
 *
 * <p>Carlini, Chien, Nasr, Song, Terzis, Tram&egrave;r: Membership Inference Attacks From First
 * Principles, S&amp;P 2022. The confidences of a person's reference models are taken for normal.
 *
 * <ul>
 *   <li>{@code online}: log of the target's density among the models that learned from the person,
 *       less that among those that did not.
 *   <li>{@code offline}: by how many deviations the target is surer than the models that did not; a
 *       growing function of the paper's 1 - Pr[Z &gt; confidence], without its rounding at 1.
 * </ul>
 *
 * <p>From so many references on, a person's deviations are the person's own; with fewer they are
 * those of everybody together, which the paper found better then. None is below a hundredth of the
 * latter, where all models of a person agree. Pictures may also be asked about moved and mirrored;
 * each version has normals of its own, and the versions' scores are averaged.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipLira extends ReferenceAttack<MembershipLira.Settings> {
  private static final int OWN_FROM = 64;
  private static final double LEAST_SHARE = 0.01;

  /**
   * The settings.
   *
   * @param models that the target is compared with
   * @param ownFrom references from which on each person has deviations of its own
   * @param shift pixels by which pictures are moved at most
   * @param flip whether pictures are also mirrored
   */
  public record Settings(
      ReferenceSettings models,
      @Setting("references from which on each person has deviations of its own") int ownFrom,
      @Setting("pictures: ask also about copies moved by so many pixels to each side") int shift,
      @Setting("pictures: ask also about mirrored copies") boolean flip)
      implements WithReferences {
    public Settings {
      inRange("--own-from", ownFrom, 4, 4097);
      inRange("--shift", shift, 0, 100);
    }
  }

  public MembershipLira() {
    super(
        "membership-lira",
        "compares the model with others that were and were not trained on each person",
        "Carlini, Chien, Nasr, Song, Terzis, Tramèr, S&P 2022");
  }

  /** One query: more helped the paper's targets, which had been trained on moved pictures. */
  @Override
  public Settings defaults() {
    return new Settings(ReferenceSettings.DEFAULTS, OWN_FROM, 0, false);
  }

  @Override
  public Settings small() {
    return new Settings(ReferenceSettings.SMALL, OWN_FROM, 0, false);
  }

  @Override
  List<UnaryOperator<Dataset>> versions(Settings settings) {
    return PictureCopies.versions(settings.shift(), settings.flip());
  }

  @Override
  Map<String, double[]> signals(References references, Settings settings) {
    double[] online = new double[references.people()];
    double[] offline = new double[references.people()];
    for (int v = 0; v < references.versions(); v++) {
      add(references, v, references.models() >= settings.ownFrom(), online, offline);
    }
    Map<String, double[]> signals = new LinkedHashMap<>();
    signals.put("online", online);
    signals.put("offline", offline);
    return signals;
  }

  /** Adds what one version of the records says, its share of the mean. */
  private static void add(
      References references, int version, boolean own, double[] online, double[] offline) {
    int people = references.people();
    Normals with = Normals.of(people, own, i -> references.with(version, i));
    Normals without = Normals.of(people, own, i -> references.without(version, i));
    for (int i = 0; i < people; i++) {
      double confidence = references.target(version, i);
      double ratio = with.logDensity(i, confidence) - without.logDensity(i, confidence);
      online[i] += ratio / references.versions();
      offline[i] += without.deviations(i, confidence) / references.versions();
    }
  }

  /** A normal distribution for each person. */
  private record Normals(double[] means, double[] deviations) {
    /**
     * Fitted to confidences.
     *
     * @param own whether each person has a deviation of its own, else that of all together
     */
    static Normals of(int people, boolean own, IntFunction<double[]> confidences) {
      double[] means = new double[people];
      double[] variances = new double[people];
      for (int i = 0; i < people; i++) {
        double[] all = confidences.apply(i);
        double mean = Arrays.stream(all).average().orElseThrow();
        means[i] = mean;
        variances[i] = Arrays.stream(all).map(c -> (c - mean) * (c - mean)).average().orElseThrow();
      }
      // Added up by size: sums of floats depend on their order, which must not be that of files.
      double common = Math.sqrt(Arrays.stream(variances).sorted().average().orElseThrow());
      double least = common > 0 ? LEAST_SHARE * common : 1;
      double[] deviations =
          Arrays.stream(variances)
              .map(variance -> Math.max(own ? Math.sqrt(variance) : common, least))
              .toArray();
      return new Normals(means, deviations);
    }

    double deviations(int person, double confidence) {
      return (confidence - means[person]) / deviations[person];
    }

    double logDensity(int person, double confidence) {
      double z = deviations(person, confidence);
      return -z * z / 2 - Math.log(deviations[person]);
    }
  }
}
