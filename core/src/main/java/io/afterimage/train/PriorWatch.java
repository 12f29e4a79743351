package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.Value;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Follows the training of a prior: saves it now and then, and draws samples after each epoch. */
final class PriorWatch implements Trainer.Watch {
  private static final Duration EVERY = Duration.ofMinutes(1);
  private static final int COLUMNS = 10;
  private static final int SAMPLES = COLUMNS * COLUMNS;

  private final PriorStep step;
  private final PictureSpace space;
  private final int latent;
  private final int rows;
  private final Optional<Checkpoint> checkpoint;
  private final Optional<Path> samples;
  private final Run run;
  private long saved = System.nanoTime();

  /**
   * Follows a training in which networks learn pictures of numbers from 0 to 1.
   *
   * @param rows pictures of an epoch
   * @param checkpoint where the state is saved; empty for nowhere
   * @param samples the PNG that is drawn after each epoch; empty for none
   */
  PriorWatch(
      PriorStep step,
      PictureSpace space,
      int latent,
      int rows,
      Optional<Checkpoint> checkpoint,
      Optional<Path> samples,
      Run run) {
    this.step = step;
    this.space = space;
    this.latent = latent;
    this.rows = rows;
    this.checkpoint = checkpoint;
    this.samples = samples;
    this.run = run;
  }

  @Override
  public Standing start() {
    return checkpoint
        .filter(Checkpoint::exists)
        .map(from -> from.load(step.trainees(), Optional.empty(), rows))
        .orElse(Standing.START);
  }

  @Override
  public void afterStep(Standing standing) {
    if (System.nanoTime() - saved >= EVERY.toNanos()) {
      save(standing);
    }
  }

  @Override
  public void afterEpoch(Standing standing) {
    samples.ifPresent(file -> SampleGrid.write(file, space.planes(), COLUMNS, drawn()));
  }

  @Override
  public void stopped(Standing standing) {
    save(standing);
  }

  private void save(Standing standing) {
    checkpoint.ifPresent(to -> to.save(standing, step.trainees(), List.of()));
    saved = System.nanoTime();
  }

  /**
   * Pictures of the same latent vectors after each epoch, a class a column where it has classes.
   */
  @SuppressWarnings("try") // scope and guard are there to close
  private float[] drawn() {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad();
        Draws draws = new Draws(run.seedFor("samples"))) {
      Map<String, Value> inputs = new LinkedHashMap<>();
      inputs.put(Generators.LATENT, Value.of(draws.normal(SAMPLES, latent)));
      if (space.classes() > 0) {
        long[] classes =
            LongStream.range(0, SAMPLES).map(i -> i % COLUMNS % space.classes()).toArray();
        inputs.put(
            Generators.CLASS,
            Value.of(Indexing.oneHot(Tensors.of(classes, SAMPLES), space.classes())));
      }
      return step.trainees().get(0).infer(inputs, Generators.PICTURES).toFloats();
    }
  }
}
