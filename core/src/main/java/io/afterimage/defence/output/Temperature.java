package io.afterimage.defence.output;

import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.defence.DefenceOption;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * Divides the logits by a temperature before softmax, that is raises every probability to the power
 * of 1/t and divides the row by its sum. Above 1 the answers come closer to each other. A
 * probability of 0 stays 0. Not for regressors.
 *
 * <p>Shokri, Stronati, Song, Shmatikov: Membership Inference Attacks Against Machine Learning
 * Models, S&amp;P 2017, section VIII ("increase entropy").
 *
 * @param t the temperature, 0.01 to 1000
 */
public record Temperature(double t) implements OutputDefence {
  public Temperature {
    inRange("--defend temperature:%s: t".formatted(t), t, 0.01, 1000);
  }

  @Override
  public String name() {
    return "temperature:" + t;
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    double[] logits = new double[answers.values().length];
    for (int i = 0; i < logits.length; i++) {
      logits[i] = Math.log(answers.values()[i]) / t;
    }
    return new Predictions(logits, answers.columns(), Meaning.LOGITS).probabilities();
  }

  @Override
  public Answers answers(Answers before) {
    check(
        !before.noisy() && !before.truncated(),
        "--defend %s: temperature must come before noise, rounding, top-k and label-only",
        name());
    return before.tempered(t);
  }

  @Override
  public boolean needsClasses() {
    return true;
  }

  /** {@code temperature:2}. */
  @AutoService(OutputDefence.Factory.class)
  public static final class Factory implements OutputDefence.Factory {
    @Override
    public String usage() {
      return "temperature:T";
    }

    @Override
    public String example() {
      return "temperature:2";
    }

    @Override
    public String help() {
      return "divides the logits by T before softmax; classifiers only";
    }

    @Override
    public OutputDefence of(DefenceOption typed) {
      return new Temperature(typed.number("t"));
    }
  }
}
