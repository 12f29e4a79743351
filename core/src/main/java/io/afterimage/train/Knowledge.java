package io.afterimage.train;

import io.afterimage.target.Predictions;
import java.util.Optional;

/**
 * What is known of the pictures that a prior learns from, beside how they look.
 *
 * @param classes of each picture, as the generator is told them; all 0 where it is told none
 * @param count how many classes there are; 0 where the generator is told none
 * @param guidance what the generator lessens besides its own loss
 * @param answers probabilities of a target's classes, which the critic learns to name
 */
record Knowledge(
    int[] classes, int count, Optional<Guidance> guidance, Optional<Predictions> answers) {
  /** Nothing of so many pictures. */
  static Knowledge none(int pictures) {
    return of(new int[pictures], 0);
  }

  /** Their classes. */
  static Knowledge of(int[] classes, int count) {
    return new Knowledge(classes, count, Optional.empty(), Optional.empty());
  }

  Knowledge guided(Guidance by) {
    return new Knowledge(classes, count, Optional.of(by), answers);
  }

  Knowledge answered(Predictions by) {
    return new Knowledge(classes, count, guidance, Optional.of(by));
  }

  /** How many classes the critic names; 0 where it names none. */
  int named() {
    return answers.map(Predictions::columns).orElse(0);
  }

  /** The pictures with all that a step learns of them. */
  Examples with(Examples pictures) {
    return answers.map(pictures::taught).orElse(pictures);
  }
}
