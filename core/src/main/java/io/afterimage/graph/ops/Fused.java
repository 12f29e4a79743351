package io.afterimage.graph.ops;

import io.afterimage.graph.Node;
import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.LongStream;

/** Operators of com.microsoft that ONNX Runtime's optimisers write for several standard ones. */
final class Fused {
  private static final float LAYER_EPSILON = 1e-12f;
  private static final float ROOT_EPSILON = 1e-5f;

  private Fused() {}

  static void register() {
    one("FusedMatMul", Fused::product);
    one("TransposeMatMul", Fused::product);
    one("FusedGemm", c -> afterGemm(c, c.standard("Gemm", c.all())));
    one("FusedConv", Fused::conv);
    one("Gelu", c -> Nn.gelu(c.x(0), false));
    one("BiasGelu", c -> Nn.gelu(c.x(0).add(c.x(1)), false));
    one("FastGelu", c -> Nn.gelu(c.optional(1).map(c.x(0)::add).orElse(c.x(0)), true));
    one("QuickGelu", c -> c.x(0).mul(c.x(0).mul(number(c, "alpha", 1.702f)).sigmoid()));
    one("BiasSoftmax", Fused::biasSoftmax);
    one("Inverse", c -> Maths.inverse(c.x(0)));
    Operators.in(Node.MICROSOFT, "BiasDropout", Fused::biasDropout);
    Operators.in(Node.MICROSOFT, "SkipLayerNormalization", Fused::skipLayer);
    Operators.in(Node.MICROSOFT, "SkipSimplifiedLayerNormalization", Fused::skipRoot);
    Operators.in(Node.MICROSOFT, "EmbedLayerNormalization", Fused::embed);
    // ONNX Runtime keeps this one among the standard operators.
    Operators.many("SimplifiedLayerNormalization", c -> rootNormalised(c, c.x(0), c.x(1)));
  }

  private static void one(String type, Function<Call, Tensor> function) {
    Operators.in(Node.MICROSOFT, type, Operators.single(function));
  }

  private static double number(Call c, String attribute, double otherwise) {
    return c.attributes().number(attribute, otherwise);
  }

  // ---- products and convolutions

  /** Transposed batches: the first axis stands before the last one. */
  private static Tensor operand(Call c, int input, String side) {
    Tensor x = c.x(input);
    if (x.rank() < 2) {
      return x;
    }
    Tensor batched = x;
    if (c.attributes().flag("transBatch" + side, false)) {
      long[] axes = LongStream.range(0, x.rank()).map(i -> i < x.rank() - 2 ? i + 1 : i).toArray();
      axes[x.rank() - 2] = 0;
      batched = x.permute(axes);
    }
    return c.attributes().flag("trans" + side, false) ? batched.transpose(-2, -1) : batched;
  }

  private static Tensor product(Call c) {
    Tensor product = LinearAlgebra.product(c, operand(c, 0, "A"), operand(c, 1, "B"));
    double alpha = number(c, "alpha", 1);
    return alpha == 1 ? product : product.mul(alpha);
  }

  private static Tensor conv(Call c) {
    Tensor bias = c.optional(2).orElse(null);
    Tensor y = Convolutions.conv(c, c.x(0), c.x(1), bias);
    return afterConv(c, c.optional(3).map(y::add).orElse(y));
  }

  /** What a FusedConv ends in. */
  static Tensor afterConv(Call c, Tensor x) {
    return activated(c, x, c.attributes().numbers("activation_params").orElse(new float[0]));
  }

  /** What a FusedGemm ends in. */
  static Tensor afterGemm(Call c, Tensor x) {
    float alpha = (float) number(c, "activation_alpha", 0);
    float beta = (float) number(c, "activation_beta", 0);
    return activated(c, x, new float[] {alpha, beta});
  }

  private static Tensor activated(Call c, Tensor x, float[] settings) {
    String name = c.attributes().text("activation", "");
    int needed =
        switch (name) {
          case "LeakyRelu" -> 1;
          case "Clip", "HardSigmoid" -> 2;
          default -> 0;
        };
    if (settings.length < needed) {
      throw c.error("ends in %s with %d settings".formatted(name, settings.length));
    }
    return switch (name) {
      case "" -> x;
      case "Relu" -> x.relu();
      case "Tanh" -> x.tanh();
      case "Sigmoid" -> x.sigmoid();
      case "LeakyRelu" -> Nn.leakyRelu(x, settings[0]);
      case "Clip" -> Maths.clamp(x, settings[0], settings[1]);
      case "HardSigmoid" -> Maths.clamp(x.mul(settings[0]).add(settings[1]), 0, 1);
      default -> throw c.error("ends in " + name + ", which is not supported");
    };
  }

  // ---- bias

  /** The bias is repeated along the axes that it lacks, or in which its extent is 1. */
  private static Tensor biasSoftmax(Call c) {
    Tensor x = c.x(0);
    int axis = c.axis(c.attributes().integer("axis", 1), x.rank());
    Tensor biased = x.add(c.x(1));
    if (!Arrays.equals(biased.shape(), x.shape())) {
      throw c.error(
          "cannot repeat a bias %s to %s"
              .formatted(Arrays.toString(c.x(1).shape()), Arrays.toString(x.shape())));
    }
    return biased.flatten(axis).softmax(axis).reshape(x.shape());
  }

  /** At inference nothing is dropped. */
  private static List<Value> biasDropout(Call c) {
    if (c.has(4) && c.x(4).item() != 0) {
      throw c.error("is set to training; export the model for inference");
    }
    Tensor sum = c.x(0).add(c.x(1));
    Tensor whole = c.optional(2).map(sum::add).orElse(sum);
    return List.of(Value.of(whole), Value.of(Tensors.ones(DType.BOOL, whole.shape())));
  }

  // ---- normalisation

  private static Tensor skipped(Call c, int bias) {
    Tensor sum = c.x(0).add(c.x(1));
    return c.optional(bias).map(sum::add).orElse(sum);
  }

  /** Normalised; mean and 1 / deviation; the sum that was normalised. */
  private static List<Value> skipLayer(Call c) {
    Tensor sum = skipped(c, 4);
    Tensor mean = sum.mean(true, -1);
    Tensor inverse =
        Maths.rsqrt(Maths.variance(sum, true, -1).add(number(c, "epsilon", LAYER_EPSILON)));
    Tensor scaled = sum.sub(mean).mul(inverse).mul(c.x(2));
    Tensor shifted = c.optional(3).map(scaled::add).orElse(scaled);
    return List.of(Value.of(shifted), Value.of(mean), Value.of(inverse), Value.of(sum));
  }

  private static List<Value> skipRoot(Call c) {
    Tensor sum = skipped(c, 3);
    List<Value> normalised = rootNormalised(c, sum, c.x(2));
    // The mean has no part in it.
    Value mean = Value.of(sum.mean(true, -1));
    return List.of(normalised.get(0), mean, normalised.get(1), Value.of(sum));
  }

  /** Divided by the root of the mean square; and 1 / that root. */
  private static List<Value> rootNormalised(Call c, Tensor x, Tensor scale) {
    int first = c.axis(c.attributes().integer("axis", -1), x.rank());
    long[] axes = LongStream.range(first, x.rank()).toArray();
    double epsilon = number(c, "epsilon", ROOT_EPSILON);
    Tensor inverse = Maths.rsqrt(x.square().mean(true, axes).add(epsilon));
    return List.of(Value.of(x.mul(inverse).mul(scale)), Value.of(inverse));
  }

  /** Normalised sum of the embeddings; how many words each mask has; that sum. */
  private static List<Value> embed(Call c) {
    Tensor ids = c.x(0);
    Tensor words = rows(c, c.x(2), ids);
    Tensor places = c.has(8) ? c.x(8) : Tensors.arange(ids.size(1)).unsqueeze(0);
    Tensor sum = words.add(rows(c, c.x(3), places));
    Tensor whole = c.has(1) && c.has(4) ? sum.add(rows(c, c.x(4), c.x(1))) : sum;
    long[] last = {whole.size(-1)};
    Tensor normalised =
        Nn.layerNorm(whole, last, c.x(5), c.x(6), number(c, "epsilon", LAYER_EPSILON));
    Tensor counts =
        c.has(7)
            ? c.x(7).to(DType.LONG).sum(false, 1).to(DType.INT)
            : Tensors.zeros(DType.INT, ids.size(0));
    return List.of(Value.of(normalised), Value.of(counts), Value.of(whole));
  }

  private static Tensor rows(Call c, Tensor table, Tensor ids) {
    Tensor flat = ids.to(DType.LONG).reshape(-1);
    boolean known =
        flat.count() == 0
            || (flat.min(false).item() >= 0 && flat.max(false).item() < table.size(0));
    if (!known) {
      throw c.error("looks up a row beyond the %d of its table".formatted(table.size(0)));
    }
    long[] shape = Arrays.copyOf(ids.shape(), ids.rank() + 1);
    shape[ids.rank()] = table.size(1);
    return Indexing.indexSelect(table, 0, flat).reshape(shape);
  }
}
