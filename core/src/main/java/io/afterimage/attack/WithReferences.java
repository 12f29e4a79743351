package io.afterimage.attack;

/** Settings of an attack that compares the target with models trained for that. */
public interface WithReferences {
  /** How many of these reference models. */
  int references();
}
