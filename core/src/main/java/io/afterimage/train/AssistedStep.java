package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A step of {@link AssistedPrior}: the critic learns to tell real from made pictures and to name
 * the made ones as somebody else does; the generator to deceive it, and to make pictures that it
 * names as was wanted. Pictures hold numbers from 0 to 1.
 */
final class AssistedStep implements Step, AutoCloseable {
  private final TensorScope owner = TensorScope.owner();
  private final Trainee generator;
  private final Trainee critic;
  private final Port noise;
  private final Port rows;
  private final int latent;
  private final int classes;
  private final Examples real;
  private final AssistedPrior.Labels labels;
  private final double weight;
  private final Run run;
  private long taken;

  /** What a critic says of pictures: [n, 1] and [n, classes]. */
  private record Judged(Tensor scores, Tensor logits) {}

  /**
   * @param generator that is told the classes
   * @param critic as {@link Critics#classifying} makes it
   * @param real rows as the critic takes them, whose targets are not looked at
   * @param labels names made pictures
   * @param weight of the class beside the deception, in the generator's loss
   */
  AssistedStep(
      OnnxModel generator,
      OnnxModel critic,
      Examples real,
      AssistedPrior.Labels labels,
      double weight,
      Optimiser optimiser,
      Run run) {
    this.noise = Port.of(generator);
    this.rows = Port.of(critic);
    this.latent = Math.toIntExact(noise.input().dimensions().get(1).extent());
    this.classes = Math.toIntExact(noise.count());
    this.generator = new Trainee(generator, optimiser, run);
    this.critic = new Trainee(critic, optimiser, run);
    this.real = real.resident(owner);
    this.labels = labels;
    this.weight = weight;
    this.run = run;
  }

  /** The critic's loss. */
  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double take(Batch batch) {
    try (TensorScope scope = new TensorScope();
        Draws draws = new Draws(run.seedFor("noise/" + batch.step()))) {
      Tensor x = Port.numbers(real, batch);
      int[] wanted = wanted(batch);
      Tensor made = made(wanted, draws, batch.step()).reshape(x.shape());
      Tensor named = classes(labels.of(made.toFloats(), wanted));
      double loss = trainCritic(x, made.detach(), named, batch);
      trainGenerator(made, classes(wanted), batch);
      taken++;
      return loss;
    }
  }

  /** How many steps were taken. */
  long taken() {
    return taken;
  }

  /** Classes drawn for what is to be made, all alike probable. */
  private int[] wanted(Batch batch) {
    RandomGenerator random = run.random("classes/" + batch.step());
    int[] wanted = new int[batch.rows().length];
    Arrays.setAll(wanted, i -> random.nextInt(classes));
    return wanted;
  }

  private static Tensor classes(int[] classes) {
    return Tensors.of(Arrays.stream(classes).asLongStream().toArray(), classes.length);
  }

  private Tensor made(int[] wanted, Draws draws, long step) {
    Tensor told = Indexing.oneHot(classes(wanted), classes);
    Tensor vectors = draws.normal(wanted.length, latent);
    long seed = run.seedFor("generator/" + step);
    return generator.train(
        noise.inputs(vectors, Optional.of(told)), noise.value(), wanted.length, seed);
  }

  private double trainCritic(Tensor x, Tensor made, Tensor named, Batch batch) {
    Judged right = judged(x, batch);
    Judged wrong = judged(made, batch);
    Tensor own =
        Nn.logSigmoid(right.scores()).mean().add(Nn.logSigmoid(wrong.scores().neg()).mean()).neg();
    Tensor loss = own.add(Nn.crossEntropy(wrong.logits(), named));
    double value = loss.item();
    if (Double.isFinite(value)) {
      critic.lessen(loss, 0, batch.rate());
    }
    return value;
  }

  private void trainGenerator(Tensor made, Tensor wanted, Batch batch) {
    Judged judged = judged(made, batch);
    Tensor own = Nn.logSigmoid(judged.scores()).mean().neg();
    Tensor loss = own.add(Nn.crossEntropy(judged.logits(), wanted), weight);
    generator.lessen(loss, 0, batch.rate());
  }

  private Judged judged(Tensor x, Batch batch) {
    Tensor judged =
        critic.train(
            rows.inputs(x, Optional.empty()),
            Critics.JUDGED,
            batch.rows().length,
            run.seedFor("critic/" + batch.step()));
    return new Judged(judged.narrow(1, 0, 1), judged.narrow(1, 1, classes));
  }

  /** The weights of the generator as they are now; live until it is closed. */
  Map<String, Tensor> generator() {
    return generator.weights();
  }

  /** The weights of the critic as they are now; live until it is closed. */
  Map<String, Tensor> critic() {
    return critic.weights();
  }

  @Override
  public void close() {
    generator.close();
    critic.close();
    owner.close();
  }
}
