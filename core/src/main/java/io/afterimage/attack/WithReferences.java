package io.afterimage.attack;

import io.afterimage.attack.membership.ReferenceSettings;

/** Settings of an attack that compares the target with models trained for that. */
public interface WithReferences {
  /** How many, and how they are trained. */
  ReferenceSettings models();
}
