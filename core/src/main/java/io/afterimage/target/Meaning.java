package io.afterimage.target;

/** What the numbers of an answer are. */
public enum Meaning {
  /** One column a class; each row adds up to 1 unless a defence changed it. */
  PROBABILITIES,
  /** One column a class, before softmax. */
  LOGITS,
  /** One column a class, natural logarithms of probabilities. */
  LOG_PROBABILITIES,
  /** One column: the regressor's value. */
  VALUE,
  /** The most probable class alone, given as 1 in its column and 0 elsewhere. */
  LABEL
}
