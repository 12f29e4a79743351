package io.afterimage.attack.inversion;

/** Settings of an attack that searches what a prior can make. */
interface WithPrior {
  /** What is searched. */
  PriorChoice prior();
}
