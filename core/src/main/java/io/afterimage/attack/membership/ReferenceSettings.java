package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.train.Blueprint;
import io.afterimage.train.Cohort;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How reference models are trained, and how the target is asked that they are compared with.
 * Epochs, batch and rate are of networks; trees are grown by what the target's file says of them.
 *
 * @param references how many
 * @param architecture of networks that are asked for; empty for what the target itself is
 * @param epochs passes over the rows of each; 0 for as many as make one as sure as the target is
 * @param batch rows a step
 * @param learningRate of Adam
 * @param repeats how often the target is asked about each person
 */
public record ReferenceSettings(
    @Setting("reference models, each trained on half of all people") int references,
    @Setting("what the reference models are; none: like the model under attack")
        Optional<Blueprint> architecture,
    @Setting(
            "passes over each reference model's rows; 0: until one is as sure as the model under"
                + " attack")
        int epochs,
    @Setting("rows a step of the reference models") int batch,
    @Setting("learning rate of the reference models") double learningRate,
    @Setting("answers averaged for each person; " + Asker.USUAL_REPEATS) OptionalInt repeats) {
  private static final Set<Blueprint> UNSUITED =
      EnumSet.of(Blueprint.AUTOENCODER, Blueprint.MATRIX_FACTORISATION);

  static final ReferenceSettings DEFAULTS =
      new ReferenceSettings(16, Optional.empty(), 0, 32, 2e-3, OptionalInt.empty());
  static final ReferenceSettings SMALL =
      new ReferenceSettings(4, Optional.empty(), 5, 32, 3e-3, OptionalInt.empty());

  public ReferenceSettings {
    inRange("--references", references, 2, 4096);
    check(
        architecture.stream().noneMatch(UNSUITED::contains),
        "--architecture must answer as the model under attack does: give logistic, mlp, lenet, resnet, gru or transformer");
    inRange("--epochs", epochs, 0, 100_000);
    inRange("--batch", batch, 1, 1_000_000);
    inRange("--learning-rate", learningRate, 1e-9, 10);
    inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
  }

  Optimiser optimiser() {
    return Optimiser.Adam.of(learningRate);
  }

  Cohort.Recipe of(Loss loss, int passes) {
    return Cohort.Recipe.of(loss, optimiser(), Trainer.Settings.of(passes, batch));
  }
}
