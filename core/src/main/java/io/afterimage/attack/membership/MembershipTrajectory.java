package io.afterimage.attack.membership;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.WithReferences;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.membership.ShadowClassifier.Table;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.train.Workers;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Takes for members those whose loss falls as members' does while a student learns the target's
 * answers to public rows.
 *
 * <p>Liu, Zhao, Backes, Zhang: Membership Inference Attacks by Exploiting Loss Trajectory, CCS
 * 2022. The target is distilled on the public rows into a student of its own graph, or into a
 * network where that cannot be trained; how sure the student is of a person after each epoch, and
 * at last how sure the target itself is, stand in for the losses of the target's own training.
 * {@code trajectory}: log of the odds that a network gives that learned such courses from shadow
 * models, distilled alike.
 *
 * <p>Departs from the paper in that courses are of the logit of the true class (of a regressor
 * minus the absolute error), which grows with members where a loss ends at 0, and in that several
 * shadow models are learned from, {@link ReferenceModels}, not one.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class MembershipTrajectory extends PublicAttack<MembershipTrajectory.Settings> {
  private static final String ID = "membership-trajectory";

  /**
   * The settings.
   *
   * @param models that are learned from
   * @param distilled how many of them; all where there are fewer
   * @param distillation passes over the public rows while a student learns
   */
  public record Settings(
      ReferenceSettings models,
      @Setting("reference models that are distilled as the model under attack is") int distilled,
      @Setting("passes over the public rows while a student learns a model's answers")
          int distillation)
      implements WithReferences {
    public Settings {
      inRange("--distilled", distilled, 1, 4096);
      inRange("--distillation", distillation, 1, 10_000);
    }

    /** How many reference models are distilled. */
    int shadows() {
      return Math.min(distilled, models.references());
    }
  }

  public MembershipTrajectory() {
    super(
        ID,
        "follows how sure a student of the model grows of each person",
        "Liu, Zhao, Backes, Zhang, CCS 2022",
        "each person's record with its true label, labelled public records of the same kind, and how"
            + " the model is built and trained");
  }

  @Override
  public Settings defaults() {
    return new Settings(ReferenceSettings.DEFAULTS, 4, 25);
  }

  @Override
  public Settings small() {
    return new Settings(ReferenceSettings.SMALL, 2, 4); // of one alone, 1 course in 10 says little
  }

  @Override
  MembershipScores run(
      ScoreTarget target, Suspects suspects, Dataset population, Settings settings, Run run) {
    long questions = (long) suspects.rows() + population.rows();
    Asker asker = Asker.of(target, settings.models().repeats(), questions, run);
    Asked asked = Asked.of(asker, suspects, UnaryOperator.identity());
    Predictions taught = asker.ask(population).probabilities();
    ReferenceModels models =
        ReferenceModels.of(target, suspects, asked.sureness(), settings.models(), run);
    List<Predictions> shadows = models.answers(UnaryOperator.identity());
    Students students =
        new Students(models, models.student(target), suspects, target.info(), population, settings);
    List<double[]> courses =
        Workers.map(
            run,
            ID,
            settings.shadows() + 1,
            i -> {
              Run own = Workers.alone(run, "student/" + i);
              return i == settings.shadows()
                  ? students.course(taught, asked, own)
                  : students.course(
                      models.answers(i, population),
                      Asked.model(shadows.get(i), target.info(), suspects),
                      own);
            });
    double[] odds = odds(courses, models, suspects.rows(), run);
    return suspects.scores(Map.of("trajectory", odds), List.of(models.note()));
  }

  /** What a classifier of the shadows' courses says of the last one, which is the target's. */
  private static double[] odds(
      List<double[]> courses, ReferenceModels models, int people, Run run) {
    int shadows = courses.size() - 1;
    int[] together = new int[people];
    ShadowClassifier classifier =
        ShadowClassifier.fit(
            courses.subList(0, shadows), together, models, run.keyed("classifier of courses"));
    return classifier.odds(new Table(courses.get(shadows), together));
  }
}
