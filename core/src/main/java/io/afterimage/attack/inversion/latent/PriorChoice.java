package io.afterimage.attack.inversion.latent;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Sample;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.picture.InputRange;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Prior;
import io.afterimage.train.PriorSettings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the adversary knows of pictures: a generator that learned from public ones, or one brought
 * along.
 *
 * @param generator of the adversary's own; empty to train one
 * @param priorKind what is trained
 * @param latent numbers of a latent vector
 * @param priorEpochs passes over the public pictures; empty for as many as its kind usually takes
 */
public record PriorChoice(
    @Setting("ONNX file of a generator of your own; none: one learns from --population")
        Optional<Path> generator,
    @Setting("the generator that learns from the public pictures") PriorSettings.Kind priorKind,
    @Setting("numbers of one of its latent vectors") int latent,
    @Setting("its passes over the public pictures; by default the more the fewer there are")
        OptionalInt priorEpochs) {
  public PriorChoice {
    inRange("--latent", latent, 1, 65_536);
    inRange("--prior-epochs", priorEpochs.orElse(1), 1, 1_000_000);
  }

  /** The usual settings of a kind. */
  public static PriorChoice of(PriorSettings.Kind kind) {
    PriorSettings usual = PriorSettings.of(kind);
    return new PriorChoice(Optional.empty(), kind, usual.latent(), OptionalInt.empty());
  }

  /** One that learns within seconds from some hundred small pictures. */
  public static PriorChoice small(PriorSettings.Kind kind) {
    return new PriorChoice(Optional.empty(), kind, 16, OptionalInt.of(60));
  }

  /** Why there is no prior to be had; empty where there is. */
  public Optional<String> refusal(Split split) {
    return generator.isPresent()
        ? Optional.empty()
        : PublicRows.lacking(split).map(reason -> reason + "; or --generator");
  }

  /**
   * The prior.
   *
   * @param planes how a picture's numbers stand
   * @param run what is trained is kept and found again where it shares a folder
   */
  Prior prior(Planes planes, Split split, Run run) {
    return generator.isPresent()
        ? brought(generator.get(), planes, split, run)
        : lesson(planes, split, run).plain();
  }

  /** A generator of the adversary's own, whose pictures must be in the target's units. */
  private static Prior brought(Path file, Planes planes, Split split, Run run) {
    Prior prior = Prior.of(OnnxModel.read(file), shape(planes));
    InputRange taken = InputRange.of(split.reference(), PixelRange.AS_SEEN);
    prior.requireRange(taken.low(), taken.high(), run);
    return prior;
  }

  /** What a prior that is trained learns from; parameters as of {@link #prior}. */
  public PriorLesson lesson(Planes planes, Split split, Run run) {
    Run shared = run.ofShared().keyed("prior");
    return new PriorLesson(this, rows(planes, split, shared), shape(planes), shared);
  }

  /**
   * The public pictures one after the other, in an order drawn by their ids.
   *
   * @param planes how a picture's numbers stand
   */
  public static float[] pictures(Planes planes, Split split, Run run) {
    return ((Column.Array) rows(planes, split, run).inputs().get(0)).values();
  }

  private static Dataset rows(Planes planes, Split split, Run run) {
    Shape shape = shape(planes);
    Dataset all = split.population().orElseThrow();
    Optional<Shape> given = PublicRows.onlyArray(all);
    boolean fits =
        given.filter(one -> one.size() == shape.size()).isPresent()
            && given.flatMap(Planes::of).map(planes::equals).orElse(true);
    check(
        fits,
        "--population has rows of %s, but the model takes pictures of %s; give it pictures alike",
        given.map(Shape::toString).orElse("columns"),
        shape);
    return all.select(Sample.order(all, run));
  }

  /** The shape of a picture whose numbers stand so. */
  public static Shape shape(Planes planes) {
    return planes.channelsLast()
        ? new Shape(planes.height(), planes.width(), planes.channels())
        : new Shape(planes.channels(), planes.height(), planes.width());
  }
}
