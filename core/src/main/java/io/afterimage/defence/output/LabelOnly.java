package io.afterimage.defence.output;

import com.google.auto.service.AutoService;
import io.afterimage.base.Access;
import io.afterimage.defence.DefenceOption;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * Names the most probable class alone: 1 in its column, 0 elsewhere; of equals the first. Not for
 * regressors.
 *
 * <p>Shokri, Stronati, Song, Shmatikov: Membership Inference Attacks Against Machine Learning
 * Models, S&amp;P 2017, section VIII (its top class alone).
 */
public record LabelOnly() implements OutputDefence {
  @Override
  public String name() {
    return "label-only";
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    double[] labels = new double[answers.values().length];
    for (int row = 0; row < answers.rows(); row++) {
      labels[row * answers.columns() + answers.label(row)] = 1;
    }
    return new Predictions(labels, answers.columns(), Meaning.LABEL);
  }

  /** One class, no digits; noise that was added before can still turn the label. */
  @Override
  public Answers answers(Answers before) {
    return before.rounded(0).cutTo(1);
  }

  @Override
  public Access access() {
    return Access.LABEL;
  }

  @Override
  public boolean needsClasses() {
    return true;
  }

  /** {@code label-only}. */
  @AutoService(OutputDefence.Factory.class)
  public static final class Factory implements OutputDefence.Factory {
    @Override
    public String usage() {
      return "label-only";
    }

    @Override
    public String example() {
      return "label-only";
    }

    @Override
    public String help() {
      return "names the most probable class alone; classifiers only";
    }

    @Override
    public OutputDefence of(DefenceOption typed) {
      typed.none();
      return new LabelOnly();
    }
  }
}
