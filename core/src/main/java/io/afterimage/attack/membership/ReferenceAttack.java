package io.afterimage.attack.membership;

import io.afterimage.attack.WithReferences;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.RecipeScores;
import io.afterimage.target.ScoreTarget;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;

/**
 * An attack that compares what the target and {@link References} answer about each person.
 *
 * @param <S> its settings
 */
abstract class ReferenceAttack<S extends Record & WithReferences> extends ScoreAttack<S> {
  static final String KNOWLEDGE =
      "each person's record with its true label, and how the model is built and trained";

  /** Fewer leave nobody on one side when one of them takes the target's place. */
  private static final int LEAST_MODELS = 4;

  /** Enough for any rate that is asked about: of many people not every model takes a turn. */
  private static final int MOST_ROWS = 2_000_000;

  ReferenceAttack(String id, String title, String paper) {
    super(id, title, paper, KNOWLEDGE);
  }

  @Override
  public final MembershipScores run(ScoreTarget target, Split split, S settings, Run run) {
    List<UnaryOperator<Dataset>> versions = versions(settings);
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), versions.size(), 0, run);
    References references = References.of(target, suspects, versions, settings.models(), run);
    return suspects.scores(signals(references, settings), references.notes());
  }

  @Override
  public final Optional<RecipeScores> ofRecipe(
      ScoreTarget target, Split split, S settings, Run run) {
    if (settings.models().references() < LEAST_MODELS) {
      return Optional.empty();
    }
    List<UnaryOperator<Dataset>> versions = versions(settings);
    Suspects suspects = Suspects.of(target, split, OptionalInt.empty(), versions.size(), 0, run);
    References references = References.of(target, suspects, versions, settings.models(), run);
    return references.ofOwnGraph()
        ? Optional.of(inTurn(suspects, references, settings))
        : Optional.empty();
  }

  private RecipeScores inTurn(Suspects suspects, References references, S settings) {
    int turns = Math.max(LEAST_MODELS, MOST_ROWS / references.people());
    int models = Math.min(references.models(), turns);
    boolean[][] learned = new boolean[models][references.people()];
    Map<String, double[][]> scores = new LinkedHashMap<>();
    for (int model = 0; model < models; model++) {
      for (int person = 0; person < learned[model].length; person++) {
        learned[model][person] = references.learned(model, person);
      }
      int place = model;
      signals(references.inPlace(model), settings)
          .forEach(
              (name, of) -> scores.computeIfAbsent(name, n -> new double[models][])[place] = of);
    }
    return new RecipeScores(suspects.people(), learned, scores, references.notes());
  }

  /** What is asked about each record: itself first, which may be all. */
  List<UnaryOperator<Dataset>> versions(S settings) {
    return List.of(UnaryOperator.identity());
  }

  /** The signals by name: a score for each member, then for each of the others. */
  abstract Map<String, double[]> signals(References references, S settings);
}
