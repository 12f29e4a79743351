package io.afterimage.attack.membership;

import io.afterimage.base.OutputFile;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Threads;
import io.afterimage.train.Batch;
import io.afterimage.train.Examples;
import io.afterimage.train.FreshWeights;
import io.afterimage.train.SupervisedStep;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * One network that is trained ahead of the others, to see how long they must be: until it is as
 * sure of everybody as the target is, which tells nothing of who was trained on.
 */
final class Pilot {
  private static final int MOST_EPOCHS = 200;

  /** Few rows make few steps an epoch: so many steps may be taken in any case. */
  private static final int STEPS = 2_000;

  private static final int TIMED = 10;

  private final NetworkImitation imitation;
  private final Dataset pool;
  private final TargetInfo target;
  private final ReferenceSettings settings;
  private final Run run;
  private final Examples examples;
  private final int[] half;

  /**
   * A pilot on half of the pool.
   *
   * @param run by which the shared models are drawn
   */
  Pilot(
      NetworkImitation imitation,
      Dataset pool,
      TargetInfo target,
      ReferenceSettings settings,
      Run run) {
    this.imitation = imitation;
    this.pool = pool;
    this.target = target;
    this.settings = settings;
    this.run = run;
    this.examples = imitation.examples().apply(pool);
    int[] drawn = run.keyed("pilot").shuffled("half", pool.rows());
    this.half = Arrays.copyOf(drawn, Math.max(1, pool.rows() / 2));
  }

  /**
   * How many epochs it takes. Looks after 1, 2, 3, 5, 8, … epochs, each half as many again, so that
   * answers that hardly differ give the same number. What was found once is kept beside the models.
   *
   * @param sureness the target's, mean over the pool
   */
  int epochs(double sureness) {
    Optional<Path> kept = run.shared().map(shared -> shared.folder().resolve(file(sureness)));
    return kept.flatMap(Pilot::read)
        .orElseGet(
            () -> {
              int found = Threads.alone(() -> resident(rows -> search(rows, sureness)));
              kept.ifPresent(file -> OutputFile.write(file, found + "\n"));
              return found;
            });
  }

  private String file(double sureness) {
    String all =
        "%s %s %s %s %s"
            .formatted(
                imitation.graph().sha256(),
                examples.sha256(),
                imitation.loss(),
                settings,
                sureness);
    return "epochs-%016x.txt".formatted(run.seedFor(all));
  }

  /** Empty where there is no such file, or one that was cut off. */
  private static Optional<Integer> read(Path file) {
    try {
      String text = Files.readString(file, StandardCharsets.US_ASCII);
      return text.matches("[1-9][0-9]{0,5}\n")
          ? Optional.of(Integer.valueOf(text.strip()))
          : Optional.empty();
    } catch (IOException absent) {
      return Optional.empty();
    }
  }

  /** With rows that libtorch holds, as those of the models that follow. */
  private <T> T resident(Function<Examples, T> work) {
    try (TensorScope owner = TensorScope.owner()) {
      return work.apply(examples.resident(owner));
    }
  }

  private int search(Examples rows, double sureness) {
    try (SupervisedStep step = step(rows)) {
      int most = Math.max(MOST_EPOCHS, STEPS / stepsAnEpoch());
      int look = 1;
      for (int epoch = 1; epoch < most; epoch++) {
        run.progress("how long to train references", epoch, most);
        pass(step, epoch);
        if (epoch == look) {
          if (sureness(step.model()) >= sureness) {
            return epoch;
          }
          look = (3 * look + 1) / 2;
        }
      }
      return most;
    }
  }

  private SupervisedStep step(Examples rows) {
    Run own = run.keyed("pilot");
    OnnxModel fresh = FreshWeights.of(imitation.graph(), own);
    return new SupervisedStep(fresh, rows, imitation.loss(), settings.optimiser(), 0, own);
  }

  private int stepsAnEpoch() {
    return (half.length + settings.batch() - 1) / settings.batch();
  }

  private void pass(SupervisedStep step, int epoch) {
    int[] order = run.keyed("pilot").shuffled("order/" + epoch, half.length);
    for (int i = 0; i < stepsAnEpoch(); i++) {
      take(step, order, epoch, i);
    }
  }

  private void take(SupervisedStep step, int[] order, int epoch, int number) {
    int start = number * settings.batch();
    int[] rows =
        IntStream.range(start, Math.min(half.length, start + settings.batch()))
            .map(i -> half[order[i]])
            .toArray();
    step.take(new Batch(rows, epoch, (long) epoch * half.length + start, 1));
  }

  private double sureness(OnnxModel model) {
    Predictions answers = imitation.answers(model, examples);
    return Arrays.stream(Sureness.of(answers, target, Answers.EXACT, pool)).average().orElseThrow();
  }

  /** How long so many models take at most, by a few steps of one: stacks of them take less. */
  double seconds(int models, int epochs) {
    return Threads.alone(() -> resident(rows -> seconds(rows, models, epochs)));
  }

  private double seconds(Examples rows, int models, int epochs) {
    try (SupervisedStep step = step(rows)) {
      int[] order = IntStream.range(0, half.length).toArray();
      long started = 0;
      int steps = Math.min(TIMED, stepsAnEpoch());
      for (int i = 0; i < steps; i++) {
        started = i == steps / 2 ? System.nanoTime() : started; // the first ones warm up
        take(step, order, 0, i);
      }
      double each = (System.nanoTime() - started) / 1e9 / (steps - steps / 2);
      return each * stepsAnEpoch() * epochs * models / Math.min(run.threads(), models);
    }
  }
}
