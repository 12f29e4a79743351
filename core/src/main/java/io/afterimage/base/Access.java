package io.afterimage.base;

/** What an adversary sees of the target, weakest first. An attack states the least it needs. */
public enum Access {
  /** The most probable class alone. */
  LABEL,
  /** Probabilities, possibly rounded, truncated or noised; for a regressor its value. */
  SCORES,
  /** The scores before the last softmax or sigmoid. */
  LOGITS,
  /** Any inner value of the network. */
  FEATURES,
  /** The weights, and so every gradient: a white box. */
  GRADIENTS;

  /** Whether an adversary with this access can mount what needs the other. */
  public boolean covers(Access needed) {
    return compareTo(needed) >= 0;
  }

  /** The weaker of the two. */
  public Access least(Access other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
