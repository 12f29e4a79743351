package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.latent.Aim;
import io.afterimage.attack.inversion.latent.Distilled;
import io.afterimage.attack.inversion.latent.LatentAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.VectorAttack;
import io.afterimage.attack.inversion.latent.Walk;
import io.afterimage.attack.inversion.picture.Completing;
import io.afterimage.attack.inversion.picture.Completion;
import io.afterimage.attack.inversion.picture.InnerLayer;
import io.afterimage.attack.inversion.picture.Way;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.target.GradientTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.InPlace;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.train.PriorSettings;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * LOMMA: raises the class's score before the softmax, as the target and students of it see it.
 *
 * <p>Nguyen, Chandrasegaran, Abdollahzadeh, Cheung: Re-thinking Model Inversion Attacks Against
 * Deep Neural Networks, CVPR 2023. Two parts: a cost that is not lowered by pushing other classes
 * down, minus the logit plus the distance of the penultimate values from what they are usually; and
 * students, which learned the target's answers to public pictures, so that no single model's quirks
 * are fitted.
 *
 * <p>Departs from the paper in that students are the target's own graph from fresh weights, and
 * that the distance is from the mean over the prior's pictures, in their deviations, not from a
 * draw.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class Lomma extends VectorAttack<Lomma.Settings> {
  private static final double LEAST_DEVIATION = 1e-3;
  private static final int USUAL = 256;

  /**
   * The settings.
   *
   * @param prior what is searched
   * @param completing what is known of the pictures
   * @param walk how far, and for how many pictures
   * @param distance weight of the penultimate values' distance from the usual ones
   * @param clip greatest number of a latent vector
   * @param students how many learn the target's answers
   * @param distillation passes over the public pictures while they do
   */
  public record Settings(
      PriorChoice prior,
      Completing completing,
      Walk walk,
      @Setting("weight of the distance of the last inner values from the usual ones")
          double distance,
      @Setting("numbers of latent vectors are cut off here") double clip,
      @Setting("models that learn the target's answers and are asked beside it") int students,
      @Setting("passes over the public pictures while they learn") int distillation)
      implements LatentAttack.Settings {
    public Settings {
      inRange("--distance", distance, 0, 1e6);
      above("--clip", clip, 0, 1e6);
      inRange("--students", students, 0, 100);
      inRange("--distillation", distillation, 1, 10_000);
    }
  }

  /**
   * A model and its usual penultimate values.
   *
   * @param mean [1, ...values]
   * @param deviation of each value, [1, ...values]
   */
  private record Adviser(GradientTarget model, String layer, Tensor mean, Tensor deviation) {}

  public Lomma() {
    super(
        "lomma",
        "raises a class's score as the model and students of it see it, in a generator's pictures",
        "Nguyen, Chandrasegaran, Abdollahzadeh, Cheung, CVPR 2023");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    return new Settings(prior, Completing.NONE, new Walk(300, 0.05, 20, 256), 0.1, 2, 2, 5);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    return new Settings(prior, Completing.NONE, new Walk(40, 0.1, 2, 256), 0.1, 2, 0, 1);
  }

  @Override
  protected List<GradientTarget> students(
      GradientTarget target, Split split, Settings settings, Run run) {
    Optional<Dataset> rows = split.population();
    check(
        settings.students() == 0 || rows.isPresent(),
        "--students learn from --population, which is not given: --students must be 0, but is %d",
        settings.students());
    return settings.students() == 0
        ? List.of()
        : Distilled.of(
            target, rows.orElseThrow(), settings.students(), settings.distillation(), run);
  }

  @Override
  protected Tensor search(Aim aim, Tensor start, Settings settings, Run run) {
    List<Adviser> advisers =
        Stream.concat(Stream.of(aim.target()), aim.students().stream())
            .map(model -> adviser(model, aim))
            .toList();
    Tensor classes = aim.classes();
    Tensor own = classes.unsqueeze(1);
    Completion.OfRows completion = aim.completion(classes);
    Way way = Way.ofAll();
    Tensor end =
        settings
            .walk()
            .byAdam()
            .from(
                info().id(),
                start,
                (at, step) -> {
                  Tensor made = aim.space().pictures(at);
                  Tensor whole = completion.whole(made);
                  return completion.pulled(cost(whole, own, advisers, settings.distance()), made);
                },
                at -> InPlace.clamp(at, -settings.clip(), settings.clip()),
                way,
                run);
    aim.passed(way, at -> at);
    return end;
  }

  /** The sum over pictures of the mean over models. */
  private static Tensor cost(
      Tensor pictures, Tensor classes, List<Adviser> advisers, double distance) {
    Tensor sum = pictures.sum().mul(0);
    for (Adviser adviser : advisers) {
      GradientTarget.Inside inside = adviser.model().inside(pictures, List.of(adviser.layer()));
      Tensor values = Objects.requireNonNull(inside.features().get(adviser.layer()));
      Tensor apart = values.sub(adviser.mean()).div(adviser.deviation()).square().flatten(1);
      Tensor own = Indexing.gather(inside.logits(), 1, classes);
      sum = sum.sub(own.sum()).add(apart.mean(false, 1).sum(), distance);
    }
    return sum.div(advisers.size());
  }

  /** What a model's penultimate values are over pictures that the prior draws. */
  @SuppressWarnings("try") // scope and guard are there to close
  private static Adviser adviser(GradientTarget model, Aim aim) {
    Dataset probe = aim.known().select(new int[] {0});
    String layer = InnerLayer.of(model, Optional.empty(), probe).name();
    int[] numbers = IntStream.range(0, USUAL).toArray();
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor drawn = aim.space().draw("usual", new int[USUAL], numbers);
      Tensor values = model.features(aim.space().pictures(drawn), layer);
      Tensor mean = values.mean(true, 0);
      Tensor deviation = values.sub(mean).square().mean(true, 0).sqrt();
      Tensor bounded = Maths.maximum(deviation, deviation.mul(0).add(LEAST_DEVIATION));
      return new Adviser(model, layer, scope.keep(mean), scope.keep(bounded));
    }
  }
}
