package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.List;
import java.util.Optional;

/**
 * An encoder and a decoder learn to build rows again from few numbers (Kingma, Welling, ICLR 2014).
 * The encoder finds a Gaussian's means and logarithms of variances for each row; from a draw of it,
 * the decoder builds the row, whose numbers lie between 0 and 1, as probabilities. The loss of a
 * row is the binary cross entropy summed over its numbers, plus the divergence of its Gaussian from
 * the standard one.
 */
public final class VariationalStep extends PriorStep {
  private final TensorScope owner = TensorScope.owner();
  private final Trainee encoder;
  private final Trainee decoder;
  private final Port finding;
  private final Port building;
  private final Examples rows;
  private final Run run;

  /**
   * A step over all trainable parameters of both. Each takes the classes of the rows as a second
   * input, FLOAT [N, classes], or has none.
   *
   * @param encoder of rows; answers FLOAT [N, 2 latent]
   * @param decoder of latent vectors, FLOAT [N, latent]; ends with a sigmoid
   * @param rows numbers between 0 and 1; their targets are their classes where the graphs are told
   *     classes, else they are not looked at
   * @param run keys the noise
   */
  public VariationalStep(
      OnnxModel encoder, OnnxModel decoder, Examples rows, Optimiser optimiser, Run run) {
    this.finding = Port.of(encoder);
    this.building = building(decoder);
    check(
        finding.count() == building.count(),
        "the encoder is told %d classes, the decoder %d; both must be told the same",
        finding.count(),
        building.count());
    this.encoder = new Trainee(encoder, optimiser, run);
    this.decoder = new Trainee(decoder, optimiser, run);
    this.rows = rows.resident(owner);
    this.run = run;
  }

  private static Port building(OnnxModel decoder) {
    Optional<Port> port = Port.beforeSigmoid(decoder);
    check(port.isPresent(), "%s must end with a sigmoid", decoder.name());
    return port.orElseThrow();
  }

  /** The mean loss of the rows. */
  @Override
  @SuppressWarnings("try") // the scope is there to close
  public double take(Batch batch) {
    try (TensorScope scope = new TensorScope();
        Draws draws = new Draws(run.seedFor("noise/" + batch.step()))) {
      Tensor loss = loss(batch, draws);
      double value = loss.item();
      if (Double.isFinite(value)) {
        Trainee.lessen(loss, batch.rate(), trainees());
      }
      return value;
    }
  }

  private Tensor loss(Batch batch, Draws draws) {
    Tensor x = Port.numbers(rows, batch);
    int count = batch.rows().length;
    long seed = run.seedFor("networks/" + batch.step());
    Optional<Tensor> told = finding.told(rows, batch.rows());
    Tensor found = encoder.train(finding.inputs(x, told), finding.value(), count, seed);
    long latent = found.size(1) / 2;
    Tensor means = found.narrow(1, 0, latent);
    Tensor logarithms = found.narrow(1, latent, latent);
    Tensor z = means.add(logarithms.mul(0.5).exp().mul(draws.normal(count, latent)));
    Tensor built = decoder.train(building.inputs(z, told), building.value(), count, seed);
    double numbers = (double) x.count() / count;
    Tensor missed = Nn.binaryCrossEntropy(built.reshape(x.shape()), x).mul(numbers);
    return missed.add(divergence(means, logarithms));
  }

  /** Of each row's Gaussian from the standard one, their mean. */
  private static Tensor divergence(Tensor means, Tensor logarithms) {
    Tensor terms = means.square().add(logarithms.exp()).sub(logarithms).sub(1);
    return terms.sum(false, 1).mean().mul(0.5);
  }

  @Override
  List<Trainee> trainees() {
    return List.of(decoder, encoder);
  }

  /** The decoder as it is now. */
  public OnnxModel decoder() {
    return decoder.model();
  }

  /** The encoder as it is now. */
  public OnnxModel encoder() {
    return encoder.model();
  }

  @Override
  public void close() {
    encoder.close();
    decoder.close();
    owner.close();
  }
}
