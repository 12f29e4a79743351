package io.afterimage.defence.output;

import com.google.auto.service.AutoService;
import io.afterimage.defence.DefenceOption;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * Adds independent Gaussian noise to every probability, clipped to [0, 1], or to a regressor's
 * value. Every answer draws afresh, so that averaging n answers to one question shrinks the noise
 * by the root of n. This is no differential privacy: answers have no bounded sensitivity.
 *
 * @param sigma standard deviation, in units of the answers, 1e-6 to 1e6
 */
public record GaussianNoise(double sigma) implements OutputDefence {
  public GaussianNoise {
    Noise.scale("gaussian:" + sigma, "sigma", sigma);
  }

  @Override
  public String name() {
    return "gaussian:" + sigma;
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    return Noise.added(answers, () -> sigma * random.nextGaussian());
  }

  @Override
  public Answers answers(Answers before) {
    return Noise.answers(before, name(), Answers.Noise.GAUSSIAN, sigma);
  }

  /** {@code gaussian:0.05}. */
  @AutoService(OutputDefence.Factory.class)
  public static final class Factory implements OutputDefence.Factory {
    @Override
    public String usage() {
      return "gaussian:SIGMA";
    }

    @Override
    public String example() {
      return "gaussian:0.05";
    }

    @Override
    public String help() {
      return "adds Gaussian noise of this standard deviation to every probability or value";
    }

    @Override
    public OutputDefence of(DefenceOption typed) {
      return new GaussianNoise(typed.number("sigma"));
    }
  }
}
