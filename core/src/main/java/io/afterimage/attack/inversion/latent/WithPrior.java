package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.data.Split;
import java.util.Optional;

/** Settings of an attack that searches what a prior can make. */
public interface WithPrior {
  /** What is searched. */
  PriorChoice prior();

  /** What is known of the pictures; nothing, unless the attack completes partly known ones. */
  default Completing completing() {
    return Completing.NONE;
  }

  /** Why there is no prior to be had; empty where there is. */
  default Optional<String> refusal(Split split) {
    return prior().refusal(split);
  }
}
