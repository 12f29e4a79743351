package io.afterimage.attack.inversion;

/** Settings of an attack that searches a {@link LatentSpace}. */
interface LatentSettings {
  /** What is searched. */
  PriorChoice prior();

  /** Pictures for each class. */
  int restarts();

  /** At most so many pictures are worked on side by side. */
  int batch();

  /** Steps that each picture takes. */
  int steps();
}
