package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Raster;
import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.train.OpenedPrior;
import io.afterimage.train.Prior;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The pictures that an adversary thinks possible, as vectors of Gaussian numbers: a {@link Prior}
 * whose pictures have the shape that the target takes. To be closed.
 */
public final class LatentSpace implements AutoCloseable {
  private final OpenedPrior prior;
  private final Planes planes;
  private final Shape row;
  private final List<String> names;
  private final Run run;

  private LatentSpace(OpenedPrior prior, Planes planes, Shape row, List<String> names, Run run) {
    this.prior = prior;
    this.planes = planes;
    this.row = row;
    this.names = names;
    this.run = run;
  }

  /**
   * The space of a prior for this target.
   *
   * @param attack for messages: its id
   */
  public static LatentSpace of(
      TargetInfo info, Split split, PriorChoice choice, String attack, Run run) {
    Shape row = Rebuilt.shape(info, attack);
    Planes planes =
        Planes.of(row, split.reference()).orElseThrow(() -> Rebuilt.noPictures(info, attack));
    Prior prior = choice.prior(planes, split, run);
    return new LatentSpace(prior.open(run), planes, row, info.classes(), run);
  }

  /** The same target's pictures as another prior makes them. To be closed. */
  public LatentSpace of(Prior other) {
    return new LatentSpace(other.open(run), planes, row, names, run);
  }

  /** The prior. */
  public Prior prior() {
    return prior.prior();
  }

  /** How the pictures' numbers stand. */
  public Raster raster() {
    return new Raster(planes);
  }

  /** The shape of a picture as the target takes it. */
  public Shape row() {
    return row;
  }

  /**
   * Vectors drawn for pictures of classes, each by its class's name and its number, whatever is
   * drawn beside it: [rows, latent].
   *
   * @param key names what they are for
   * @param classes of each row
   * @param numbers of each row among those of its class
   */
  public Tensor draw(String key, int[] classes, int[] numbers) {
    int length = prior().latent();
    float[] drawn = new float[Math.multiplyExact(classes.length, length)];
    for (int i = 0; i < classes.length; i++) {
      double[] vector = vector(key + "/" + names.get(classes[i]) + "/" + numbers[i]);
      for (int j = 0; j < length; j++) {
        drawn[i * length + j] = (float) vector[j];
      }
    }
    return Tensors.of(drawn, classes.length, length);
  }

  /** A vector drawn by this name. */
  public double[] vector(String key) {
    RandomGenerator random = run.random(key);
    double[] vector = new double[prior().latent()];
    Arrays.setAll(vector, i -> random.nextGaussian());
    return vector;
  }

  /** The pictures of vectors, [rows, ...input]. */
  public Tensor pictures(Tensor latents) {
    return asRows(prior.pictures(latents));
  }

  /** The same, each of its class where the prior is told one, [rows]. */
  public Tensor pictures(Tensor latents, Tensor classes) {
    int told = prior().classes();
    return told == 0
        ? pictures(latents)
        : asRows(prior.pictures(latents, Indexing.oneHot(classes, told)));
  }

  /** The generator's inner values that pictures can be made of; see {@link OpenedPrior#layers}. */
  public List<String> layers() {
    return prior.layers();
  }

  /** What the generator's inner values are of vectors, [rows, ...]. */
  public Tensor inner(Tensor latents, String layer) {
    return prior.inner(latents, layer);
  }

  /** What inner values become at a layer behind theirs, [rows, ...]. */
  public Tensor inner(String from, Tensor values, String to) {
    return prior.inner(from, values, to);
  }

  /** The pictures of inner values, [rows, ...input]. */
  public Tensor pictures(String layer, Tensor values) {
    return asRows(prior.pictures(layer, values));
  }

  /** How real the critic that the generator learned against finds pictures, [rows]. */
  public Tensor realism(Tensor pictures) {
    long[] own = prior().picture().batch(pictures.size(0));
    return prior.scores(pictures.reshape(own));
  }

  private Tensor asRows(Tensor pictures) {
    return pictures.reshape(row.batch(pictures.size(0)));
  }

  @Override
  public void close() {
    prior.close();
  }
}
