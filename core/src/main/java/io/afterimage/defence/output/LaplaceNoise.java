package io.afterimage.defence.output;

import com.google.auto.service.AutoService;
import io.afterimage.defence.DefenceOption;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * Adds independent Laplace noise to every probability, clipped to [0, 1], or to a regressor's
 * value. Every answer draws afresh, so that averaging n answers to one question shrinks the noise
 * by the root of n. This is no differential privacy: answers have no bounded sensitivity.
 *
 * <p>Drawn as an exponential with a random sign, without the logarithm of 0 that inverting the
 * distribution function risks.
 *
 * @param b scale, in units of the answers, 1e-6 to 1e6; the standard deviation is b√2
 */
public record LaplaceNoise(double b) implements OutputDefence {
  public LaplaceNoise {
    Noise.scale("laplace:" + b, "b", b);
  }

  @Override
  public String name() {
    return "laplace:" + b;
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    return Noise.added(answers, () -> (random.nextBoolean() ? b : -b) * random.nextExponential());
  }

  @Override
  public Answers answers(Answers before) {
    return Noise.answers(before, name(), Answers.Noise.LAPLACE, b);
  }

  /** {@code laplace:0.05}. */
  @AutoService(OutputDefence.Factory.class)
  public static final class Factory implements OutputDefence.Factory {
    @Override
    public String usage() {
      return "laplace:B";
    }

    @Override
    public String example() {
      return "laplace:0.05";
    }

    @Override
    public String help() {
      return "adds Laplace noise of this scale to every probability or value";
    }

    @Override
    public OutputDefence of(DefenceOption typed) {
      return new LaplaceNoise(typed.number("b"));
    }
  }
}
