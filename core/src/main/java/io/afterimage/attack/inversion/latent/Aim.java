package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.data.Dataset;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Pictures that are looked for side by side: in which space, for which classes of which target.
 *
 * @param students of the target, which an attack may ask beside it
 * @param known rows of the kind that the target takes
 * @param unasked where the adversary draws who never asked the target
 * @param space that is searched; the same unless its prior learned from the target
 * @param rows of {@code rebuilt} that they are
 */
public record Aim(
    GradientTarget target,
    List<GradientTarget> students,
    Dataset known,
    LatentSpace unasked,
    LatentSpace space,
    Rebuilt rebuilt,
    int[] rows) {
  private static final int AT_ONCE = 1024;

  /** The class of each, [rows]. */
  public Tensor classes() {
    return rebuilt.classes(rows);
  }

  /** Vectors drawn for them, each by itself, [rows, latent]. */
  Tensor draw(String key) {
    return space.draw(key, rebuilt.classesOf(rows), rebuilt.numbersOf(rows));
  }

  /** What the target says of the pictures of vectors before its softmax, [rows, classes]. */
  public Tensor logits(Tensor latents) {
    return target.logits(space.pictures(latents));
  }

  /**
   * How sure the target is that pictures are of their class, a mean over shifted views.
   *
   * @param points what the pictures are made of, as many of each class, one class after the other
   * @param painting makes pictures of some of them
   * @param shift pixels by which pictures are shifted at most
   */
  @SuppressWarnings("try") // scope and guard are there to close
  public double[] sureness(
      Tensor points, UnaryOperator<Tensor> painting, int shift, int views, RandomGenerator random) {
    int count = Math.toIntExact(points.size(0));
    int names = target.info().classes().size();
    double[] sure = new double[count];
    for (int from = 0; from < count; from += AT_ONCE) {
      int some = Math.min(AT_ONCE, count - from);
      try (TensorScope scope = new TensorScope();
          Autograd.Guard unrecorded = Autograd.noGrad()) {
        Tensor pictures = painting.apply(points.narrow(0, from, some));
        for (int view = 0; view < views; view++) {
          Tensor shown = space.raster().shifted(pictures, shift, random);
          float[] answers = target.probabilities(shown).toFloats();
          for (int i = 0; i < some; i++) {
            int own = (int) ((long) (from + i) * names / count);
            sure[from + i] += answers[i * names + own] / views;
          }
        }
      }
    }
    return sure;
  }

  /**
   * Takes the pictures that were passed on the way.
   *
   * @param vectors where numbers that descended stand in the space, [rows, latent]
   */
  public void passed(Way way, UnaryOperator<Tensor> vectors) {
    int[] kept = rebuilt.kept(rows);
    int[] shown = Arrays.stream(kept).map(i -> rows[i]).toArray();
    if (kept.length > 0) {
      way.forEach(
          (at, step) -> {
            Tensor some = Way.select(vectors.apply(at), kept);
            rebuilt.passed(shown, space.pictures(some, Way.select(classes(), kept)), step);
          });
    }
  }

  /** Takes the pictures of these vectors: what is drawn without the target, and what is found. */
  @SuppressWarnings("try") // scope and guard are there to close
  void put(Tensor start, Tensor found) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      rebuilt.put(rows, unasked.pictures(start), found);
    }
  }
}
