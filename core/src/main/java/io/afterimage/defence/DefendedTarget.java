package io.afterimage.defence;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * A target behind an output defence. Its answers are probabilities, labels or values, never logits;
 * a white box cannot be had of it.
 *
 * <p>Noise is drawn for each row from (seed, defence, record id, how often this id was asked
 * before): asking again gives fresh noise, a replay gives the same, and neither the order of rows
 * nor that of threads matters, as long as one record is asked by one thread at a time.
 */
public final class DefendedTarget implements ScoreTarget {
  private final ScoreTarget target;
  private final OutputDefence defence;
  private final Answers answers;
  private final Run run;
  private final Map<String, Long> asked = new ConcurrentHashMap<>();

  /** Puts the defence before the target; a BadInputException where it cannot defend it. */
  public DefendedTarget(ScoreTarget target, OutputDefence defence, Run run) {
    refusal(defence, target.info())
        .ifPresent(
            reason -> {
              throw new BadInputException(reason);
            });
    this.target = target;
    this.defence = defence;
    this.answers = defence.answers(target.answers());
    this.run = run.keyed("defence/" + defence.name());
  }

  /** Why this defence cannot be put before this target; empty where it can. */
  public static Optional<String> refusal(OutputDefence defence, TargetInfo target) {
    if (target.access() == Access.LABEL) {
      return Optional.of(refused(defence, target, "gives labels alone already"));
    }
    if (target.task() == Task.REGRESSION && defence.needsClasses()) {
      return Optional.of(refused(defence, target, "is a regressor, which has no classes"));
    }
    return Optional.empty();
  }

  private static String refused(OutputDefence defence, TargetInfo target, String why) {
    return "--defend %s: %s %s".formatted(defence.name(), target.name(), why);
  }

  @Override
  public TargetInfo info() {
    TargetInfo info = target.info();
    Access access = info.access().least(defence.access());
    return new TargetInfo(
        info.name(),
        info.task(),
        info.classes(),
        meaning(info.task(), access),
        access,
        info.arrayInput());
  }

  private static Meaning meaning(Task task, Access access) {
    if (access == Access.LABEL) {
      return Meaning.LABEL;
    }
    return task == Task.REGRESSION ? Meaning.VALUE : Meaning.PROBABILITIES;
  }

  @Override
  public Answers answers() {
    return answers;
  }

  @Override
  public Predictions scores(Dataset rows) {
    Predictions exact = target.scores(rows).probabilities();
    if (!answers.noisy()) {
      return defence.apply(exact, run.random("no noise"));
    }
    double[] values = new double[exact.values().length];
    for (int row = 0; row < exact.rows(); row++) {
      Predictions one = new Predictions(exact.row(row), exact.columns(), exact.meaning());
      double[] seen = defence.apply(one, generator(rows.id(row))).values();
      System.arraycopy(seen, 0, values, row * exact.columns(), exact.columns());
    }
    return new Predictions(values, exact.columns(), info().meaning());
  }

  private RandomGenerator generator(String id) {
    long before = asked.merge(id, 1L, Long::sum) - 1;
    return run.random(id + "/" + before);
  }

  @Override
  public Optional<OnnxModel> architecture() {
    return target.architecture();
  }

  @Override
  public OptionalLong queriesLeft() {
    return target.queriesLeft();
  }

  @Override
  public void close() {
    target.close();
  }
}
