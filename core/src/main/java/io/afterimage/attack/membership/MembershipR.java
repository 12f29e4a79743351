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
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Takes for members those of whom the target is surer than models are that were not trained on
 * them: Attack R.
 *
 * <p>Ye, Maddi, Murakonda, Bindschaedler, Shokri: Enhanced Membership Inference Attacks against
 * Machine Learning Models, CCS 2022. {@code loss} is the share of the models without the person
 * that err more than the target does; of those that err as much, half. So it takes no more values
 * than there are models, and low false-positive rates need as many of them.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipR
    implements Attack<MembershipR.Settings, ScoreTarget, MembershipScores> {
  private static final String ID = "membership-r";

  /**
   * The settings.
   *
   * @param references how many models
   * @param epochs of each; 0 for as many as make one as sure as the target is
   * @param batch rows a step of theirs
   * @param learningRate of theirs, by Adam
   * @param repeats how often the target is asked about each person
   */
  public record Settings(
      @Setting(ReferenceRecipe.REFERENCES) int references,
      @Setting(ReferenceRecipe.EPOCHS) int epochs,
      @Setting(ReferenceRecipe.BATCH) int batch,
      @Setting(ReferenceRecipe.LEARNING_RATE) double learningRate,
      @Setting("answers averaged for each person; " + Asker.USUAL_REPEATS) OptionalInt repeats)
      implements WithReferences {
    public Settings {
      ReferenceRecipe.require(references, epochs, batch, learningRate);
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }

    private static Settings of(ReferenceRecipe recipe) {
      return new Settings(
          recipe.references(),
          recipe.epochs(),
          recipe.batch(),
          recipe.learningRate(),
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
        "counts the models not trained on a person that err more than the model does",
        "Ye, Maddi, Murakonda, Bindschaedler, Shokri, CCS 2022",
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
    double[] shares =
        IntStream.range(0, references.people())
            .mapToDouble(i -> below(references.without(i), references.target(i)))
            .toArray();
    return suspects.scores(Map.of("loss", shares));
  }

  /** The share of the values below one, of equal ones half. */
  private static double below(double[] values, double one) {
    return Arrays.stream(values)
        .map(value -> value == one ? 0.5 : value < one ? 1 : 0)
        .average()
        .orElseThrow();
  }
}
