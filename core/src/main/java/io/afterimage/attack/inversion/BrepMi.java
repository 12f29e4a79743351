package io.afterimage.attack.inversion;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorAttack;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.attack.inversion.latent.WithPrior;
import io.afterimage.base.Access;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.target.LabelTarget;
import io.afterimage.train.PriorSettings;

/**
 * BREP-MI: from labels alone, walks in a generator's latent space away from where the label
 * changes, into the middle of a class.
 *
 * <p>Kahla, Chen, Just, Jia: Label-Only Model Inversion Attacks via Boundary Repulsion, CVPR 2022.
 * Each walk starts at a vector drawn from the prior that the target labels with the class. Of
 * points on a sphere around it, those with another label push it away; where none has, the sphere
 * grows. The paper's sphere, growth and number of points; what is reported is the vector at which
 * the last sphere was all of the class.
 *
 * <p>Departs from the paper in that all walks of all classes are asked about in one batch, and that
 * a step that would leave the class is not taken. Ends with what it has where the query budget is
 * spent. Noisy labels are taken as they come: one of a sphere's many points moves it little. Partly
 * known pictures are not completed: a label says nothing of what agrees with them.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class BrepMi extends PriorAttack<BrepMi.Settings, LabelTarget> {
  /**
   * The settings.
   *
   * @param prior what is searched
   * @param draws vectors of the prior among which each class's starts are looked for
   * @param steps of each walk
   * @param points on a sphere
   * @param radius of the first sphere
   * @param growth of the next one
   * @param length of a step, in radii
   * @param restarts pictures for each class
   */
  public record Settings(
      PriorChoice prior,
      @Setting("vectors of the prior among which the starts of all classes are looked for")
          int draws,
      @Setting("steps of each walk") int steps,
      @Setting("points asked about on a sphere") int points,
      @Setting("radius of the first sphere") double radius,
      @Setting("how many times as wide the next sphere is") double growth,
      @Setting("length of a step where all points push the same way, in radii") double length,
      @Setting("pictures for each class") int restarts)
      implements WithPrior {
    public Settings {
      inRange("--draws", draws, 1, 100_000_000);
      inRange("--steps", steps, 1, 1_000_000);
      inRange("--points", points, 2, 100_000);
      above("--radius", radius, 0, 1e6);
      check(growth > 1 && growth <= 100, "--growth must be above 1 to 100, but is %s", growth);
      above("--length", length, 0, 1e3);
      inRange("--restarts", restarts, 1, 1_000);
    }
  }

  public BrepMi() {
    super(
        "brep-mi",
        "walks away from where the model's label changes, among a generator's pictures",
        "Kahla, Chen, Just, Jia, CVPR 2022",
        Access.LABEL,
        LabelTarget.class,
        "",
        "whoever may ask for labels");
  }

  @Override
  public Settings defaults() {
    PriorChoice prior = PriorChoice.of(PriorSettings.Kind.DCGAN);
    return new Settings(prior, 20_000, 200, 32, 2, 1.3, 1.5, 20);
  }

  @Override
  public Settings small() {
    PriorChoice prior = PriorChoice.small(PriorSettings.Kind.VAE);
    return new Settings(prior, 500, 30, 16, 1, 1.3, 1.5, 2);
  }

  @Override
  protected Reconstructions rebuilt(
      LabelTarget target, LatentSpace space, Split split, Settings settings, Run run) {
    String input = split.members().inputs().get(0).name();
    return new Repulsion(target, input, new LatentCanvas(space), settings, run).reconstructions();
  }
}
