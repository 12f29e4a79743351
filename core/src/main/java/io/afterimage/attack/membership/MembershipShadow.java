package io.afterimage.attack.membership;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.WithReferences;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.membership.ShadowClassifier.Table;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.ScoreTarget;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * Learns from shadow models what answers about people look like whom a model learned from, and
 * takes for members those about whom the target answers so.
 *
 * <p>Shokri, Stronati, Song, Shmatikov: Membership Inference Attacks Against Machine Learning
 * Models, S&amp;P 2017. {@code posterior}: log of the odds that a network gives which sees the
 * probabilities of all classes, a network for each class. Shadow models are {@link
 * ReferenceModels}, half of which learned from each person.
 *
 * <p>Departs from the paper in that the networks see logarithms of the probabilities, which end
 * where the target's answers end: near 0 and 1 the numbers themselves do not differ.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipShadow extends ScoreAttack<MembershipShadow.Settings> {
  /** What a float's probability can be told from 0 by, beside that of 1. */
  private static final double LEAST_LOG = -16;

  /**
   * The settings.
   *
   * @param models that are learned from
   */
  public record Settings(ReferenceSettings models) implements WithReferences {}

  public MembershipShadow() {
    super(
        "membership-shadow",
        "learns on shadow models what answers about their training data look like",
        "Shokri, Stronati, Song, Shmatikov, S&P 2017",
        ReferenceAttack.KNOWLEDGE);
  }

  @Override
  public Settings defaults() {
    return new Settings(ReferenceSettings.DEFAULTS);
  }

  @Override
  public Settings small() {
    return new Settings(ReferenceSettings.SMALL);
  }

  @Override
  public Optional<String> refusal(Split split) {
    return split.members().label().orElse(null) instanceof Column.Categorical
        ? Optional.empty()
        : Optional.of("needs a model that names classes, and rows labelled with them");
  }

  @Override
  public MembershipScores run(ScoreTarget target, Split split, Settings settings, Run run) {
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), 1, 0, run);
    Asker asker = Asker.of(target, settings.models().repeats(), suspects.rows(), run);
    Asked asked = Asked.of(asker, suspects, UnaryOperator.identity());
    ReferenceModels models =
        ReferenceModels.of(target, suspects, asked.sureness(), settings.models(), run);
    int[] classes = seen(suspects.classes(target.info()));
    double least = leastLog(target);
    List<double[]> shadows =
        models.answers(UnaryOperator.identity()).stream()
            .map(answers -> ended(Asked.model(answers, target.info(), suspects), least))
            .toList();
    ShadowClassifier classifier =
        ShadowClassifier.fit(shadows, classes, models, run.keyed("classifier of posteriors"));
    double[] odds = classifier.odds(new Table(ended(asked, least), classes));
    return suspects.scores(Map.of("posterior", odds), List.of(models.note()));
  }

  /** The classes that somebody has, numbered from 0. */
  private static int[] seen(int[] classes) {
    int[] some = Arrays.stream(classes).distinct().sorted().toArray();
    return Arrays.stream(classes).map(c -> Arrays.binarySearch(some, c)).toArray();
  }

  /** Where the logarithms of the target's probabilities end. */
  private static double leastLog(ScoreTarget target) {
    OptionalInt decimals = target.answers().decimals();
    return decimals.isPresent()
        ? Math.max(LEAST_LOG, Math.log(Math.pow(10, -decimals.getAsInt()) / 2))
        : LEAST_LOG;
  }

  private static double[] ended(Asked answered, double least) {
    return Arrays.stream(answered.logProbabilities()).map(log -> Math.max(log, least)).toArray();
  }
}
