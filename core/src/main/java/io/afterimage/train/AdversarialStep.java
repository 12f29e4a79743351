package io.afterimage.train;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A generator and a critic learn against each other (Goodfellow et al., NeurIPS 2014). The
 * generator makes rows of Gaussian noise; the critic scores rows, the real ones high. Each step
 * trains the critic on one mini-batch, every so many the generator. Both graphs are read at their
 * first output, the critic's before a final sigmoid. Both have one input, or a second that is told
 * the rows' classes, FLOAT [N, classes], one column each (Mirza, Osindero 2014).
 */
public final class AdversarialStep extends PriorStep {
  /** What the two play for. */
  public enum Game {
    /** The paper's, with the generator's loss that does not saturate. */
    NON_SATURATING,
    /** Wasserstein's distance with a penalty on gradients (Gulrajani et al., NeurIPS 2017). */
    WASSERSTEIN,
    /**
     * The critic also names classes; the generator matches its inner values (Salimans et al.,
     * NeurIPS 2016). The real rows' targets are probabilities of the classes, FLOAT [n, classes],
     * and the critic is one of {@link Critics#naming}.
     */
    SEMI_SUPERVISED
  }

  /**
   * How they learn.
   *
   * @param criticSteps steps of the critic for one of the generator, from 1
   * @param penalty weight of the squared distance of gradients' norms from 1, in {@link
   *     Game#WASSERSTEIN}; the paper's is 10
   */
  public record Settings(
      Game game, int criticSteps, double penalty, Optimiser generator, Optimiser critic) {
    public Settings {
      inRange("critic steps", criticSteps, 1, 1000);
      inRange("penalty", penalty, 0, 1e6);
    }
  }

  private final TensorScope owner = TensorScope.owner();
  private final Trainee generator;
  private final Trainee critic;
  private final Port noise;
  private final Port rows;
  private final Examples real;
  private final Settings settings;
  private final Run run;
  private Optional<Guidance> guidance = Optional.empty();

  /**
   * A step over all trainable parameters of both.
   *
   * @param real rows as the critic takes them; their targets are their classes where the graphs are
   *     told classes, else they are not looked at
   * @param run keys the noise
   */
  public AdversarialStep(
      OnnxModel generator, OnnxModel critic, Examples real, Settings settings, Run run) {
    this.noise = Port.of(generator);
    this.rows = read(critic, settings.game());
    check(
        noise.count() == rows.count(),
        "the generator is told %d classes, the critic %d; both must be told the same",
        noise.count(),
        rows.count());
    this.generator = new Trainee(generator, settings.generator(), run);
    this.critic = new Trainee(critic, settings.critic(), run);
    this.real = real.resident(owner);
    this.settings = settings;
    this.run = run;
  }

  /** Where the critic is read. */
  private static Port read(OnnxModel critic, Game game) {
    Port port = Port.beforeSigmoid(critic).orElseGet(() -> Port.of(critic));
    if (game != Game.SEMI_SUPERVISED) {
      return port;
    }
    List<String> outputs = critic.outputs().stream().map(ValueInfo::name).toList();
    check(
        outputs.containsAll(List.of(Critics.NAMES, Critics.FEATURES)),
        "a critic that names classes must have outputs %s and %s, but %s has %s",
        Critics.NAMES,
        Critics.FEATURES,
        critic.name(),
        outputs);
    return new Port(port.input(), port.classes(), Critics.NAMES);
  }

  /**
   * The same, whose generator, which is told classes, lessens a loss of somebody else's as well.
   */
  AdversarialStep guided(Optional<Guidance> by) {
    check(by.isEmpty() || noise.count() > 0, "guidance needs a generator that is told classes");
    guidance = by;
    return this;
  }

  /** The critic's loss; what is made is of the same classes as the mini-batch's rows. */
  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double take(Batch batch) {
    try (TensorScope scope = new TensorScope();
        Draws draws = new Draws(run.seedFor("noise/" + batch.step()))) {
      double loss = trainCritic(batch, draws);
      if ((batch.step() + 1) % settings.criticSteps() == 0) {
        trainGenerator(batch, draws);
      }
      return loss;
    }
  }

  private double trainCritic(Batch batch, Draws draws) {
    Tensor x = Port.numbers(real, batch);
    Optional<Tensor> classes = noise.told(real, batch.rows());
    Tensor made = madeUnrecorded(batch, classes, draws).reshape(x.shape());
    Tensor right = criticised(x, classes, batch);
    Tensor wrong = criticised(made, classes, batch);
    Tensor loss =
        switch (settings.game()) {
          case NON_SATURATING ->
              Nn.logSigmoid(right).mean().add(Nn.logSigmoid(wrong.neg()).mean()).neg();
          case WASSERSTEIN ->
              wrong.mean().sub(right.mean()).add(penalty(x, made, classes, batch, draws));
          case SEMI_SUPERVISED -> SemiSupervised.critic(right, wrong, real.targets(batch.rows()));
        };
    double value = loss.item();
    if (Double.isFinite(value)) {
      critic.lessen(loss, 0, batch.rate());
    }
    return value;
  }

  private void trainGenerator(Batch batch, Draws draws) {
    Optional<Tensor> classes = noise.told(real, batch.rows());
    Tensor made = made(batch, classes, draws);
    Tensor own =
        switch (settings.game()) {
          case NON_SATURATING -> Nn.logSigmoid(criticised(made, classes, batch)).mean().neg();
          case WASSERSTEIN -> criticised(made, classes, batch).mean().neg();
          case SEMI_SUPERVISED -> mismatch(made, classes, batch);
        };
    Tensor loss =
        guidance.map(by -> own.add(by.loss(made, classes.orElseThrow(), batch.step()))).orElse(own);
    generator.lessen(loss, 0, batch.rate());
  }

  /** How far what is made is from the mini-batch, as the critic sees both inside. */
  @SuppressWarnings("try") // the guard is there to close
  private Tensor mismatch(Tensor made, Optional<Tensor> classes, Batch batch) {
    Tensor x = Port.numbers(real, batch);
    List<Tensor> seen =
        inside(made.reshape(x.shape()), classes, batch, List.of(Critics.FEATURES, Critics.NAMES));
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      x = inside(x, classes, batch, List.of(Critics.FEATURES)).get(0);
    }
    return SemiSupervised.generator(x, seen.get(0), seen.get(1));
  }

  @SuppressWarnings("try") // the guard is there to close
  private Tensor madeUnrecorded(Batch batch, Optional<Tensor> classes, Draws draws) {
    try (Autograd.Guard unrecorded = Autograd.noGrad()) {
      return made(batch, classes, draws);
    }
  }

  private Tensor made(Batch batch, Optional<Tensor> classes, Draws draws) {
    List<ValueInfo.Dimension> dimensions = noise.input().dimensions();
    long[] shape = dimensions.stream().mapToLong(ValueInfo.Dimension::extent).toArray();
    shape[0] = batch.rows().length;
    return generator.train(
        noise.inputs(draws.normal(shape), classes),
        noise.value(),
        batch.rows().length,
        run.seedFor("generator/" + batch.step()));
  }

  private Tensor criticised(Tensor x, Optional<Tensor> classes, Batch batch) {
    return inside(x, classes, batch, List.of(rows.value())).get(0);
  }

  private List<Tensor> inside(
      Tensor x, Optional<Tensor> classes, Batch batch, List<String> values) {
    return critic.train(
        rows.inputs(x, classes),
        values,
        batch.rows().length,
        run.seedFor("critic/" + batch.step()));
  }

  /** On the straight lines between real and made rows gradients shall be of length 1. */
  private Tensor penalty(
      Tensor x, Tensor made, Optional<Tensor> classes, Batch batch, Draws draws) {
    long[] shares = x.shape();
    Arrays.fill(shares, 1, shares.length, 1);
    Tensor share = draws.uniform(0, 1, shares);
    Tensor between = x.mul(share).add(made.mul(share.neg().add(1))).detach().requireGrad();
    Tensor scores = criticised(between, classes, batch).sum();
    Tensor slope = Autograd.gradients(scores, List.of(between), true).get(0);
    Tensor lengths = Maths.norm(slope.flatten(1), false, 1);
    return lengths.sub(1).square().mean().mul(settings.penalty());
  }

  @Override
  List<Trainee> trainees() {
    return List.of(generator, critic);
  }

  /** The generator as it is now. */
  public OnnxModel generator() {
    return generator.model();
  }

  /** The critic as it is now. */
  public OnnxModel critic() {
    return critic.model();
  }

  @Override
  public void close() {
    generator.close();
    critic.close();
    owner.close();
  }
}
