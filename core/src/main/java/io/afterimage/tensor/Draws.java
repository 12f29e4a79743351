package io.afterimage.tensor;

import org.bytedeco.pytorch.Generator;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Random tensors from a generator of its own: the same seed gives the same draws, whatever else the
 * process draws. Not safe for use by several threads at once.
 */
public final class Draws implements AutoCloseable {
  private final Generator generator;
  private final GeneratorOptional argument;

  /** A fresh generator. */
  public Draws(long seed) {
    Natives.load();
    generator = torch.make_generator_cpu(seed);
    argument = new GeneratorOptional(generator);
  }

  /** FLOAT draws from the Gaussian of mean 0 and standard deviation 1. */
  public Tensor normal(long... shape) {
    return normal(DType.FLOAT, 0, 1, shape);
  }

  /** Draws from the Gaussian. */
  public Tensor normal(DType type, double mean, double deviation, long... shape) {
    Tensor result = Tensors.zeros(type, shape);
    result.raw().normal_(mean, deviation, argument);
    return result;
  }

  /** FLOAT draws, uniform in [low, high). */
  public Tensor uniform(double low, double high, long... shape) {
    return uniform(DType.FLOAT, low, high, shape);
  }

  /** Draws, uniform in [low, high). */
  public Tensor uniform(DType type, double low, double high, long... shape) {
    Tensor result = Tensors.zeros(type, shape);
    result.raw().uniform_(low, high, argument);
    return result;
  }

  /** FLOAT draws: 1 with the given probability, else 0. */
  public Tensor bernoulli(double probability, long... shape) {
    Tensor result = Tensors.zeros(shape);
    result.raw().bernoulli_(probability, argument);
    return result;
  }

  /** The whole numbers from 0 to count - 1 in random order: LONG. */
  public Tensor permutation(long count) {
    TensorScope.current();
    return Tensor.of(torch.randperm(count, argument, DType.LONG.options()));
  }

  @Override
  public void close() {
    argument.close();
    generator.close();
  }
}
