package io.afterimage.train;

import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What an adversary knows of pictures before asking any target: a generator that makes them of
 * latent vectors, whose numbers are independent Gaussians of mean 0 and deviation 1. Holds nothing
 * native; {@link #open} runs it.
 */
public final class Prior {
  private static final int PROBES = 32;

  /** How far beyond the target's pictures a generator's may reach, in widths of their range. */
  private static final double BEYOND = 0.25;

  /** How much of that width they must take up. */
  private static final double LEAST = 0.05;

  /** A stray pixel is no other unit: of the numbers at each end, this share may lie anywhere. */
  private static final double STRAY = 0.01;

  private final OnnxModel generator;
  private final Optional<OnnxModel> critic;
  private final Shape picture;
  private final int latent;
  private final int classes;
  private final String origin;

  /** Trained here. */
  Prior(
      OnnxModel generator,
      Optional<OnnxModel> critic,
      PictureSpace space,
      int latent,
      String origin) {
    this.generator = generator;
    this.critic = critic;
    this.picture = space.shape();
    this.latent = latent;
    this.classes = space.classes();
    this.origin = origin;
  }

  private Prior(OnnxModel generator, Shape picture, int latent) {
    this.generator = generator;
    this.critic = Optional.empty();
    this.picture = picture;
    this.latent = latent;
    this.classes = 0;
    this.origin = "brought by the user: " + generator.name();
  }

  /**
   * A generator that the user brings. Where it fixes its batch, a graph that takes any number of
   * rows takes its place, if its rows provably do not mix.
   *
   * @param expected the shape of one picture, as the target takes it
   * @throws io.afterimage.base.BadInputException unless it has one input, FLOAT [N, k] or [N, k, 1,
   *     1], and its first output holds finite pictures of that shape
   */
  public static Prior of(OnnxModel generator, Shape expected) {
    int latent = latent(generator);
    OpenedFile opened = OpenedFile.of(generator, Optional.of(Objective.RECONSTRUCTION));
    check(
        opened.batch().isEmpty(),
        "generator %s takes exactly %d latent vectors at once; export it with a free batch",
        generator.name(),
        opened.batch().orElse(0));
    Prior prior = new Prior(opened.graph(), expected, latent);
    prior.requireFit();
    return prior;
  }

  private static int latent(OnnxModel generator) {
    List<ValueInfo> inputs = generator.inputs();
    check(
        inputs.size() == 1,
        "generator %s has %d inputs; it must have one, the latent vectors",
        generator.name(),
        inputs.size());
    ValueInfo input = inputs.get(0);
    List<ValueInfo.Dimension> dimensions = input.dimensions();
    boolean one = dimensions.stream().skip(2).allMatch(d -> d.extent() == 1);
    boolean fits =
        input.element().filter(type -> type == ElementType.FLOAT).isPresent()
            && (dimensions.size() == 2 || dimensions.size() == 4)
            && one
            && dimensions.get(1).isFixed();
    check(
        fits,
        "generator %s takes %s %s as %s; it must take latent vectors, float N x k or N x k x 1 x 1 with k fixed",
        generator.name(),
        input.type(),
        input.shape(),
        input.name());
    return Math.toIntExact(dimensions.get(1).extent());
  }

  /** Two pictures of the generator must be what is expected. */
  @SuppressWarnings("try") // scope and guard are there to close
  private void requireFit() {
    try (OpenedPrior opened = open(Run.of(0));
        TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor made = opened.raw(Tensors.zeros(2, latent), Optional.empty());
      long[] wanted = ArrayExamples.extents(picture, 2);
      check(
          Arrays.equals(made.shape(), wanted),
          "generator %s makes pictures of %s of two latent vectors, but %s is expected of each; bring one that fits the target's input",
          generator.name(),
          Arrays.toString(made.shape()),
          picture);
      for (float number : made.toFloats()) {
        check(
            Float.isFinite(number),
            "generator %s makes %s of a latent vector of zeros; bring one of finite pictures",
            generator.name(),
            number);
      }
    }
  }

  /**
   * Refuses a generator whose pictures are in other units than those that the target takes: of
   * {@value #PROBES} drawn ones, pixels reach beyond the range by more than a quarter of its width,
   * the outermost hundredth at each end aside, or all lie within less than a twentieth of it.
   *
   * @param low least number of a picture that the target takes
   * @param high the greatest
   * @throws io.afterimage.base.BadInputException where it does not fit
   */
  public void requireRange(double low, double high, Run run) {
    float[] made = probed(run);
    Arrays.sort(made);
    int stray = (int) (STRAY * made.length);
    double width = high - low;
    boolean within =
        made[stray] >= low - BEYOND * width
            && made[made.length - 1 - stray] <= high + BEYOND * width
            && made[made.length - 1] - made[0] >= LEAST * width;
    check(
        within,
        "generator %s makes pictures of numbers from %.4g to %.4g, but the target takes pictures of %.4g to %.4g; rescale its last layer to the target's units",
        generator.name(),
        made[0],
        made[made.length - 1],
        low,
        high);
  }

  /** The numbers of drawn pictures. */
  @SuppressWarnings("try") // scope and guard are there to close
  private float[] probed(Run run) {
    try (OpenedPrior opened = open(run);
        Draws draws = new Draws(run.seedFor("the generator's range"));
        TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      float[] made = opened.pictures(opened.latents(PROBES, draws)).toFloats();
      for (float number : made) {
        check(
            Float.isFinite(number),
            "generator %s makes %s of a drawn latent vector; bring one of finite pictures",
            generator.name(),
            number);
      }
      return made;
    }
  }

  /** The generator's graph; {@link OpenedPrior} knows its inputs. */
  public OnnxModel generator() {
    return generator;
  }

  /**
   * The critic that it learned against, the higher the more like a real picture; if there is one.
   */
  public Optional<OnnxModel> critic() {
    return critic;
  }

  /** The shape of one picture. */
  public Shape picture() {
    return picture;
  }

  /** How many numbers a latent vector has. */
  public int latent() {
    return latent;
  }

  /** How many classes it can be told; 0 where it is told none. */
  public int classes() {
    return classes;
  }

  /** How it came about, one line for a report. */
  public String origin() {
    return origin;
  }

  /** Of the generator, and the critic where there is one: in hexadecimal. */
  public String sha256() {
    Sha256 sha256 = new Sha256();
    sha256.add(generator.sha256());
    critic.ifPresent(judging -> sha256.add(judging.sha256()));
    return sha256.hex();
  }

  /**
   * The prior at work, to be closed.
   *
   * @param run may be cancelled while a loop in a brought graph runs
   */
  public OpenedPrior open(Run run) {
    return new OpenedPrior(this, run);
  }
}
