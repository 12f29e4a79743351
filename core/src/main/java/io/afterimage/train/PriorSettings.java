package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.inRange;

/**
 * How a prior is trained.
 *
 * @param kind of generator
 * @param latent numbers of a latent vector, 1 to 65,536
 * @param filters of the convolutions at half the picture's size, 1 to 4096; smaller sizes have up
 *     to eight times as many
 * @param epochs passes over the pictures, 1 to 1,000,000
 * @param batch pictures a step, 2 to 1,000,000
 * @param learningRate of Adam, above 0, to 1
 * @param criticSteps steps of a GAN's critic for one of its generator, 1 to 1000
 * @param penalty weight of the squared distance of gradients' norms from 1, of a {@link
 *     Kind#WGAN_GP} alone, from 0
 */
public record PriorSettings(
    Kind kind,
    int latent,
    int filters,
    int epochs,
    int batch,
    double learningRate,
    int criticSteps,
    double penalty) {
  /** Kinds of generators. */
  public enum Kind {
    /** Radford, Metz, Chintala, ICLR 2016. */
    DCGAN,
    /** Gulrajani, Ahmed, Arjovsky, Dumoulin, Courville, NeurIPS 2017. */
    WGAN_GP,
    /** Kingma, Welling, ICLR 2014, with convolutions. */
    VAE
  }

  /** Of MNIST's digits 5 to 9. */
  private static final int USUAL_PICTURES = 34_265;

  public PriorSettings {
    inRange("latent length", latent, 1, Generators.LONGEST_LATENT);
    inRange("filters", filters, 1, Generators.MOST_FILTERS);
    inRange("epochs", epochs, 1, 1_000_000);
    inRange("batch size", batch, 2, 1_000_000);
    above("learning rate", learningRate, 0, 1);
    inRange("critic steps", criticSteps, 1, 1000);
    inRange("penalty", penalty, 0, 1e6);
  }

  /** Settings that give pictures of digits after a few minutes on one core, of some 30,000. */
  public static PriorSettings of(Kind kind) {
    return switch (kind) {
      case DCGAN -> new PriorSettings(kind, 64, 16, 10, 128, 1e-3, 1, 0);
      case WGAN_GP -> new PriorSettings(kind, 64, 16, 10, 64, 1e-3, 2, 10);
      case VAE -> new PriorSettings(kind, 32, 16, 10, 64, 1e-3, 1, 0);
    };
  }

  /** The same for so many pictures: about as many steps in all, one epoch at least. */
  public static PriorSettings of(Kind kind, int pictures) {
    PriorSettings usual = of(kind);
    long epochs = Math.round(USUAL_PICTURES * (double) usual.epochs / Math.max(1, pictures));
    return usual.withEpochs((int) Math.max(1, Math.min(1_000_000, epochs)));
  }

  /** The same for so many epochs. */
  public PriorSettings withEpochs(int count) {
    return new PriorSettings(
        kind, latent, filters, count, batch, learningRate, criticSteps, penalty);
  }

  /** The same with latent vectors of this length. */
  public PriorSettings withLatent(int length) {
    return new PriorSettings(
        kind, length, filters, epochs, batch, learningRate, criticSteps, penalty);
  }

  /** Adam as the kind's paper, or who came after it, found best. */
  Optimiser optimiser() {
    return switch (kind) {
      case DCGAN -> new Optimiser.Adam(learningRate, 0.5, 0.999, 1e-8, 0);
      case WGAN_GP -> new Optimiser.Adam(learningRate, 0.5, 0.9, 1e-8, 0);
      case VAE -> Optimiser.Adam.of(learningRate);
    };
  }

  Trainer.Settings training() {
    return Trainer.Settings.of(epochs, batch);
  }
}
