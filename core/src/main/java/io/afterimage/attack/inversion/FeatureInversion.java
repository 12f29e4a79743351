package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.decoder.Decoder;
import io.afterimage.attack.inversion.decoder.DecoderSettings;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.FeatureTarget;
import io.afterimage.target.Task;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Rebuilds the very picture behind the inner values that leaked about it: what the server of a
 * split network, or whoever reads a store of embeddings, sees of each person.
 *
 * <p>By descent: Mahendran &amp; Vedaldi: Understanding Deep Image Representations by Inverting
 * Them, CVPR 2015, for an adversary who holds the network up to the layer; see {@link
 * FeatureDescent}. By a decoder: Dosovitskiy &amp; Brox: Inverting Visual Representations with
 * Convolutional Networks, CVPR 2016, for one who only sees features, and learns to invert those of
 * public pictures; see {@link Decoder}.
 *
 * <p>Each reconstruction is paired with its record and stands under the class that the target gives
 * it, because nobody told the adversary another. Members come off no better than others where the
 * layer gives away everybody's picture alike. Every row that is passed through the network counts
 * as a query, the adversary's own steps included; where the query budget is short, the descent ends
 * with what it has, and the decoder learns from fewer rows.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class FeatureInversion
    implements Attack<FeatureInversion.Settings, FeatureTarget, Reconstructions> {

  /** How features are inverted. */
  public enum By {
    /** Step by step, through the network up to the layer. */
    DESCENT,
    /** By a network that learned from public rows. */
    DECODER
  }

  /**
   * The settings.
   *
   * @param by how features are inverted; empty for the descent where the adversary holds the
   *     network, else the decoder
   * @param layer whose values leaked
   * @param features of how many members they leaked
   * @param publicRows at most so many teach the decoder
   * @param pixels between what pixels lie
   * @param descent how to descend
   * @param decoder the network
   */
  public record Settings(
      @Setting(
              "how features are inverted: through the network, or by a decoder; by default through"
                  + " the network where the adversary holds it")
          Optional<By> by,
      @Setting("name of the inner value that leaked; by default the layer before the scores")
          Optional<String> layer,
      @Setting("of how many members the features leaked; of as many non-members") int features,
      @Setting("decoder: at most so many public rows; by default as many as memory holds")
          OptionalInt publicRows,
      PixelRange pixels,
      @Setting("the descent") DescentSettings descent,
      @Setting("the decoder") DecoderSettings decoder) {
    public Settings {
      inRange("--features", features, 1, 1_000_000);
      inRange("--public-rows", publicRows.orElse(50), 50, Integer.MAX_VALUE);
    }

    /** Whether a decoder inverts the features of this target. */
    boolean decodes(FeatureTarget target) {
      boolean held = target.info().access() == Access.GRADIENTS;
      By way = by.orElse(held ? By.DESCENT : By.DECODER);
      check(
          held || way == By.DECODER,
          "--by descent goes through the network, and of %s the adversary sees inner values alone;"
              + " give --by decoder",
          target.info().name());
      return way == By.DECODER;
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        "feature-inversion",
        "rebuilds pictures from the inner values of the network",
        "Mahendran, Vedaldi, CVPR 2015; Dosovitskiy, Brox, CVPR 2016",
        Family.INVERSION,
        Access.FEATURES,
        "the network up to the layer, or public pictures of the same kind",
        true,
        "whoever reads the inner values kept or sent about a person sees the person's picture");
  }

  @Override
  public Settings defaults() {
    return settings(Optional.empty(), 50, DescentSettings.of(1000), DecoderSettings.usual());
  }

  @Override
  public Settings small() {
    return settings(Optional.empty(), 20, DescentSettings.of(100), DecoderSettings.small(16, 40));
  }

  /** The usual settings. */
  static Settings settings(
      Optional<By> by, int features, DescentSettings descent, DecoderSettings decoder) {
    return new Settings(
        by, Optional.empty(), features, OptionalInt.empty(), PixelRange.AS_SEEN, descent, decoder);
  }

  @Override
  public Class<FeatureTarget> target() {
    return FeatureTarget.class;
  }

  /** A decoder learns from public rows, a descent from the network alone. */
  @Override
  public Optional<String> refusal(Split split, Settings settings) {
    return settings
        .by()
        .filter(way -> way == By.DECODER)
        .flatMap(decoder -> PublicRows.refusal(split));
  }

  @Override
  public Reconstructions run(FeatureTarget target, Split split, Settings settings, Run run) {
    check(
        target.info().task() == Task.CLASSIFICATION,
        "feature-inversion stands pictures under classes, but %s predicts a value",
        target.info().name());
    return new LeakedFeatures(target, split, settings, run).reconstructions();
  }
}
