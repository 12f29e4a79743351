package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.decoder.DecoderSettings;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.decoder.ScoreVectors;
import io.afterimage.attack.inversion.picture.PixelRange;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.Task;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A second network learns on public pictures to make of the target's answer the picture that it was
 * about. It then draws what a class looks like, or the very picture behind an answer that leaked.
 *
 * <p>Yang, Zhang, Chang, Liang: Neural Network Inversion in Adversarial Setting via Background
 * Knowledge Alignment, CCS 2019. Its point is that the network learns from answers as they will be
 * given to it: cut to the top k, rounded, noisy or labels alone, each public row is asked about
 * once and the answer is taken as it comes; {@link ScoreVectors} says what becomes of it. The
 * public pictures need show none of the target's classes.
 *
 * <p>For a class the adversary, who holds no member, makes up an answer as sure of it as the target
 * typically is; further pictures of the class are those of the surest answers about public rows
 * that named it, and a class may have fewer than wanted. For leaked answers each reconstruction is
 * paired with its record and stands under the class that the answer named.
 *
 * <p>What fewer questions would have given is told by networks that learned from the first quarter
 * of the public rows, a quarter of that and so on: the points of the curve.
 *
 * <p>Departs from the paper in the decoder's size, which follows the picture's, and in keeping the
 * weights of the epoch that did best on rows kept back. Pictures in any order of channels; rows
 * that are no pictures by dense layers.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class InversionNetwork
    implements Attack<InversionNetwork.Settings, ScoreTarget, Reconstructions> {

  /** What is given to the network once it has learned. */
  public enum Invert {
    /** An answer made up for each class. */
    CLASSES,
    /** The target's answers about members, and as many non-members, that leaked. */
    ANSWERS
  }

  /**
   * The settings.
   *
   * @param invert what the network is given
   * @param pictures of each class, at most
   * @param answers how many answers about members leaked
   * @param publicRows at most so many
   * @param pixels between what pixels lie
   * @param decoder the network
   */
  public record Settings(
      @Setting("draw each class, or the pictures behind answers that leaked") Invert invert,
      @Setting("classes: pictures of each, at most") int pictures,
      @Setting("answers: how many about members leaked; as many about non-members") int answers,
      @Setting("ask about at most so many public rows; by default as many as memory holds")
          OptionalInt publicRows,
      PixelRange pixels,
      @Setting("the network") DecoderSettings decoder) {
    public Settings {
      inRange("--pictures", pictures, 1, 10_000);
      inRange("--answers", answers, 1, 1_000_000);
      inRange("--public-rows", publicRows.orElse(50), 50, Integer.MAX_VALUE);
    }
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        "inversion-network",
        "a network that learned on public pictures turns answers back into pictures",
        "Yang, Zhang, Chang, Liang, CCS 2019",
        Family.INVERSION,
        Access.SCORES,
        "public pictures of the same kind",
        true,
        "whoever sees the model's answer about a person, or makes one up, sees the person's picture");
  }

  @Override
  public Settings defaults() {
    return settings(Invert.CLASSES, DecoderSettings.usual());
  }

  @Override
  public Settings small() {
    return settings(Invert.CLASSES, DecoderSettings.small(16, 40));
  }

  /** The usual settings. */
  static Settings settings(Invert invert, DecoderSettings decoder) {
    return new Settings(invert, 1, 100, OptionalInt.empty(), PixelRange.AS_SEEN, decoder);
  }

  @Override
  public Class<ScoreTarget> target() {
    return ScoreTarget.class;
  }

  @Override
  public Optional<String> refusal(Split split) {
    return PublicRows.refusal(split);
  }

  @Override
  public Reconstructions run(ScoreTarget target, Split split, Settings settings, Run run) {
    check(
        target.info().task() == Task.CLASSIFICATION,
        "inversion-network inverts answers of classes, but %s predicts a value",
        target.info().name());
    return new InvertedAnswers(target, split, settings, run).reconstructions();
  }
}
