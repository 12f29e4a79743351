package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Normalisation layers. */
final class Normalisation {
  static final float EPSILON = 1e-5f;
  private static final long MAX_WINDOW = 1L << 16;

  private Normalisation() {}

  static void register() {
    Operators.many("BatchNormalization", Normalisation::batch);
    Operators.one("InstanceNormalization", Normalisation::instance);
    Operators.many("LayerNormalization", Normalisation::layer);
    Operators.one("GroupNormalization", Normalisation::group);
    Operators.one("RMSNormalization", Normalisation::rootMeanSquare);
    Operators.one("LRN", Normalisation::localResponse);
    Operators.one("LpNormalization", Normalisation::byNorm);
    Operators.one("MeanVarianceNormalization", Normalisation::meanVariance);
  }

  private static double epsilon(Call c) {
    return c.attributes().number("epsilon", EPSILON);
  }

  private static List<Value> batch(Call c) {
    if (c.training().isPresent()) {
      double share = 1 - c.attributes().number("momentum", 0.9);
      return List.of(
          Value.of(
              Nn.batchNormInTraining(c.x(0), c.x(1), c.x(2), c.x(3), c.x(4), share, epsilon(c))));
    }
    if (isForTraining(c)) {
      return byBatch(c);
    }
    return List.of(Value.of(byGiven(c)));
  }

  private static Tensor byGiven(Call c) {
    Tensor x = c.x(0);
    Tensor mean = c.x(3);
    Tensor variance = c.x(4);
    if (!c.attributes().flag("spatial", true)) {
      return scaled(c, x, mean, variance, mean.shape());
    }
    if (mean.requiresGrad() || variance.requiresGrad()) {
      // libtorch's own function refuses statistics through which gradients flow.
      long[] shape = new long[x.rank() - 1];
      Arrays.fill(shape, 1);
      shape[0] = mean.count();
      return scaled(c, x, mean.reshape(shape), variance.reshape(shape), shape);
    }
    return Nn.batchNorm(x, c.x(1), c.x(2), mean, variance, epsilon(c));
  }

  /** Since version 14 an attribute says so; before, that more than one output is asked for. */
  private static boolean isForTraining(Call c) {
    boolean more = c.node().outputs().size() > 1;
    if (c.opset() < 7) {
      return more && !c.attributes().flag("is_test", false);
    }
    return c.opset() < 14 ? more : c.attributes().flag("training_mode", false);
  }

  /** By the batch's own statistics, which move the running ones. */
  private static List<Value> byBatch(Call c) {
    Tensor x = c.x(0);
    double kept = c.attributes().number("momentum", 0.9f);
    boolean spatial = c.attributes().flag("spatial", true);
    long[] axes =
        LongStream.range(0, x.rank()).filter(a -> a == 0 || (spatial && a != 1)).toArray();
    Tensor mean = x.mean(true, axes);
    Tensor variance = Maths.variance(x, true, axes);
    Tensor y = scaled(c, x, mean, variance, Arrays.copyOfRange(mean.shape(), 1, x.rank()));
    Tensor ownMean = mean.reshape(c.x(3).shape());
    Tensor ownVariance = variance.reshape(c.x(4).shape());
    return List.of(
        Value.of(y),
        Value.of(c.x(3).mul(kept).add(ownMean, 1 - kept)),
        Value.of(c.x(4).mul(kept).add(ownVariance, 1 - kept)),
        Value.of(ownMean),
        Value.of(ownVariance));
  }

  /** (x - mean) / deviation, scaled and shifted; scale and shift take the shape given. */
  private static Tensor scaled(Call c, Tensor x, Tensor mean, Tensor variance, long[] shape) {
    Tensor centred = x.sub(mean).mul(Maths.rsqrt(variance.add(epsilon(c))));
    return centred.mul(c.x(1).reshape(shape)).add(c.x(2).reshape(shape));
  }

  private static Tensor instance(Call c) {
    return Nn.groupNorm(c.x(0), c.x(0).size(1), c.x(1), c.x(2), epsilon(c));
  }

  /** The normalised values, their mean and 1 / deviation. */
  private static List<Value> layer(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
    long[] extents = Arrays.copyOfRange(x.shape(), axis, x.rank());
    Tensor scaled = Nn.layerNorm(x, extents, null, null, epsilon(c)).mul(c.x(1));
    Tensor y = c.has(2) ? scaled.add(c.x(2)) : scaled;
    if (c.node().outputs().size() == 1) {
      return List.of(Value.of(y));
    }
    long[] axes = LongStream.range(axis, x.rank()).toArray();
    Tensor precise = precise(x);
    Tensor variance = Maths.variance(precise, true, axes);
    return List.of(
        Value.of(y),
        Value.of(precise.mean(true, axes)),
        Value.of(Maths.rsqrt(variance.add(epsilon(c)))));
  }

  /** Statistics of short types are taken in single precision, as stash_type says. */
  private static Tensor precise(Tensor x) {
    return x.dtype() == DType.HALF || x.dtype() == DType.BFLOAT16 ? x.to(DType.FLOAT) : x;
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
    Tensor x = precise(c.x(0));
    int axis = c.axis(c.attributes().integer("axis", -1), x.rank());
    long[] axes = LongStream.range(axis, x.rank()).toArray();
    Tensor divided = x.mul(Maths.rsqrt(x.square().mean(true, axes).add(epsilon(c))));
    return divided.to(c.x(0).dtype()).mul(c.x(1));
  }

  private static Tensor localResponse(Call c) {
    Tensor x = c.x(0);
    long size = c.attributes().integer("size", 1);
    if (size < 1 || size > MAX_WINDOW) {
      throw c.error("sums over %d channels; allowed are 1 to %d".formatted(size, MAX_WINDOW));
    }
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
    // Of a constant channel the gradient would be no number.
    Tensor deviation = Maths.root(centred.square().mean(true, axes), 2);
    return centred.div(deviation.add(1e-9));
  }
}
