package io.afterimage.attack.inversion.latent;

import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.Rebuilt;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.data.Dataset;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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
 * @param learned what the attack learned of the classes before; empty where it learns nothing
 */
public record Aim(
    GradientTarget target,
    List<GradientTarget> students,
    Dataset known,
    LatentSpace unasked,
    LatentSpace space,
    Rebuilt rebuilt,
    int[] rows,
    Optional<Learned> learned) {
  /**
   * What an attack learns of classes before it looks for their pictures.
   *
   * @param at the numbers learned
   * @param way that led there
   */
  public record Learned(Tensor at, Way way) {}

  private static final int AT_ONCE = 1024;

  /** Some of them, for which this was learned. */
  Aim at(int[] some, Optional<Learned> lesson) {
    return new Aim(target, students, known, unasked, space, rebuilt, some, lesson);
  }

  /** The class of each, [rows]. */
  public Tensor classes() {
    return rebuilt.classes(rows);
  }

  /** Vectors drawn for them, each by itself, [rows, latent]. */
  public Tensor draw(String key) {
    return space.draw(key, rebuilt.classesOf(rows), rebuilt.numbersOf(rows));
  }

  /** Where the search begins: vectors drawn, and fitted to what is known of the pictures. */
  Tensor start() {
    return space.latents(unasked.starts(rebuilt.classesOf(rows), rebuilt.numbersOf(rows)));
  }

  /** What is known of pictures of these classes, [rows]. */
  public Completion.OfRows completion(Tensor classes) {
    return space.completion().of(classes);
  }

  /**
   * How sure the target is that pictures are of their class, a mean over shifted views; less where
   * they are far from what is known of them, by the exponential of that distance.
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
        float[] pixels = painting.apply(points.narrow(0, from, some)).toFloats();
        int[] own = new int[some];
        double[] near = new double[some];
        for (int i = 0; i < some; i++) {
          own[i] = (int) ((long) (from + i) * names / count);
          near[i] = Math.exp(-space.completion().complete(pixels, i * space.row().size(), own[i]));
        }
        Tensor pictures = Tensors.of(pixels, space.row().batch(some));
        for (int view = 0; view < views; view++) {
          Tensor shown = space.raster().shifted(pictures, shift, random);
          float[] answers = target.probabilities(shown).toFloats();
          for (int i = 0; i < some; i++) {
            sure[from + i] += near[i] * answers[i * names + own[i]] / views;
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
            Tensor own = Way.select(classes(), kept);
            Tensor whole = completion(own).whole(space.pictures(some, own));
            rebuilt.passed(shown, whole, step);
          });
    }
  }

  /** Takes the pictures of these vectors: what is drawn without the target, and what is found. */
  @SuppressWarnings("try") // scope and guard are there to close
  void put(Tensor start, Tensor found) {
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Completion.OfRows completion = completion(classes());
      rebuilt.put(rows, completion.whole(unasked.pictures(start)), completion.whole(found));
    }
  }
}
