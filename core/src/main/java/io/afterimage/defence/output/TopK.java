package io.afterimage.defence.output;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.defence.DefenceOption;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.Comparator;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Keeps the probabilities of the k most probable classes and sets the rest to 0; of equals at the
 * edge the first columns stay. Not for regressors. With k at or above the number of classes it
 * changes nothing.
 *
 * <p>Shokri, Stronati, Song, Shmatikov: Membership Inference Attacks Against Machine Learning
 * Models, S&amp;P 2017, section VIII.
 *
 * @param k classes kept, 1 to 1,000,000
 */
public record TopK(int k) implements OutputDefence {
  public TopK {
    inRange("--defend top-k:%d: k".formatted(k), k, 1, 1_000_000);
  }

  @Override
  public String name() {
    return "top-k:" + k;
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    double[] kept = new double[answers.values().length];
    for (int row = 0; row < answers.rows(); row++) {
      int start = row * answers.columns();
      IntStream.range(start, start + answers.columns())
          .boxed()
          .sorted(Comparator.comparingDouble(i -> -answers.values()[i]))
          .limit(k)
          .forEach(i -> kept[i] = answers.values()[i]);
    }
    return new Predictions(kept, answers.columns(), answers.meaning());
  }

  @Override
  public Answers answers(Answers before) {
    return before.cutTo(k);
  }

  @Override
  public boolean needsClasses() {
    return true;
  }

  /** {@code top-k:3}. */
  @AutoService(OutputDefence.Factory.class)
  public static final class Factory implements OutputDefence.Factory {
    @Override
    public String usage() {
      return "top-k:K";
    }

    @Override
    public String example() {
      return "top-k:3";
    }

    @Override
    public String help() {
      return "keeps the K most probable classes and sets the rest to 0; classifiers only";
    }

    @Override
    public OutputDefence of(DefenceOption typed) {
      return new TopK(typed.whole("k"));
    }
  }
}
