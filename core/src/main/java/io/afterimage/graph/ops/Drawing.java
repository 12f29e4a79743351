package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.function.Function;

/**
 * Random numbers.
 *
 * <p>The standard leaves open what is drawn; an audit must give the same twice. So a node draws the
 * same numbers whenever it runs: from its {@code seed}, or where it has none, from its name.
 */
final class Drawing {
  private static final String DRAWN = "its output is drawn at random";

  private Drawing() {}

  static void register() {
    drawn("RandomUniform", c -> uniform(c, shape(c), type(c, DType.FLOAT)));
    drawn("RandomNormal", c -> normal(c, shape(c), type(c, DType.FLOAT)));
    drawn("RandomUniformLike", c -> uniform(c, c.x(0).shape(), type(c, c.x(0).dtype())));
    drawn("RandomNormalLike", c -> normal(c, c.x(0).shape(), type(c, c.x(0).dtype())));
    drawn("Bernoulli", Drawing::bernoulli);
    drawn("Multinomial", Drawing::multinomial);
  }

  private static void drawn(String type, Function<Call, Tensor> function) {
    Operators.flat(type, DRAWN, function);
  }

  private static Draws draws(Call c) {
    return new Draws(
        c.attributes().has("seed")
            ? Float.floatToIntBits((float) c.attributes().number("seed", 0))
            : c.node().name().hashCode());
  }

  private static long[] shape(Call c) {
    return c.sized(c.attributes().integers("shape").orElseThrow(() -> c.error("has no shape")));
  }

  private static DType type(Call c, DType otherwise) {
    return ElementType.of((int) c.attributes().integer("dtype", 0))
        .flatMap(ElementType::dtype)
        .map(c::type)
        .orElse(c.type(otherwise));
  }

  private static Tensor uniform(Call c, long[] shape, DType type) {
    double low = c.attributes().number("low", 0);
    double high = c.attributes().number("high", 1);
    if (!(low <= high) || !Double.isFinite(high - low)) {
      throw c.error("draws between %s and %s".formatted(low, high));
    }
    try (Draws draws = draws(c)) {
      return draws.uniform(DType.DOUBLE, low, high, shape).to(type);
    }
  }

  private static Tensor normal(Call c, long[] shape, DType type) {
    double deviation = c.attributes().number("scale", 1);
    if (!(deviation >= 0)) {
      throw c.error("draws with standard deviation " + deviation);
    }
    try (Draws draws = draws(c)) {
      return draws
          .normal(DType.DOUBLE, c.attributes().number("mean", 0), deviation, shape)
          .to(type);
    }
  }

  private static Tensor bernoulli(Call c) {
    Tensor probability = c.x(0);
    try (Draws draws = draws(c)) {
      Tensor share = draws.uniform(DType.DOUBLE, 0, 1, probability.shape());
      return share.lt(probability.to(DType.DOUBLE)).to(type(c, probability.dtype()));
    }
  }

  /** [batch, classes] unnormalised log-probabilities to [batch, samples] classes. */
  private static Tensor multinomial(Call c) {
    Tensor logits = c.x(0);
    long samples = c.attributes().integer("sample_size", 1);
    if (logits.rank() != 2 || samples < 0) {
      throw c.error("draws %d samples of %s".formatted(samples, logits));
    }
    long[] shape = c.sized(logits.size(0), samples, logits.size(1));
    Tensor below = Maths.cumulativeSum(logits.to(DType.DOUBLE).softmax(1), 1).unsqueeze(1);
    try (Draws draws = draws(c)) {
      Tensor share = draws.uniform(DType.DOUBLE, 0, 1, shape[0], samples, 1);
      // How many classes end below the share drawn; rounding may leave the last sum below 1.
      Tensor drawn = below.le(share).to(DType.LONG).sum(false, 2);
      return Maths.minimum(drawn, Tensors.scalar(shape[2] - 1)).to(type(c, DType.INT));
    }
  }
}
