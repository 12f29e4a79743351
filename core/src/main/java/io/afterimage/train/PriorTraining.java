package io.afterimage.train;

import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Threads;
import io.afterimage.train.AdversarialStep.Game;
import io.afterimage.train.PriorSettings.Kind;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One training of a prior, in a folder where there is one. */
final class PriorTraining {
  private static final String GENERATOR = "generator";
  private static final String CRITIC = "critic";

  private final PriorSettings settings;
  private final PictureSpace space;
  private final Examples rows;
  private final Knowledge known;
  private final Run run;
  private final Optional<TrainedModels> kept;
  private final String recipe;

  /**
   * @param rows pictures scaled to numbers from 0 to 1, and what a step learns of them
   */
  PriorTraining(
      PriorSettings settings,
      PictureSpace space,
      Examples rows,
      Knowledge known,
      Run run,
      Optional<Path> folder) {
    this.settings = settings;
    this.space = space;
    this.rows = rows;
    this.known = known;
    this.run = run;
    this.kept = folder.map(TrainedModels::new);
    this.recipe =
        "prior/1 %s %s %s%s%s seed %d"
            .formatted(
                settings,
                space,
                rows.sha256(),
                known.guidance().map(by -> " guided by " + by.description()).orElse(""),
                known.named() > 0 ? " whose critic names %d classes".formatted(known.named()) : "",
                run.seed());
  }

  Prior prior() {
    return found().orElseGet(() -> Threads.alone(this::trained));
  }

  private Optional<Prior> found() {
    Optional<OnnxModel> generator = find(GENERATOR);
    Optional<OnnxModel> critic = find(CRITIC);
    boolean whole = generator.isPresent() && critic.isPresent() == hasCritic();
    return whole ? Optional.of(prior(generator.orElseThrow(), critic)) : Optional.empty();
  }

  private Optional<OnnxModel> find(String part) {
    return kept.flatMap(models -> models.find(recipe + " " + part, part));
  }

  private boolean hasCritic() {
    return settings.kind() != Kind.VAE;
  }

  private Prior trained() {
    Optional<Checkpoint> checkpoint =
        kept.map(models -> new Checkpoint(models.file(recipe, ".npz"), "delete it to start again"));
    try (PriorStep step = step()) {
      PriorWatch watch =
          new PriorWatch(
              step,
              space,
              settings.latent(),
              rows.rows(),
              checkpoint,
              kept.map(models -> models.file(recipe, ".png")),
              run);
      Trainer.run(step, rows.rows(), settings.training(), new Schedule.Constant(), watch, run);
      Prior prior = learned(step.trainees());
      kept.ifPresent(models -> keep(models, prior));
      checkpoint.ifPresent(Checkpoint::delete);
      return prior;
    }
  }

  private Prior learned(List<Trainee> trainees) {
    OnnxModel generator = generator(space).withWeights(trainees.get(0).weights());
    return prior(
        generator,
        hasCritic()
            ? Optional.of(critic(space).withWeights(trainees.get(1).weights()))
            : Optional.empty());
  }

  private void keep(TrainedModels models, Prior prior) {
    models.put(recipe + " " + GENERATOR, prior.generator());
    prior.critic().ifPresent(critic -> models.put(recipe + " " + CRITIC, critic));
  }

  private PriorStep step() {
    PictureSpace unit = space.unit();
    Optimiser optimiser = settings.optimiser();
    if (settings.kind() == Kind.VAE) {
      OnnxModel encoder =
          Critics.encoder(unit, settings.latent(), settings.filters(), run.keyed("encoder"));
      return new VariationalStep(encoder, generator(unit), rows, optimiser, run);
    }
    AdversarialStep.Settings how =
        new AdversarialStep.Settings(
            game(), settings.criticSteps(), settings.penalty(), optimiser, optimiser);
    return new AdversarialStep(generator(unit), critic(unit), rows, how, run)
        .guided(known.guidance().map(by -> new InRange(by, space)));
  }

  private Game game() {
    if (known.named() > 0) {
      return Game.SEMI_SUPERVISED;
    }
    return settings.kind() == Kind.WGAN_GP ? Game.WASSERSTEIN : Game.NON_SATURATING;
  }

  /** Guidance that is shown pictures in their own range, not from 0 to 1. */
  private record InRange(Guidance by, PictureSpace space) implements Guidance {
    @Override
    public Tensor loss(Tensor pictures, Tensor told, long step) {
      Tensor own = pictures.mul(space.high() - space.low()).add(space.low());
      return by.loss(own, told, step);
    }

    @Override
    public String description() {
      return by.description();
    }
  }

  private OnnxModel generator(PictureSpace of) {
    return Generators.convolutional(
        of, settings.latent(), settings.filters(), run.keyed(GENERATOR));
  }

  private OnnxModel critic(PictureSpace of) {
    boolean normalised = settings.kind() == Kind.DCGAN;
    Run weights = run.keyed(CRITIC);
    return known.named() > 0
        ? Critics.naming(of, known.named(), settings.filters(), weights)
        : Critics.convolutional(of, settings.filters(), normalised, weights);
  }

  private Prior prior(OnnxModel generator, Optional<OnnxModel> critic) {
    String told = space.classes() > 0 ? " of %d classes".formatted(space.classes()) : "";
    String guided = known.guidance().map(by -> ", guided by " + by.description()).orElse("");
    String named =
        known.named() > 0 ? ", critic of %d classes by answers".formatted(known.named()) : "";
    String origin =
        String.format(
            Locale.ROOT,
            "%s trained on %d public pictures of %s%s: %d epochs, latent length %d, %d filters, seed %d%s%s",
            settings.kind(),
            rows.rows(),
            space.shape(),
            told,
            settings.epochs(),
            settings.latent(),
            settings.filters(),
            run.seed(),
            guided,
            named);
    return new Prior(generator, critic, space, settings.latent(), origin);
  }
}
