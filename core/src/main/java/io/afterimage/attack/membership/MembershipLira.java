package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.WithReferences;
import io.afterimage.attack.common.Asker;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;

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
 * latter, where all models of a person agree. Departs from the paper in that no augmented queries
 * are asked.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipLira
    implements Attack<MembershipLira.Settings, ScoreTarget, MembershipScores> {
  private static final String ID = "membership-lira";
  private static final int OWN_FROM = 64;
  private static final double LEAST_SHARE = 0.01;

  /**
   * The settings.
   *
   * @param references how many models
   * @param epochs of each; 0 for as many as make one as sure as the target is
   * @param batch rows a step of theirs
   * @param learningRate of theirs, by Adam
   * @param ownFrom references from which on each person has deviations of its own
   * @param repeats how often the target is asked about each person
   */
  public record Settings(
      @Setting(ReferenceRecipe.REFERENCES) int references,
      @Setting(ReferenceRecipe.EPOCHS) int epochs,
      @Setting(ReferenceRecipe.BATCH) int batch,
      @Setting(ReferenceRecipe.LEARNING_RATE) double learningRate,
      @Setting("references from which on each person has deviations of its own") int ownFrom,
      @Setting("answers averaged for each person; " + Asker.USUAL_REPEATS) OptionalInt repeats)
      implements WithReferences {
    public Settings {
      ReferenceRecipe.require(references, epochs, batch, learningRate);
      inRange("--own-from", ownFrom, 4, 4097);
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }

    private static Settings of(ReferenceRecipe recipe) {
      return new Settings(
          recipe.references(),
          recipe.epochs(),
          recipe.batch(),
          recipe.learningRate(),
          OWN_FROM,
          OptionalInt.empty());
    }

    private ReferenceRecipe recipe() {
      return new ReferenceRecipe(references, epochs, batch, learningRate);
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        ID,
        "compares the model with others that were and were not trained on each person",
        "Carlini, Chien, Nasr, Song, Terzis, Tramèr, S&P 2022",
        Family.MEMBERSHIP,
        Access.SCORES,
        "each person's record with its true label, and how the model is built and trained",
        false,
        "someone who holds a person's record learns that the person is in the training data");
  }

  @Override
  public Settings defaults() {
    return Settings.of(ReferenceRecipe.DEFAULTS);
  }

  @Override
  public Settings small() {
    return Settings.of(ReferenceRecipe.SMALL);
  }

  @Override
  public Class<ScoreTarget> target() {
    return ScoreTarget.class;
  }

  @Override
  public MembershipScores run(ScoreTarget target, Split split, Settings settings, Run run) {
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, run);
    References references =
        References.of(target, suspects, settings.recipe(), settings.repeats(), run);
    boolean own = settings.references() >= settings.ownFrom();
    Normals with = Normals.of(references.people(), references::with, own);
    Normals without = Normals.of(references.people(), references::without, own);
    double[] online = new double[references.people()];
    double[] offline = new double[references.people()];
    for (int i = 0; i < online.length; i++) {
      double confidence = references.target(i);
      online[i] = with.logDensity(i, confidence) - without.logDensity(i, confidence);
      offline[i] = without.deviations(i, confidence);
    }
    Map<String, double[]> signals = new LinkedHashMap<>();
    signals.put("online", online);
    signals.put("offline", offline);
    return suspects.scores(signals);
  }

  /** A normal distribution for each person. */
  private record Normals(double[] means, double[] deviations) {
    /**
     * Fitted to confidences.
     *
     * @param own whether each person has a deviation of its own, else that of all together
     */
    static Normals of(int people, IntFunction<double[]> confidences, boolean own) {
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
