package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.Raster;
import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.base.Run;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
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
  /** Beyond this hardly any vector of the prior has a number. */
  public static final double FARTHEST = 4;

  private final OpenedPrior prior;
  private final Planes planes;
  private final Shape row;
  private final List<String> names;
  private final Completion completion;
  private final int fitting;
  private final Run run;

  private LatentSpace(
      OpenedPrior prior,
      Planes planes,
      Shape row,
      List<String> names,
      Completion completion,
      int fitting,
      Run run) {
    this.prior = prior;
    this.planes = planes;
    this.row = row;
    this.names = names;
    this.completion = completion;
    this.fitting = fitting;
    this.run = run;
  }

  /**
   * The space of a prior for this target.
   *
   * @param attack for messages: its id
   */
  public static LatentSpace of(
      TargetInfo info, Split split, PriorChoice choice, String attack, Run run) {
    return of(info, split, choice, Completing.NONE, attack, run);
  }

  /**
   * The same where a part of the pictures may be known.
   *
   * @param attack for messages: its id
   */
  public static LatentSpace of(
      TargetInfo info,
      Split split,
      PriorChoice choice,
      Completing completing,
      String attack,
      Run run) {
    Shape row = Rebuilt.shape(info, attack);
    Planes planes =
        Planes.of(row, split.reference()).orElseThrow(() -> Rebuilt.noPictures(info, attack));
    Completion completion = Completion.of(completing, row, split, info.classes().size());
    OpenedPrior prior = choice.prior(planes, split, run).open(run);
    return new LatentSpace(
        prior, planes, row, info.classes(), completion, completing.fitting(), run);
  }

  /** The same target's pictures as another prior makes them. To be closed. */
  public LatentSpace of(Prior other) {
    return new LatentSpace(other.open(run), planes, row, names, completion, fitting, run);
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
    return latents(vectors(key, classes, numbers));
  }

  private double[][] vectors(String key, int[] classes, int[] numbers) {
    double[][] drawn = new double[classes.length][];
    Arrays.setAll(drawn, i -> vector(key + "/" + names.get(classes[i]) + "/" + numbers[i]));
    return drawn;
  }

  /** Vectors as a tensor, [rows, latent]. */
  public Tensor latents(double[][] vectors) {
    int length = prior().latent();
    float[] numbers = new float[Math.multiplyExact(vectors.length, length)];
    for (int i = 0; i < vectors.length; i++) {
      for (int j = 0; j < length; j++) {
        numbers[i * length + j] = (float) vectors[i][j];
      }
    }
    return Tensors.of(numbers, vectors.length, length);
  }

  /** The opposite. */
  private static double[][] vectors(Tensor latents) {
    float[] numbers = latents.toFloats();
    int length = Math.toIntExact(latents.size(1));
    double[][] vectors = new double[numbers.length / length][length];
    for (int i = 0; i < numbers.length; i++) {
      vectors[i / length][i % length] = numbers[i];
    }
    return vectors;
  }

  /** A vector drawn by this name. */
  public double[] vector(String key) {
    RandomGenerator random = run.random(key);
    double[] vector = new double[prior().latent()];
    Arrays.setAll(vector, i -> random.nextGaussian());
    return vector;
  }

  /** What is known of the pictures that are looked for. */
  public Completion completion() {
    return completion;
  }

  /**
   * Where searches for pictures of classes begin: vectors drawn by their classes' names and
   * numbers, and, where a part of the pictures is known, fitted to it.
   *
   * @param classes of each row
   * @param numbers of each row among those of its class
   */
  @SuppressWarnings("try") // the scope is there to close
  public double[][] starts(int[] classes, int[] numbers) {
    double[][] drawn = vectors("latent", classes, numbers);
    if (isFree()) {
      return drawn;
    }
    try (TensorScope scope = new TensorScope()) {
      return vectors(fitted(latents(drawn), classes));
    }
  }

  /**
   * Vectors near these whose pictures agree with what is known of their classes; the same vectors
   * where nothing is known.
   *
   * @param latents [rows, latent]
   * @param classes of each row
   */
  public Tensor fitted(Tensor latents, int[] classes) {
    return isFree() ? latents : new Fitting(this, fitting, run).from(latents, classes);
  }

  /** Whether there is nothing that vectors are fitted to. */
  private boolean isFree() {
    return completion.places().length == 0 || fitting == 0;
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
