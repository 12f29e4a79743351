package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.decoder.PublicRows;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.latent.WithPrior;
import io.afterimage.base.Access;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.LabelTarget;
import io.afterimage.train.PriorSettings;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * LOKT: from labels alone, models that stand for the target learn what it knows, and are searched
 * as white boxes.
 *
 * <p>Nguyen, Chandrasegaran, Abdollahzadeh, Cheung: Label-Only Model Inversion Attacks via
 * Knowledge Transfer, NeurIPS 2023. A generator that is told the classes learns from the public
 * pictures, and its critic learns the label that the target gives each picture it makes, so that
 * both come to know classes that no public picture is of ({@link
 * io.afterimage.train.AssistedPrior}). The critic, and surrogates that learn from as many made
 * pictures of each class, with the target's labels, then take the target's place: the class's lead
 * over the strongest other, a mean over them, is raised among what the generator makes of the
 * class. The paper's ablation, a surrogate of public pictures alone, which are of few of the
 * classes, is {@code --assisted false}; the prior is searched then.
 *
 * <p>Departs from the paper in its networks, which are Afterimage's own and small; in that critic
 * and generator learn by turns and by labels from the first step, where the authors' program lets
 * them learn without for a while; in that the class's weight is the generator's alone; in that the
 * critic always has its say beside the surrogates; in that vectors are cut off; and in that the
 * target labels each picture in the end: those that it names as wanted are reported first. A label
 * that is not the same each time is taken as it comes. Where the query budget is short, learning
 * ends early.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class Lokt extends PriorAttack<Lokt.Settings, LabelTarget> {
  /**
   * The settings.
   *
   * @param prior what is drawn without the target; the generator that learns from its labels takes
   *     as long vectors
   * @param walk how vectors are moved
   * @param clip greatest number of a latent vector
   * @param assisted whether a generator learns from the target's labels
   * @param epochs of it; empty for as many as is usual
   * @param classWeight of the class beside the deception of the critic
   * @param surrogates that learn beside the critic
   * @param lessons pictures of each class that they learn from
   * @param passes over them
   */
  public record Settings(
      PriorChoice prior,
      Walk walk,
      @Setting("numbers of latent vectors are cut off here") double clip,
      @Setting(
              "a generator learns by the model's labels; false: it labels public pictures alone,"
                  + " the paper's ablation")
          boolean assisted,
      @Setting("that generator's passes over the public pictures; by default as the prior's kind")
          OptionalInt epochs,
      @Setting("weight of a made picture's class beside its deceiving the critic")
          double classWeight,
      @Setting("models that learn the model's labels beside the critic") int surrogates,
      @Setting("made pictures of each class that they learn from") int lessons,
      @Setting("their passes over what they learn from") int passes)
      implements WithPrior {
    public Settings {
      above("--clip", clip, 0, 1e6);
      inRange("--epochs", epochs.orElse(1), 1, 1_000_000);
      inRange("--class-weight", classWeight, 0, 1e6);
      inRange("--surrogates", surrogates, 0, 100);
      inRange("--lessons", lessons, 1, 1_000_000);
      inRange("--passes", passes, 1, 10_000);
      check(
          assisted || surrogates > 0,
          "--surrogates must be 1 or more with --assisted false, but is %d: nobody else learns",
          surrogates);
    }

    /** A generator that is brought along knows nothing of the target, and another learns. */
    @Override
    public Optional<String> refusal(Split split) {
      return PublicRows.lacking(split).map(reason -> reason + ", also beside --generator");
    }
  }

  public Lokt() {
    super(
        "lokt",
        "teaches models of its own the model's labels, and searches a generator's pictures by them",
        "Nguyen, Chandrasegaran, Abdollahzadeh, Cheung, NeurIPS 2023",
        Access.LABEL,
        LabelTarget.class,
        "",
        "whoever may ask for labels");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    Walk walk = new Walk(300, 0.02, 20, 256);
    return new Settings(prior, walk, 2, true, OptionalInt.empty(), 1, 2, 2000, 5);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    Walk walk = new Walk(40, 0.05, 2, 256);
    return new Settings(prior, walk, 2, true, OptionalInt.of(60), 1, 1, 50, 10);
  }

  @Override
  protected Reconstructions rebuilt(
      LabelTarget target, LatentSpace space, Split split, Settings settings, Run run) {
    float[] known = PriorChoice.pictures(space.raster().planes(), split, run.ofShared());
    int classes = target.info().classes().size();
    long last = Math.multiplyExact((long) classes, settings.walk().restarts());
    String input = split.members().inputs().get(0).name();
    CountedLabels labels = new CountedLabels(target, input, space.row(), last, run);
    try (Surrogates surrogates = Surrogates.of(labels, space, known, settings, run)) {
      return new KnowledgeTransfer(labels, space, surrogates, settings, run).reconstructions();
    }
  }
}
