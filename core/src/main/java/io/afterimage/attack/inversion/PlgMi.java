package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.Margin;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.PriorLesson;
import io.afterimage.attack.inversion.latent.PseudoLabels;
import io.afterimage.attack.inversion.latent.VectorAttack;
import io.afterimage.attack.inversion.latent.Views;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.Predictions;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.train.Guidance;
import io.afterimage.train.Prior;
import io.afterimage.train.PriorSettings;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.random.RandomGenerator;

/**
 * PLG-MI: public pictures stand under the classes that the target is surest of; a conditional
 * generator learns from them, and among its pictures of a class those are looked for whose margin
 * is widest.
 *
 * <p>Yuan, Chen, Zhang, Zhang, Yu: Pseudo Label-Guided Model Inversion Attack via Conditional
 * Generative Adversarial Network, AAAI 2023. The generator lessens, beside its own loss, the margin
 * by which the target takes its pictures for another class; the search descends the same {@link
 * Margin}, of views drawn at random. The paper's rate, steps and weight of 0.2. Without {@code
 * --pseudo-labels} (its ablation) a generator is searched that is told no classes.
 *
 * <p>Departs from the paper in that generator and critic are Afterimage's own and play the usual
 * game by turns, not with hinges; and that views, drawn for a batch at once, are shifted, lighter
 * and of other contrast, not cropped, turned and mirrored: a mirrored digit is none. Each
 * reconstruction is measured against the picture of its vector by a generator that never asked the
 * target.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class PlgMi extends VectorAttack<PlgMi.Settings> {

  /**
   * The settings.
   *
   * @param prior how the generator learns
   * @param walk how far vectors are moved, and how many pictures are kept of each class
   * @param pseudoLabels whether the generator learns classes as the target sees them
   * @param top public pictures under each class; empty for a class's share of all
   * @param guidance weight of the margin while the generator learns
   * @param views as which pictures are shown to the target
   */
  public record Settings(
      PriorChoice prior,
      Walk walk,
      @Setting("the generator learns classes by the target's answers; false: it is told none")
          boolean pseudoLabels,
      @Setting("public pictures under each class; by default a class's share of all of them")
          OptionalInt top,
      @Setting("weight of the target's word beside the critic's while the generator learns")
          double guidance,
      Views views)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--top", top.orElse(1), 1, Integer.MAX_VALUE);
      inRange("--guidance", guidance, 0, 1e6);
      check(
          !pseudoLabels || prior.generator().isEmpty(),
          "--generator never learned from the target; leave it out, or add --pseudo-labels false");
      check(
          !pseudoLabels || prior.priorKind() != PriorSettings.Kind.VAE,
          "--prior-kind vae has no critic to learn classes with; give dcgan or wgan-gp, or"
              + " --pseudo-labels false");
    }

    @Override
    public Optional<String> refusal(Split split) {
      return pseudoLabels ? PublicRows.lacking(split) : prior.refusal(split);
    }
  }

  public PlgMi() {
    super(
        "plg-mi",
        "looks among a class's pictures of a generator that learned public ones by the model's"
            + " answers",
        "Yuan, Chen, Zhang, Zhang, Yu, AAAI 2023");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    Walk walk = new Walk(600, 0.1, 20, 256);
    return new Settings(prior, walk, true, OptionalInt.empty(), 0.2, new Views(2, 0.2, 2));
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.DCGAN);
    Walk walk = new Walk(40, 0.1, 2, 256);
    return new Settings(prior, walk, true, OptionalInt.empty(), 0.2, new Views(0, 0.2, 2));
  }

  @Override
  protected Optional<Prior> taught(
      GradientTarget target, LatentSpace space, Split split, Settings settings, Run run) {
    if (!settings.pseudoLabels()) {
      return Optional.empty();
    }
    PriorLesson lesson = settings.prior().lesson(space.raster().planes(), split, run);
    Predictions answers = target.scores(lesson.rows());
    int share = Math.max(1, lesson.rows().rows() / answers.columns());
    PseudoLabels labels = PseudoLabels.of(answers.probabilities(), settings.top().orElse(share));
    Guidance guidance =
        Margin.of(target, space, split.reference(), settings.views())
            .guidance(settings.guidance(), lesson.hash(target, answers), lesson.run());
    return Optional.of(lesson.labelled(labels, guidance));
  }

  @Override
  protected Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    Margin margin = Margin.of(aim.target(), aim.space(), aim.known(), settings.views());
    Tensor classes = aim.classes();
    Tensor told = Indexing.oneHot(classes, aim.target().info().classes().size());
    RandomGenerator random = run.random("views/" + aim.rows()[0]);
    Way way = Way.ofAll();
    Tensor end =
        settings
            .walk()
            .byAdam()
            .from(
                info().id(),
                start,
                (at, step) -> margin.of(aim.space().pictures(at, classes), told, random),
                at -> {},
                way,
                run);
    aim.passed(way, at -> at);
    return end;
  }
}
