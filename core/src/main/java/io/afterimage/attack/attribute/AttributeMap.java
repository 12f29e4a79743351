package io.afterimage.attack.attribute;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Setting;
import io.afterimage.attack.common.Asker;
import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.Access;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.Family;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.evidence.People;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Guesses a person's sensitive attribute: the value v under which the model's answer fits best what
 * is known of the person's response y, weighed by how common v is,
 *
 * <pre>argmax over v of P(v) · P(y | f(x, v)).</pre>
 *
 * <p>Fredrikson, Lantz, Jha, Lin, Page, Ristenpart: Privacy in Pharmacogenetics: An End-to-End Case
 * Study of Personalized Warfarin Dosing, USENIX Security 2014, figure 2, with all other attributes
 * known, where their marginals cancel. The error of a regressor is normal, that of a classifier its
 * confusion matrix.
 *
 * <p>The split names one sensitive column. Its true values reach the attack in no other way than
 * this: the population, which is public, keeps them, and gives both the shares of the values and
 * the model's error. Without a population the adversary is told how often each value occurs among
 * the members, not whose it is, and estimates the model's error from the members' responses by
 * maximum likelihood. So whoever exchanges the members' values after training changes no guess.
 *
 * <p>Asks one question for each person and value. Where the query budget is short of that, it asks
 * about an equal share of members and non-members, drawn by record id, and the evidence is about
 * them alone.
 */
@AutoService(Attack.class)
@SuppressWarnings("rawtypes") // a service is named without its type arguments
public final class AttributeMap
    implements Attack<AttributeMap.Settings, LabelTarget, AttributeGuesses> {
  private static final int PAIRS_AT_ONCE = 1 << 16;

  /** What the adversary knows of each person's response. */
  public enum Knowledge {
    /** What really came of it: the label. */
    TRUE_RESPONSE,
    /** What the model answered about the person's true record. */
    MODEL_ANSWER
  }

  /** How a classifier's confusion matrix is read. */
  public enum Confusion {
    /** P(true y | answer ŷ). */
    TRUE_GIVEN_ANSWER,
    /** P(answer ŷ | true y). */
    ANSWER_GIVEN_TRUE
  }

  /**
   * The settings.
   *
   * @param knowledge what the adversary knows of each person's response
   * @param confusion how a classifier's confusion matrix is read
   * @param repeats how often each question is asked
   */
  public record Settings(
      @Setting("the response that the adversary knows of each person") Knowledge knowledge,
      @Setting("how a classifier's error is read: P(true y | answer) or P(answer | true y)")
          Confusion confusion,
      @Setting("answers averaged for each question; " + Asker.USUAL_REPEATS) OptionalInt repeats) {
    public Settings {
      inRange("--repeats", repeats.orElse(1), 1, 1_000_000);
    }
  }

  @Override
  public Optional<String> refusal(Split split) {
    Dataset known = split.reference();
    return known.schema().names(Role.SENSITIVE).stream()
        .flatMap(column -> Candidates.refusal(known.column(column)).stream())
        .findFirst();
  }

  @Override
  public AttackInfo info() {
    return new AttackInfo(
        "attribute-map",
        "guesses a sensitive attribute as the value under which the model fits a person best",
        "Fredrikson et al., USENIX Security 2014",
        Family.ATTRIBUTE,
        Access.LABEL,
        "each person's other attributes and response, and how common each value is",
        true,
        "someone who knows the rest of a person's record learns the sensitive attribute");
  }

  @Override
  public Settings defaults() {
    return new Settings(Knowledge.TRUE_RESPONSE, Confusion.TRUE_GIVEN_ANSWER, OptionalInt.empty());
  }

  @Override
  public Settings small() {
    return defaults();
  }

  @Override
  public Class<LabelTarget> target() {
    return LabelTarget.class;
  }

  @Override
  public AttributeGuesses run(LabelTarget target, Split split, Settings settings, Run run) {
    TargetInfo info = target.info();
    check(
        info.task() == Task.CLASSIFICATION || Asker.showsScores(target),
        "attribute-map needs the values of the regressor %s, which shows none",
        info.name());
    Asker single = new Asker(target, 1, run);
    boolean told = settings.knowledge() == Knowledge.MODEL_ANSWER;
    Split known = Victims.blinded(told ? Victims.answered(single, split) : split);
    Plan plan = Plan.of(target, known, run);
    Asker asker = Asker.of(target, settings.repeats(), plan.questions(), run);
    ErrorModel.Fit fit = fit(info, settings.confusion());
    Asked members = ask(asker, plan.candidates(), known.members(), plan.members());
    Asked others = ask(asker, plan.candidates(), known.nonMembers(), plan.nonMembers());
    ErrorModel error =
        plan.linked()
            ? measured(asker, fit, known.reference().select(plan.reference()))
            : members.error(fit);
    return new AttributeGuesses(
        plan.candidates().column().name(),
        plan.candidates().texts(),
        plan.knowledge(told),
        told,
        guesses(split.members(), members, error, plan.candidates()),
        guesses(split.nonMembers(), others, error, plan.candidates()));
  }

  private static ErrorModel.Fit fit(TargetInfo target, Confusion confusion) {
    if (target.task() == Task.REGRESSION) {
      return ErrorModel::gaussian;
    }
    int classes = target.classes().size();
    return switch (confusion) {
      case TRUE_GIVEN_ANSWER -> ErrorModel.trueGivenAnswer(classes);
      case ANSWER_GIVEN_TRUE -> ErrorModel.answerGivenTrue(classes);
    };
  }

  private static Asked ask(Asker asker, Candidates candidates, Dataset rows, int[] people) {
    int values = candidates.present().length;
    double[] answers = new double[people.length * values];
    int atOnce = Math.max(1, PAIRS_AT_ONCE / values);
    for (int start = 0; start < people.length; start += atOnce) {
      int end = Math.min(people.length, start + atOnce);
      Dataset some = rows.select(Arrays.copyOfRange(people, start, end));
      double[] part = answers(asker, candidates.tried(some));
      System.arraycopy(part, 0, answers, start * values, part.length);
      asker.run().progress("attribute-map " + rows.name(), end, people.length);
    }
    double[] responses = responses(asker.target().info(), rows.select(people));
    return new Asked(people, responses, answers, candidates.logShares());
  }

  private static double[] answers(Asker asker, Dataset rows) {
    if (rows.rows() == 0) {
      return new double[0]; // the budget sufficed for none
    }
    Predictions answers = asker.ask(rows);
    return asker.target().info().task() == Task.REGRESSION
        ? answers.values()
        : IntStream.range(0, answers.rows()).mapToDouble(answers::label).toArray();
  }

  private static double[] responses(TargetInfo target, Dataset rows) {
    return target.task() == Task.REGRESSION
        ? TrueLabels.values(rows)
        : Arrays.stream(TrueLabels.classes(rows, target)).asDoubleStream().toArray();
  }

  /** The model's error on people whose values are known. */
  private static ErrorModel measured(Asker asker, ErrorModel.Fit fit, Dataset reference) {
    double[] equal = new double[reference.rows()];
    Arrays.fill(equal, 1);
    return fit.of(responses(asker.target().info(), reference), answers(asker, reference), equal);
  }

  /** Of everyone asked about, and of nobody else. */
  private static Guesses guesses(
      Dataset rows, Asked asked, ErrorModel error, Candidates candidates) {
    int[] guesses = new int[asked.people().length];
    Arrays.setAll(guesses, person -> guess(asked.logPosterior(error, person), candidates));
    return Guesses.of(People.of(rows.select(asked.people())), guesses);
  }

  /** The likeliest value; the most common one where others are as likely. */
  private static int guess(double[] log, Candidates candidates) {
    int[] present = candidates.present();
    int guess = candidates.mode();
    double greatest = log[Arrays.binarySearch(present, guess)];
    for (int v = 0; v < log.length; v++) {
      if (log[v] > greatest) {
        greatest = log[v];
        guess = present[v];
      }
    }
    return guess;
  }
}
