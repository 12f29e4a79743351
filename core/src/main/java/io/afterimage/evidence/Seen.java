package io.afterimage.evidence;

/**
 * What an attack that asks sees of its own progress, 0 to 1: the values of its curve. None of it
 * tells whether anybody is recognised.
 */
public enum Seen {
  /** The target's probability of the class for its best picture, mean over classes. */
  CONFIDENCE,

  /** Share of walks that have had a whole sphere around them of their class. */
  WHOLE_SPHERES,

  /** Share of pictures, of those lately asked about, that the target labelled as wanted. */
  LABELS_AS_WANTED
}
