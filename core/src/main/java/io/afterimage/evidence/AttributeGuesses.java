package io.afterimage.evidence;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the adversary, and what people without the model, guessed of one sensitive attribute. The
 * attack writes its guesses; the judge adds the truth and the baselines, which no attack sees.
 *
 * @param attribute the sensitive column
 * @param values its possible values
 * @param knowledge what the adversary was given, in plain words: "other attributes and the true
 *     response"
 * @param answered whether that holds the model's answer about each true record, in place of the
 *     true response
 * @param members guesses about people who were trained on
 * @param nonMembers guesses about people who were not
 */
public record AttributeGuesses(
    String attribute,
    List<String> values,
    String knowledge,
    boolean answered,
    Guesses members,
    Guesses nonMembers)
    implements Evidence {
  public AttributeGuesses {
    values = List.copyOf(values);
  }

  /** What an adversary guessed who knows the true responses, or none. */
  public AttributeGuesses(
      String attribute,
      List<String> values,
      String knowledge,
      Guesses members,
      Guesses nonMembers) {
    this(attribute, values, knowledge, false, members, nonMembers);
  }

  /** The same attack with these guesses about its people. */
  public AttributeGuesses with(Guesses aboutMembers, Guesses aboutNonMembers) {
    return new AttributeGuesses(
        attribute, values, knowledge, answered, aboutMembers, aboutNonMembers);
  }

  /**
   * Guesses about the same people by everyone who guessed.
   *
   * @param people whom
   * @param truth the true value as an index, -1 where it is missing; empty until the judge wrote it
   * @param attack the attack's guess as an index
   * @param baselines guesses without the model, by name, on the same people: {@code majority},
   *     {@code other-attributes}
   */
  public record Guesses(People people, int[] truth, int[] attack, Map<String, int[]> baselines) {
    public Guesses {
      baselines = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    }

    /** What an attack writes: guesses alone. */
    public static Guesses of(People people, int[] attack) {
      return new Guesses(people, new int[0], attack, Map.of());
    }
  }
}
