package io.afterimage.graph.ops;

import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Normalisation layers, at inference. */
final class Normalisation {
  private static final float EPSILON = 1e-5f;

  private Normalisation() {}

  static void register() {
    Operators.one("BatchNormalization", Normalisation::batch);
    Operators.one("InstanceNormalization", Normalisation::instance);
    Operators.one("LayerNormalization", Normalisation::layer);
    Operators.one("GroupNormalization", Normalisation::group);
    Operators.one("RMSNormalization", Normalisation::rootMeanSquare);
    Operators.one("LRN", Normalisation::localResponse);
    Operators.one("LpNormalization", Normalisation::byNorm);
    Operators.one("MeanVarianceNormalization", Normalisation::meanVariance);
  }

  private static double epsilon(Call c) {
    return c.attributes().number("epsilon", EPSILON);
  }

  private static Tensor batch(Call c) {
    if (c.attributes().flag("training_mode", false) || !c.attributes().flag("spatial", true)) {
      throw c.error("is exported for training; export the model for inference");
    }
    if (c.training().isPresent()) {
      double share = 1 - c.attributes().number("momentum", 0.9);
      return Nn.batchNormInTraining(c.x(0), c.x(1), c.x(2), c.x(3), c.x(4), share, epsilon(c));
    }
    return Nn.batchNorm(c.x(0), c.x(1), c.x(2), c.x(3), c.x(4), epsilon(c));
  }

  private static Tensor instance(Call c) {
    return Nn.groupNorm(c.x(0), c.x(0).size(1), c.x(1), c.x(2), epsilon(c));
  }

  private static Tensor layer(Call c) {
    if (c.node().outputs().size() > 1) {
      throw c.error("is asked for mean and deviation, which is not supported");
    }
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
    long[] extents = Arrays.copyOfRange(x.shape(), axis, x.rank());
    Tensor scaled = Nn.layerNorm(x, extents, null, null, epsilon(c)).mul(c.x(1));
    return c.has(2) ? scaled.add(c.x(2)) : scaled;
  }

  /** Before version 21 scale and bias were given a group, since then a channel. */
  private static Tensor group(Call c) {
    Tensor x = c.x(0);
    long groups = c.attributes().integer("num_groups", 1);
    long each = x.size(1) / groups;
    Tensor scale = c.x(1);
    Tensor shift = c.x(2);
    if (c.opset() < 21) {
      scale = Indexing.repeatEach(scale, 0, each);
      shift = Indexing.repeatEach(shift, 0, each);
    }
    return Nn.groupNorm(x, groups, scale, shift, epsilon(c));
  }

  private static Tensor rootMeanSquare(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
    long[] axes = LongStream.range(axis, x.rank()).toArray();
    return x.mul(Maths.rsqrt(x.square().mean(true, axes).add(epsilon(c)))).mul(c.x(1));
  }

  private static Tensor localResponse(Call c) {
    Tensor x = c.x(0);
    long size = c.attributes().integer("size", 1);
    double alpha = c.attributes().number("alpha", 0.0001f);
    double beta = c.attributes().number("beta", 0.75);
    double bias = c.attributes().number("bias", 1);
    long[] counts = new long[2 * (x.rank() - 1)];
    counts[counts.length - 2] = (size - 1) / 2;
    counts[counts.length - 1] = size / 2;
    Tensor squares = Indexing.pad(x.square(), 0, counts);
    Tensor sum = squares.narrow(1, 0, x.size(1));
    for (long i = 1; i < size; i++) {
      sum = sum.add(squares.narrow(1, i, x.size(1)));
    }
    return x.div(sum.mul(alpha / size).add(bias).pow(beta));
  }

  private static Tensor byNorm(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
    Tensor norm = Maths.norm(x, (double) c.attributes().integer("p", 2), true, axis);
    return x.div(norm.where(norm.gt(0), norm.add(1)));
  }

  private static Tensor meanVariance(Call c) {
    Tensor x = c.x(0);
    long[] axes = c.attributes().integers("axes").orElse(new long[] {0, 2, 3});
    Tensor centred = x.sub(x.mean(true, axes));
    return centred.div(centred.square().mean(true, axes).sqrt().add(1e-9));
  }
}
