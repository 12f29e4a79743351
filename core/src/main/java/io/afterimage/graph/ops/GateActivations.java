package io.afterimage.graph.ops;

import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** The activations of recurrent layers, named by a node and given their settings in that order. */
final class GateActivations {
  private final Call call;
  private final float[] alphas;
  private final float[] betas;
  private int alpha;
  private int beta;

  private GateActivations(Call call) {
    this.call = call;
    alphas = call.attributes().numbers("activation_alpha").orElse(new float[0]);
    betas = call.attributes().numbers("activation_beta").orElse(new float[0]);
  }

  /**
   * The activations of all directions, one direction after the other, behind the clip if there is
   * one.
   *
   * @param usual those of one direction where the node names none
   */
  static List<UnaryOperator<Tensor>> of(Call c, List<String> usual, int directions) {
    List<String> names = new ArrayList<>();
    Collections.nCopies(directions, usual).forEach(names::addAll);
    List<String> given = c.attributes().texts("activations").orElse(names);
    if (given.size() != names.size()) {
      throw c.error("names %d activations, not %d".formatted(given.size(), names.size()));
    }
    GateActivations reader = new GateActivations(c);
    List<UnaryOperator<Tensor>> all = new ArrayList<>();
    for (String name : given) {
      all.add(clipped(c, reader.activation(name)));
    }
    return all;
  }

  private static UnaryOperator<Tensor> clipped(Call c, UnaryOperator<Tensor> function) {
    if (!c.attributes().has("clip")) {
      return function;
    }
    double clip = c.attributes().number("clip", 0);
    return x -> function.apply(Maths.clamp(x, -clip, clip));
  }

  private UnaryOperator<Tensor> activation(String name) {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "relu" -> Tensor::relu;
      case "tanh" -> Tensor::tanh;
      case "sigmoid" -> Tensor::sigmoid;
      case "softsign" -> x -> x.div(x.abs().add(1));
      case "softplus" -> Nn::softplus;
      case "affine" -> affine(alpha(1), beta(0));
      case "leakyrelu" -> leaky(alpha(0.01f));
      case "thresholdedrelu" -> thresholded(alpha(1));
      case "scaledtanh" -> scaledTanh(alpha(1), beta(1));
      case "hardsigmoid" -> hardSigmoid(alpha(0.2f), beta(0.5));
      case "elu" -> elu(alpha(1));
      default -> throw call.error("names an activation that is not of the standard: " + name);
    };
  }

  private double alpha(double otherwise) {
    return alpha < alphas.length ? alphas[alpha++] : otherwise;
  }

  private double beta(double otherwise) {
    return beta < betas.length ? betas[beta++] : otherwise;
  }

  private static UnaryOperator<Tensor> affine(double alpha, double beta) {
    return x -> x.mul(alpha).add(beta);
  }

  private static UnaryOperator<Tensor> leaky(double alpha) {
    return x -> Nn.leakyRelu(x, alpha);
  }

  private static UnaryOperator<Tensor> thresholded(double alpha) {
    return x -> x.where(x.gt(alpha), Tensors.zerosLike(x));
  }

  private static UnaryOperator<Tensor> scaledTanh(double alpha, double beta) {
    return x -> x.mul(beta).tanh().mul(alpha);
  }

  private static UnaryOperator<Tensor> hardSigmoid(double alpha, double beta) {
    return x -> Maths.clamp(x.mul(alpha).add(beta), 0, 1);
  }

  private static UnaryOperator<Tensor> elu(double alpha) {
    return x -> Nn.elu(x, alpha, 1, 1);
  }
}
