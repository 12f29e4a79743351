package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.target.LabelTarget;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Writes the true values of a sensitive attribute, and what {@link ImputationBaselines} guess of
 * the same people, into an attack's evidence. Neither of the two ever reaches an attack.
 */
public final class AttributeJudge {
  private AttributeJudge() {}

  /**
   * The evidence with truth and baselines.
   *
   * @param target asked about the people where the adversary was given its answers, so that the
   *     baselines know what the adversary knew and no more; may be empty where it was not
   */
  public static AttributeGuesses judge(
      AttributeGuesses guesses, Split split, Optional<LabelTarget> target, Run run) {
    ImputationBaselines imputation =
        new ImputationBaselines(guesses.attribute(), guesses.values(), split, run);
    Map<String, int[]> baselines =
        imputation.guesses(guesses.answered() ? target : Optional.empty());
    int members = split.members().rows();
    int all = members + split.nonMembers().rows();
    return guesses.with(
        judged(guesses.members(), split.members(), imputation, slice(baselines, 0, members)),
        judged(
            guesses.nonMembers(), split.nonMembers(), imputation, slice(baselines, members, all)));
  }

  /** The evidence with truth alone: enough to hold members against non-members. */
  public static AttributeGuesses truth(AttributeGuesses guesses, Split split, Run run) {
    ImputationBaselines imputation =
        new ImputationBaselines(guesses.attribute(), guesses.values(), split, run);
    return guesses.with(
        judged(guesses.members(), split.members(), imputation, Map.of()),
        judged(guesses.nonMembers(), split.nonMembers(), imputation, Map.of()));
  }

  private static Guesses judged(
      Guesses guesses, Dataset rows, ImputationBaselines imputation, Map<String, int[]> baselines) {
    int[] where = where(guesses.people().ids(), rows);
    Map<String, int[]> chosen = new LinkedHashMap<>();
    baselines.forEach((name, all) -> chosen.put(name, pick(all, where)));
    int[] truth = pick(imputation.truth(rows), where);
    return new Guesses(guesses.people(), truth, guesses.attack(), chosen);
  }

  /** The row of each id. */
  private static int[] where(List<String> ids, Dataset rows) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int row = 0; row < rows.rows(); row++) {
      numbers.put(rows.id(row), row);
    }
    return ids.stream().mapToInt(id -> row(id, numbers, rows)).toArray();
  }

  private static int row(String id, Map<String, Integer> numbers, Dataset rows) {
    Integer row = numbers.get(id);
    if (row == null) {
      throw new IllegalArgumentException(
          "the attack guessed about %s, which is not in %s".formatted(id, rows.name()));
    }
    return row;
  }

  private static Map<String, int[]> slice(Map<String, int[]> guesses, int from, int to) {
    Map<String, int[]> slices = new LinkedHashMap<>();
    guesses.forEach((name, all) -> slices.put(name, Arrays.copyOfRange(all, from, to)));
    return slices;
  }

  private static int[] pick(int[] values, int[] rows) {
    return IntStream.of(rows).map(row -> values[row]).toArray();
  }
}
