package io.afterimage.train;

import static io.afterimage.base.Checks.atLeast;
import static io.afterimage.base.Checks.check;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.target.Predictions;
import io.afterimage.train.PriorSettings.Kind;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Trains priors on public pictures. Results are bit-identical for one seed, whatever the number of
 * threads: each training uses one.
 */
public final class Priors {
  private Priors() {}

  /**
   * A prior over pictures.
   *
   * @param pictures picture after picture, finite, two at least
   * @param shape of one; see {@link PictureSpace}
   * @param run its seed draws weights, order and noise; hears of progress and may be cancelled,
   *     where a folder keeps what was learned by then
   * @param folder where priors are kept by the hash of all that made them and found again, a
   *     training that was stopped goes on, and samples are drawn after each epoch: {@code
   *     HASH.png}; empty for none of it
   */
  public static Prior train(
      PriorSettings settings, float[] pictures, Shape shape, Run run, Optional<Path> folder) {
    PictureSpace.requirePicture(shape);
    Knowledge none = Knowledge.none(pictures.length / shape.size());
    return trained(settings, pictures, shape, none, run, folder);
  }

  /**
   * A conditional prior over pictures of classes.
   *
   * @param classes of each picture, from 0 to below {@code count}
   * @param count how many classes there are, 2 or more
   */
  public static Prior train(
      PriorSettings settings,
      float[] pictures,
      Shape shape,
      int[] classes,
      int count,
      Run run,
      Optional<Path> folder) {
    atLeast("classes", count, 2);
    return trained(settings, pictures, shape, Knowledge.of(classes, count), run, folder);
  }

  /**
   * A conditional GAN over pictures of classes, whose generator heeds somebody else's word as well.
   *
   * @param guidance what it lessens besides its own loss
   */
  public static Prior train(
      PriorSettings settings,
      float[] pictures,
      Shape shape,
      int[] classes,
      int count,
      Guidance guidance,
      Run run,
      Optional<Path> folder) {
    atLeast("classes", count, 2);
    check(settings.kind() != Kind.VAE, "guidance is for a GAN, but the kind is %s", Kind.VAE);
    Knowledge guided = Knowledge.of(classes, count).guided(guidance);
    return trained(settings, pictures, shape, guided, run, folder);
  }

  /**
   * A GAN whose critic also learns what a target says of the pictures, so that the generator, which
   * is told no class, makes what matters to the target (Chen, Kahla, Jia, Qi, ICCV 2021). The
   * critic's score is the logarithm of the odds that a picture is a real one of any class.
   *
   * @param settings of a {@link Kind#DCGAN}
   * @param answers to the pictures: probabilities of two classes or more
   */
  public static Prior train(
      PriorSettings settings,
      float[] pictures,
      Shape shape,
      Predictions answers,
      Run run,
      Optional<Path> folder) {
    PictureSpace.requirePicture(shape);
    check(
        settings.kind() == Kind.DCGAN,
        "a critic that names classes plays the game of a %s, but the kind is %s",
        Kind.DCGAN,
        settings.kind());
    atLeast("classes of the answers", answers.columns(), 2);
    Knowledge answered = Knowledge.none(pictures.length / shape.size()).answered(answers);
    return trained(settings, pictures, shape, answered, run, folder);
  }

  private static Prior trained(
      PriorSettings settings,
      float[] pictures,
      Shape shape,
      Knowledge known,
      Run run,
      Optional<Path> folder) {
    PictureSpace.requirePicture(shape);
    int[] classes = known.classes();
    int count = known.count();
    check(
        classes.length >= 2, "a prior needs 2 pictures at least, but there are %d", classes.length);
    for (int i = 0; i < classes.length; i++) {
      check(
          classes[i] >= 0 && classes[i] < Math.max(1, count),
          "picture %d is of class %d, but there are %d classes, from 0 on",
          i,
          classes[i],
          count);
    }
    Examples rows = Examples.ofClasses(Architecture.INPUT, pictures, shape, classes);
    PictureSpace space = PictureSpace.of(pictures, shape, count);
    Examples unit =
        space.isUnit()
            ? rows
            : Examples.ofClasses(Architecture.INPUT, scaled(pictures, space), shape, classes);
    return new PriorTraining(settings, space, known.with(unit), known, run, folder).prior();
  }

  /** The pictures as numbers from 0 to 1. */
  static float[] scaled(float[] pictures, PictureSpace space) {
    float[] scaled = new float[pictures.length];
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] = (float) ((pictures[i] - space.low()) / (space.high() - space.low()));
    }
    return scaled;
  }
}
