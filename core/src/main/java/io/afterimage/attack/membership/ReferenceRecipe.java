package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import io.afterimage.train.Cohort;
import io.afterimage.train.Loss;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Trainer;

/**
 * How reference models are trained.
 *
 * @param references how many
 * @param epochs passes over the rows of each; 0 for as many as make one as sure as the target is
 * @param batch rows a step
 * @param learningRate of Adam
 */
record ReferenceRecipe(int references, int epochs, int batch, double learningRate) {
  static final String REFERENCES = "reference models, each trained on half of all people";
  static final String EPOCHS =
      "passes over each reference model's rows; 0: until one is as sure as the model under attack";
  static final String BATCH = "rows a step of the reference models";
  static final String LEARNING_RATE = "learning rate of the reference models";

  static final ReferenceRecipe DEFAULTS = new ReferenceRecipe(16, 0, 32, 2e-3);
  static final ReferenceRecipe SMALL = new ReferenceRecipe(4, 5, 32, 3e-3);

  /** A BadInputException where one of them is out of bounds. */
  static void require(int references, int epochs, int batch, double learningRate) {
    inRange("--references", references, 2, 4096);
    inRange("--epochs", epochs, 0, 100_000);
    inRange("--batch", batch, 1, 1_000_000);
    inRange("--learning-rate", learningRate, 1e-9, 10);
  }

  Optimiser optimiser() {
    return Optimiser.Adam.of(learningRate);
  }

  Cohort.Recipe of(Loss loss, int passes) {
    return Cohort.Recipe.of(loss, optimiser(), Trainer.Settings.of(passes, batch));
  }
}
