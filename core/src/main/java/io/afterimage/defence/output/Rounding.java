package io.afterimage.defence.output;

import static io.afterimage.base.Checks.inRange;

import com.google.auto.service.AutoService;
import io.afterimage.defence.DefenceOption;
import io.afterimage.defence.OutputDefence;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import java.util.random.RandomGenerator;

/**
 * Rounds every probability, or a regressor's value, to the nearest number of so many digits after
 * the point; halves go to the even digit. The most probable class can come to share its place with
 * others, never lose it.
 *
 * <p>Fredrikson, Jha, Ristenpart: Model Inversion Attacks that Exploit Confidence Information and
 * Basic Countermeasures, CCS 2015, section 6.
 *
 * @param digits after the point, 0 to 15
 */
public record Rounding(int digits) implements OutputDefence {
  public Rounding {
    inRange("--defend round:%d: digits".formatted(digits), digits, 0, 15);
  }

  @Override
  public String name() {
    return "round:" + digits;
  }

  @Override
  public Predictions apply(Predictions answers, RandomGenerator random) {
    double scale = Math.pow(10, digits);
    return answers.map(value -> round(value, scale));
  }

  private static double round(double value, double scale) {
    double scaled = value * scale;
    // From 2^52 on, doubles lie at least one unit of the last digit apart: nothing to round.
    return Math.abs(scaled) >= 0x1p52 ? value : Math.rint(scaled) / scale + 0.0;
  }

  @Override
  public Answers answers(Answers before) {
    return before.rounded(digits);
  }

  /** {@code round:2}. */
  @AutoService(OutputDefence.Factory.class)
  public static final class Factory implements OutputDefence.Factory {
    @Override
    public String usage() {
      return "round:DIGITS";
    }

    @Override
    public String example() {
      return "round:2";
    }

    @Override
    public String help() {
      return "rounds probabilities, or a regressor's value, to 0 to 15 digits after the point";
    }

    @Override
    public OutputDefence of(DefenceOption typed) {
      return new Rounding(typed.whole("digits"));
    }
  }
}
