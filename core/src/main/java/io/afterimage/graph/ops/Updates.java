package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of optimisers, of ai.onnx.preview.training. The inputs are the learning rate, the count of
 * steps so far, then all parameters, all their gradients, and all of each state that the optimiser
 * keeps; the outputs are the new parameters and then the new states in the same order.
 */
final class Updates {
  private static final String DOMAIN = "ai.onnx.preview.training";
  private static final int FIRST = 2;

  private Updates() {}

  /** One step of one parameter: its new value, then its new states. */
  @FunctionalInterface
  private interface Step {
    List<Tensor> of(Call c, Tensor x, Tensor gradient, List<Tensor> states);
  }

  static void register() {
    register("Adagrad", 1, Updates::adagrad);
    register("Adam", 2, Updates::adam);
    register("Momentum", 1, Updates::momentum);
  }

  private static void register(String type, int states, Step step) {
    Operators.in(DOMAIN, type, c -> run(c, states, step));
  }

  private static List<Value> run(Call c, int states, Step step) {
    int kinds = 2 + states;
    int count = (c.inputs() - FIRST) / kinds;
    if (count == 0 || c.inputs() != FIRST + kinds * count) {
      throw c.error("is given %d inputs, not 2 and %d for each".formatted(c.inputs(), kinds));
    }
    List<List<Tensor>> stepped = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Tensor> kept = new ArrayList<>();
      for (int state = 0; state < states; state++) {
        kept.add(c.x(FIRST + (2 + state) * count + i));
      }
      Tensor x = c.x(FIRST + i);
      Tensor gradient = c.x(FIRST + count + i).add(x, number(c, "norm_coefficient", 0));
      stepped.add(step.of(c, x, gradient, kept));
    }
    List<Value> outputs = new ArrayList<>();
    for (int kind = 0; kind <= states; kind++) {
      for (List<Tensor> one : stepped) {
        outputs.add(Value.of(one.get(kind)));
      }
    }
    return outputs;
  }

  private static double number(Call c, String attribute, double otherwise) {
    return c.attributes().number(attribute, otherwise);
  }

  private static List<Tensor> adagrad(Call c, Tensor x, Tensor gradient, List<Tensor> states) {
    double rate = c.x(0).item() / (1 + c.x(1).item() * number(c, "decay_factor", 0));
    Tensor squares = states.get(0).add(gradient.square());
    Tensor scale = squares.sqrt().add(number(c, "epsilon", 1e-6f));
    return List.of(x.add(gradient.div(scale), -rate), squares);
  }

  private static List<Tensor> adam(Call c, Tensor x, Tensor gradient, List<Tensor> states) {
    double alpha = number(c, "alpha", 0.9f);
    double beta = number(c, "beta", 0.999f);
    double steps = c.x(1).item();
    Tensor mean = states.get(0).mul(alpha).add(gradient, 1 - alpha);
    Tensor squares = states.get(1).mul(beta).add(gradient.square(), 1 - beta);
    double correction =
        steps > 0 ? Math.sqrt(1 - Math.pow(beta, steps)) / (1 - Math.pow(alpha, steps)) : 1;
    Tensor scale = squares.sqrt().add(number(c, "epsilon", 1e-6f));
    Tensor moved = x.add(mean.div(scale), -c.x(0).item() * correction);
    return List.of(moved.mul(1 - number(c, "norm_coefficient_post", 0)), mean, squares);
  }

  private static List<Tensor> momentum(Call c, Tensor x, Tensor gradient, List<Tensor> states) {
    double alpha = number(c, "alpha", 0);
    double beta = c.x(1).item() > 0 ? number(c, "beta", 0) : 1;
    Tensor momentum = states.get(0).mul(alpha).add(gradient, beta);
    String mode = c.attributes().text("mode", "");
    Tensor direction =
        switch (mode) {
          case "standard" -> momentum;
          case "nesterov" -> gradient.add(momentum, alpha);
          default -> throw c.error("has mode " + mode + "; known are standard and nesterov");
        };
    return List.of(x.add(direction, -c.x(0).item()), momentum);
  }
}
