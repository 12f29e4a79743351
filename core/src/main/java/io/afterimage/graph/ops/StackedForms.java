package io.afterimage.graph.ops;

import io.afterimage.graph.ops.StackedOperator.Source;
import io.afterimage.graph.ops.StackedOperator.Stack;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Nn;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BinaryOperator;

/**
 * The operators that read parameters, for several models at once: matrix products one by one,
 * grouped convolutions, one table of all embeddings.
 */
final class StackedForms {
  private StackedForms() {}

  static void register() {
    Operators.stacked("Gemm", StackedForms::gemm);
    Operators.stacked("MatMul", StackedForms::product);
    Operators.stacked("Add", (c, stack) -> beside(c, stack, Tensor::add));
    Operators.stacked("Mul", (c, stack) -> beside(c, stack, Tensor::mul));
    Operators.stacked("Conv", StackedForms::conv);
    Operators.stacked("Gather", StackedForms::embeddings);
    Operators.stacked("LayerNormalization", StackedForms::layerNorm);
    Operators.stacked("Transpose", StackedForms::transpose);
    Operators.stackedFused("FusedConv", StackedForms::fusedConv);
    Operators.stackedFused(
        "FusedGemm", (c, stack) -> gemm(c, stack).map(y -> Fused.afterGemm(c, y)));
    Operators.stackedFused(
        "BiasGelu", (c, stack) -> beside(c, stack, Tensor::add).map(x -> Nn.gelu(x, false)));
    Operators.stackedFused(
        "FastGelu", (c, stack) -> beside(c, stack, Tensor::add).map(x -> Nn.gelu(x, true)));
  }

  private static Optional<Tensor> gemm(Call c, Stack stack) {
    boolean plain =
        c.attributes().number("alpha", 1) == 1
            && c.attributes().number("beta", 1) == 1
            && !c.attributes().flag("transA", false)
            && stack.is(0, Source.ROWS)
            && stack.is(1, Source.MODELS);
    boolean biased = c.has(2);
    if (!plain || (biased && !(stack.is(2, Source.MODELS) && c.x(2).rank() == 2))) {
      return Optional.empty();
    }
    Tensor x = apart(c.x(0), stack);
    return Optional.of(
        together(
            c.attributes().flag("transB", false)
                ? layer(x, c.x(1), biased ? Optional.of(c.x(2).unsqueeze(2)) : Optional.empty())
                : sum(x, c.x(1), biased ? Optional.of(c.x(2).unsqueeze(1)) : Optional.empty())));
  }

  // The weights stay as they lie in memory, and so do their gradients: they are the larger part.
  private static Tensor layer(Tensor x, Tensor weights, Optional<Tensor> bias) {
    return sum(weights, x.transpose(1, 2), bias).transpose(1, 2);
  }

  private static Tensor sum(Tensor a, Tensor b, Optional<Tensor> bias) {
    return bias.map(shift -> shift.baddbmm(a, b)).orElseGet(() -> a.bmm(b));
  }

  private static Optional<Tensor> product(Call c, Stack stack) {
    if (!stack.is(0, Source.ROWS) || !stack.is(1, Source.MODELS) || c.x(1).rank() != 3) {
      return Optional.empty();
    }
    Tensor x = c.x(0);
    Tensor product = x.reshape(stack.models(), -1, x.size(-1)).bmm(c.x(1));
    long[] shape = x.shape();
    shape[shape.length - 1] = product.size(-1);
    return Optional.of(product.reshape(shape));
  }

  /** Rows beside a parameter that is broadcast over them. */
  private static Optional<Tensor> beside(Call c, Stack stack, BinaryOperator<Tensor> operator) {
    int rows = stack.is(0, Source.ROWS) ? 0 : 1;
    boolean mixed = stack.is(rows, Source.ROWS) && stack.is(1 - rows, Source.MODELS);
    if (!mixed || c.x(1 - rows).rank() > c.x(rows).rank()) {
      return Optional.empty();
    }
    Tensor x = apart(c.x(rows), stack);
    long[] shape = c.x(1 - rows).shape();
    long[] wide = new long[x.rank()];
    Arrays.fill(wide, 1);
    wide[0] = shape[0];
    System.arraycopy(shape, 1, wide, wide.length - shape.length + 1, shape.length - 1);
    Tensor parameter = c.x(1 - rows).reshape(wide);
    Tensor result = rows == 0 ? operator.apply(x, parameter) : operator.apply(parameter, x);
    return Optional.of(together(result));
  }

  /** One convolution whose groups are the models': channels of all models side by side. */
  private static Optional<Tensor> conv(Call c, Stack stack) {
    boolean biased = c.has(2);
    if (!stack.is(0, Source.ROWS)
        || !stack.is(1, Source.MODELS)
        || (biased && !stack.is(2, Source.MODELS))) {
      return Optional.empty();
    }
    long[] shape = c.x(0).shape();
    long[] weights = c.x(1).shape();
    Spatial space =
        Spatial.of(c, Arrays.copyOfRange(weights, 3, weights.length), Spatial.extents(c, shape));
    if (!space.isSymmetric()) {
      return Optional.empty();
    }
    Tensor x = joined(apart(c.x(0), stack).transpose(0, 1), 1);
    Tensor bias = biased ? c.x(2).reshape(-1) : null;
    long groups = stack.models() * c.attributes().integer("group", 1);
    Nn.Window window = new Nn.Window(space.stride(), space.begin(), space.dilation());
    Tensor y = Nn.conv(x, joined(c.x(1), 0), bias, window, groups);
    long[] split = y.shape();
    long[] whole = new long[split.length + 1];
    whole[0] = split[0];
    whole[1] = stack.models();
    whole[2] = weights[1];
    System.arraycopy(split, 2, whole, 3, split.length - 2);
    return Optional.of(together(y.reshape(whole).transpose(0, 1)));
  }

  private static Optional<Tensor> fusedConv(Call c, Stack stack) {
    return c.has(3) ? Optional.empty() : conv(c, stack).map(y -> Fused.afterConv(c, y));
  }

  /** Rows of one table that holds those of all models. */
  private static Optional<Tensor> embeddings(Call c, Stack stack) {
    boolean looked = stack.is(0, Source.MODELS) && stack.is(1, Source.ROWS);
    if (!looked || c.attributes().integer("axis", 0) != 0) {
      return Optional.empty();
    }
    Tensor table = c.x(0);
    long size = table.size(1);
    Tensor indices = apart(Indexes.indices(c, c.x(1), size), stack);
    long[] first = new long[indices.rank()];
    Arrays.fill(first, 1);
    first[0] = stack.models();
    Tensor offsets = Tensors.arange(stack.models()).mul(Tensors.scalar(size)).reshape(first);
    Tensor found = Indexing.indexSelect(joined(table, 0), 0, indices.add(offsets).reshape(-1));
    long[] rows = c.x(1).shape();
    long[] row = table.shape();
    long[] shape = Arrays.copyOf(rows, rows.length + row.length - 2);
    System.arraycopy(row, 2, shape, rows.length, row.length - 2);
    return Optional.of(found.reshape(shape));
  }

  /** Normalised without parameters, then scaled and shifted by each model's own. */
  private static Optional<Tensor> layerNorm(Call c, Stack stack) {
    boolean biased = c.has(2);
    boolean plain =
        stack.is(0, Source.ROWS)
            && stack.is(1, Source.MODELS)
            && (!biased || stack.is(2, Source.MODELS))
            && c.node().outputs().size() == 1;
    if (!plain) {
      return Optional.empty();
    }
    long[] shape = c.x(0).shape();
    int axis = c.axis(c.attributes().integer("axis", -1), shape.length);
    long[] extents = Arrays.copyOfRange(shape, axis, shape.length);
    double epsilon = c.attributes().number("epsilon", Normalisation.EPSILON);
    Tensor x = apart(Nn.layerNorm(c.x(0), extents, null, null, epsilon), stack);
    long[] wide = new long[shape.length + 1];
    Arrays.fill(wide, 1);
    wide[0] = stack.models();
    System.arraycopy(extents, 0, wide, axis + 1, extents.length);
    Tensor scaled = x.mul(c.x(1).reshape(wide));
    return Optional.of(together(biased ? scaled.add(c.x(2).reshape(wide)) : scaled));
  }

  private static Optional<Tensor> transpose(Call c, Stack stack) {
    long[] order = new long[c.x(0).rank()];
    Optional<long[]> own = c.attributes().integers("perm");
    for (int axis = 1; axis < order.length; axis++) {
      order[axis] = own.isPresent() ? 1 + own.get()[axis - 1] : order.length - axis;
    }
    return stack.is(0, Source.MODELS) ? Optional.of(c.x(0).permute(order)) : Optional.empty();
  }

  /** [models * n, …] as [models, n, …]. */
  private static Tensor apart(Tensor rows, Stack stack) {
    long[] shape = rows.shape();
    long[] split = new long[shape.length + 1];
    split[0] = stack.models();
    split[1] = shape[0] / stack.models();
    System.arraycopy(shape, 1, split, 2, shape.length - 1);
    return rows.reshape(split);
  }

  /** [models, n, …] as [models * n, …]. */
  private static Tensor together(Tensor x) {
    return joined(x, 0);
  }

  /** One axis instead of this and the next. */
  private static Tensor joined(Tensor x, int axis) {
    long[] shape = x.shape();
    long[] joined = new long[shape.length - 1];
    System.arraycopy(shape, 0, joined, 0, axis);
    joined[axis] = shape[axis] * shape[axis + 1];
    System.arraycopy(shape, axis + 2, joined, axis + 1, joined.length - axis - 1);
    return x.reshape(joined);
  }
}
