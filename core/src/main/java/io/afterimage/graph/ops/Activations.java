package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;

/** Activations and softmax. */
final class Activations {
  private static final double SELU_ALPHA = 1.6732631921768188;
  private static final double SELU_GAMMA = 1.0507010221481323;

  private Activations() {}

  static void register() {
    Operators.one("Relu", c -> c.x(0).relu());
    Operators.one("Sigmoid", c -> c.x(0).sigmoid());
    Operators.one("Tanh", c -> c.x(0).tanh());
    Operators.one("Softplus", c -> Nn.softplus(c.x(0)));
    Operators.one("Softsign", c -> c.x(0).div(c.x(0).abs().add(1)));
    Operators.one("LeakyRelu", c -> Nn.leakyRelu(c.x(0), number(c, "alpha", 0.01f)));
    Operators.one("Elu", c -> Nn.elu(c.x(0), number(c, "alpha", 1), 1, 1));
    Operators.one(
        "Selu",
        c -> Nn.elu(c.x(0), number(c, "alpha", SELU_ALPHA), number(c, "gamma", SELU_GAMMA), 1));
    Operators.one("Celu", c -> Nn.elu(c.x(0), number(c, "alpha", 1), 1, 1 / number(c, "alpha", 1)));
    Operators.one("PRelu", Activations::prelu);
    Operators.one("HardSigmoid", c -> hardSigmoid(c, number(c, "alpha", 0.2f)));
    Operators.one("HardSwish", c -> c.x(0).mul(Maths.clamp(c.x(0).div(6).add(0.5), 0, 1)));
    Operators.one("ThresholdedRelu", c -> thresholded(c.x(0), number(c, "alpha", 1)));
    Operators.one("Shrink", Activations::shrink);
    Operators.one(
        "Gelu", c -> Nn.gelu(c.x(0), c.attributes().text("approximate", "none").equals("tanh")));
    Operators.one("Mish", c -> c.x(0).mul(Nn.softplus(c.x(0)).tanh()));
    Operators.one("Swish", c -> c.x(0).mul(c.x(0).mul(number(c, "alpha", 1)).sigmoid()));
    Operators.one("Softmax", c -> alongAxis(c, Tensor::softmax));
    Operators.one("LogSoftmax", c -> alongAxis(c, Tensor::logSoftmax));
    Operators.flat(
        "Hardmax", "it is constant between steps", c -> alongAxis(c, Activations::hardmax));
    Operators.many("Dropout", Activations::dropout);
  }

  private static double number(Call c, String attribute, double otherwise) {
    return c.attributes().number(attribute, otherwise);
  }

  private static Tensor prelu(Call c) {
    Tensor x = c.x(0);
    Tensor slope = c.x(1);
    // Before version 7 one slope a channel.
    if (c.opset() < 7 && slope.rank() == 1 && x.rank() > 2) {
      long[] shape = new long[x.rank() - 1];
      Arrays.fill(shape, 1);
      shape[0] = slope.size(0);
      slope = slope.reshape(shape);
    }
    return x.relu().sub(x.neg().relu().mul(slope));
  }

  private static Tensor hardSigmoid(Call c, double alpha) {
    return Maths.clamp(c.x(0).mul(alpha).add(number(c, "beta", 0.5)), 0, 1);
  }

  private static Tensor thresholded(Tensor x, double alpha) {
    return x.where(x.gt(alpha), Tensors.zerosLike(x));
  }

  private static Tensor shrink(Call c) {
    Tensor x = c.x(0);
    double lambda = number(c, "lambd", 0.5);
    double bias = number(c, "bias", 0);
    Tensor zero = Tensors.zerosLike(x);
    Tensor above = x.sub(bias).to(x.dtype()).where(x.gt(lambda), zero);
    return x.add(bias).to(x.dtype()).where(x.lt(-lambda), above);
  }

  /** Before version 13 the axes from the given one on were taken together. */
  private static Tensor alongAxis(Call c, BiFunction<Tensor, Integer, Tensor> function) {
    Tensor x = c.x(0);
    if (c.opset() >= 13) {
      return function.apply(x, c.axis(c.attributes().integer("axis", -1), x.rank()));
    }
    int axis = c.axis(c.attributes().integer("axis", 1), x.rank());
    return function.apply(x.flatten(axis), axis).reshape(x.shape());
  }

  /** Each element is 0 with the node's ratio, else as much greater as keeps its expectation. */
  private static Tensor dropped(Call c, Draws draws) {
    Tensor x = c.x(0);
    double kept = 1 - (c.has(1) ? c.x(1).item() : c.attributes().number("ratio", 0.5));
    Tensor mask = draws.bernoulli(kept, x.shape()).to(x.dtype());
    return kept > 0 ? x.mul(mask.div(kept)) : x.mul(mask);
  }

  private static Tensor hardmax(Tensor x, int axis) {
    return Indexing.scatter(
        Tensors.zerosLike(x),
        axis,
        x.argmax(axis, true),
        Tensors.ones(x.dtype(), x.argmax(axis, true).shape()));
  }

  /** At inference it changes nothing. */
  private static List<Value> dropout(Call c) {
    if (c.training().isPresent() && c.node().outputs().size() == 1) {
      return List.of(Value.of(dropped(c, c.training().get())));
    }
    boolean training = c.has(2) && c.x(2).item() != 0;
    if (training && c.optional(1).map(Tensor::item).orElse(0.5) != 0) {
      throw c.error("is set to training; export the model for inference");
    }
    List<Value> outputs = new ArrayList<>(List.of(Value.of(c.x(0))));
    if (c.node().outputs().size() > 1) {
      DType mask = c.opset() < 10 ? c.x(0).dtype() : DType.BOOL;
      outputs.add(Value.of(Tensors.ones(mask, c.x(0).shape())));
    }
    return outputs;
  }
}
