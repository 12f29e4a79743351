package io.afterimage.base;

/**
 * What an attack is, for the command line, the report and the documentation, which have no other
 * source.
 *
 * @param id its name, as in DESIGN.md: {@code mi-face}
 * @param title one line in plain words: what the adversary does
 * @param paper authors, title, venue and year
 * @param family what it is after
 * @param access the least access that it needs
 * @param knowledge what else the adversary must hold, in plain words
 * @param asksNewInputs whether it asks the target about inputs of its own making; if so a file of
 *     predictions cannot answer it
 * @param success what its success means for a person, in plain words
 */
public record AttackInfo(
    String id,
    String title,
    String paper,
    Family family,
    Access access,
    String knowledge,
    boolean asksNewInputs,
    String success) {}
