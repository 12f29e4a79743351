package io.afterimage.tensor;

import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * Layers of networks. Pictures are [batch, channels, …]; one, two or three axes of space, told by
 * the length of the arguments, which hold one number an axis of space.
 */
public final class Nn {
  /** libtorch's at::Reduction::Mean. */
  private static final long NONE = 0;

  private static final long MEAN = 1;

  /** A class that libtorch leaves out of the mean; none here is negative. */
  private static final long IGNORED = -100;

  private Nn() {}

  /** x times the transpose of the weights, plus the bias: [n, in], [out, in], [out] to [n, out]. */
  public static Tensor linear(Tensor x, Tensor weights, @Nullable Tensor bias) {
    return Tensor.of(torch.linear(x.raw(), weights.raw(), optional(bias)));
  }

  /**
   * How a window moves.
   *
   * @param stride steps between windows
   * @param padding zeros before and after each axis
   * @param dilation steps between the taps of a window
   */
  public record Window(long[] stride, long[] padding, long[] dilation) {
    /** Stride 1 without padding, over so many axes of space. */
    public static Window plain(int axes) {
      return new Window(repeat(axes, 1), new long[axes], repeat(axes, 1));
    }

    private static long[] repeat(int axes, long value) {
      long[] values = new long[axes];
      Arrays.fill(values, value);
      return values;
    }
  }

  /** Cross-correlation with weights [out, in / groups, …]. */
  public static Tensor conv(
      Tensor x, Tensor weights, @Nullable Tensor bias, Window window, long groups) {
    long[] stride = window.stride;
    long[] padding = window.padding;
    long[] dilation = window.dilation;
    return Tensor.of(
        switch (stride.length) {
          case 1 ->
              torch.conv1d(
                  x.raw(), weights.raw(), optional(bias), stride, padding, dilation, groups);
          case 2 ->
              torch.conv2d(
                  x.raw(), weights.raw(), optional(bias), stride, padding, dilation, groups);
          case 3 ->
              torch.conv3d(
                  x.raw(), weights.raw(), optional(bias), stride, padding, dilation, groups);
          default -> throw axes(stride.length);
        });
  }

  /** Transposed convolution with weights [in, out / groups, …]. */
  public static Tensor convTranspose(
      Tensor x,
      Tensor weights,
      @Nullable Tensor bias,
      Window window,
      long[] outputPadding,
      long groups) {
    org.bytedeco.pytorch.Tensor a = x.raw();
    org.bytedeco.pytorch.Tensor w = weights.raw();
    long[] stride = window.stride;
    long[] padding = window.padding;
    long[] dilation = window.dilation;
    return Tensor.of(
        switch (stride.length) {
          case 1 ->
              torch.conv_transpose1d(
                  a, w, optional(bias), stride, padding, outputPadding, groups, dilation);
          case 2 ->
              torch.conv_transpose2d(
                  a, w, optional(bias), stride, padding, outputPadding, groups, dilation);
          case 3 ->
              torch.conv_transpose3d(
                  a, w, optional(bias), stride, padding, outputPadding, groups, dilation);
          default -> throw axes(stride.length);
        });
  }

  /** The greatest value of each window; padding counts as minus infinity. */
  public static Tensor maxPool(Tensor x, long[] kernel, Window window, boolean ceil) {
    org.bytedeco.pytorch.Tensor a = x.raw();
    long[] stride = window.stride;
    long[] padding = window.padding;
    long[] dilation = window.dilation;
    return Tensor.of(
        switch (kernel.length) {
          case 1 -> torch.max_pool1d(a, kernel, stride, padding, dilation, ceil);
          case 2 -> torch.max_pool2d(a, kernel, stride, padding, dilation, ceil);
          case 3 -> torch.max_pool3d(a, kernel, stride, padding, dilation, ceil);
          default -> throw axes(kernel.length);
        });
  }

  /** The greatest value of each window and its place within its plane, counted in C order. */
  public static Indexing.Ordered maxPoolPlaces(Tensor x, long[] kernel, Window window) {
    org.bytedeco.pytorch.Tensor a = x.raw();
    long[] stride = window.stride;
    long[] padding = window.padding;
    long[] dilation = window.dilation;
    return Indexing.ordered(
        switch (kernel.length) {
          case 1 -> torch.max_pool1d_with_indices(a, kernel, stride, padding, dilation, false);
          case 2 -> torch.max_pool2d_with_indices(a, kernel, stride, padding, dilation, false);
          case 3 -> torch.max_pool3d_with_indices(a, kernel, stride, padding, dilation, false);
          default -> throw axes(kernel.length);
        });
  }

  /** The mean of each window; the window's dilation must be 1. */
  public static Tensor averagePool(
      Tensor x, long[] kernel, Window window, boolean ceil, boolean countPadding) {
    org.bytedeco.pytorch.Tensor a = x.raw();
    long[] stride = window.stride;
    long[] padding = window.padding;
    return Tensor.of(
        switch (kernel.length) {
          case 1 -> torch.avg_pool1d(a, kernel, stride, padding, ceil, countPadding);
          case 2 -> torch.avg_pool2d(a, kernel, stride, padding, ceil, countPadding, Absent.LONG);
          case 3 -> torch.avg_pool3d(a, kernel, stride, padding, ceil, countPadding, Absent.LONG);
          default -> throw axes(kernel.length);
        });
  }

  /** Normalised by the batch's own statistics, then scaled and shifted a channel. */
  public static Tensor batchNorm(
      Tensor x, @Nullable Tensor scale, @Nullable Tensor shift, double epsilon) {
    return Tensor.of(
        torch.batch_norm(
            x.raw(),
            optional(scale),
            optional(shift),
            Absent.TENSOR,
            Absent.TENSOR,
            true,
            0,
            epsilon,
            false));
  }

  /** Normalised by given statistics, then scaled and shifted a channel. */
  public static Tensor batchNorm(
      Tensor x, Tensor scale, Tensor shift, Tensor mean, Tensor variance, double epsilon) {
    return Tensor.of(
        torch.batch_norm(
            x.raw(),
            optional(scale),
            optional(shift),
            optional(mean),
            optional(variance),
            false,
            0,
            epsilon,
            false));
  }

  /**
   * Normalised by the batch's own statistics, then scaled and shifted a channel. The averages of
   * means and variances (divided by n - 1) change in place.
   *
   * @param share of the batch's statistics in the new averages, 0 to 1
   */
  public static Tensor batchNormInTraining(
      Tensor x,
      Tensor scale,
      Tensor shift,
      Tensor averageMean,
      Tensor averageVariance,
      double share,
      double epsilon) {
    return Tensor.of(
        torch.batch_norm(
            x.raw(),
            optional(scale),
            optional(shift),
            optional(averageMean),
            optional(averageVariance),
            true,
            share,
            epsilon,
            false));
  }

  /** Normalised over the last axes, those of the given extents. */
  public static Tensor layerNorm(
      Tensor x, long[] extents, @Nullable Tensor scale, @Nullable Tensor shift, double epsilon) {
    return Tensor.of(
        torch.layer_norm(x.raw(), extents, optional(scale), optional(shift), epsilon, false));
  }

  /** Normalised over groups of channels of one example. */
  public static Tensor groupNorm(
      Tensor x, long groups, @Nullable Tensor scale, @Nullable Tensor shift, double epsilon) {
    return Tensor.of(
        torch.group_norm(x.raw(), groups, optional(scale), optional(shift), epsilon, false));
  }

  // ---- activations beside those of Tensor

  /** x Φ(x), or its approximation by tanh. */
  public static Tensor gelu(Tensor x, boolean byTanh) {
    return Tensor.of(torch.gelu(x.raw(), byTanh ? "tanh" : "none"));
  }

  /** scale · (x where positive, else alpha (exp(inputScale · x) - 1)). */
  public static Tensor elu(Tensor x, double alpha, double scale, double inputScale) {
    return Tensor.of(
        torch.elu(x.raw(), Scalars.of(alpha), Scalars.of(scale), Scalars.of(inputScale)));
  }

  public static Tensor leakyRelu(Tensor x, double slope) {
    return Tensor.of(torch.leaky_relu(x.raw(), Scalars.of(slope)));
  }

  /** log(1 + exp(x)). */
  public static Tensor softplus(Tensor x) {
    return Tensor.of(torch.softplus(x.raw()));
  }

  /** log(sigmoid(x)), without underflow. */
  public static Tensor logSigmoid(Tensor x) {
    return Tensor.of(torch.log_sigmoid(x.raw()));
  }

  /** A sum of products in Einstein's notation: {@code bij,bjk->bik}. */
  public static Tensor einsum(String equation, List<Tensor> operands) {
    try (TensorVector vector = Autograd.vector(operands)) {
      return Tensor.of(torch.einsum(equation, vector));
    }
  }

  /** The mean of -log softmax(logits)[class]: [n, classes] and LONG [n]. */
  public static Tensor crossEntropy(Tensor logits, Tensor classes) {
    return Tensor.of(torch.cross_entropy_loss(logits.raw(), classes.raw()));
  }

  /**
   * Cross entropy of softmax(logits), its mean over the rows.
   *
   * @param targets classes, LONG [n], or probabilities, FLOAT [n, classes]
   * @param smoothing share of every row's probability that is spread over all classes, 0 to 1
   */
  public static Tensor crossEntropy(Tensor logits, Tensor targets, double smoothing) {
    return Tensor.of(
        torch.cross_entropy_loss(
            logits.raw(), targets.raw(), Absent.TENSOR, MEAN, IGNORED, smoothing));
  }

  /** The same of each row, [n]. */
  public static Tensor crossEntropyOfRows(Tensor logits, Tensor targets, double smoothing) {
    return Tensor.of(
        torch.cross_entropy_loss(
            logits.raw(), targets.raw(), Absent.TENSOR, NONE, IGNORED, smoothing));
  }

  /** Binary cross entropy of sigmoid(logits), its mean over all elements. */
  public static Tensor binaryCrossEntropy(Tensor logits, Tensor targets) {
    return Tensor.of(torch.binary_cross_entropy_with_logits(logits.raw(), targets.raw()));
  }

  /** Half the square of a difference up to delta, beyond it linear; the mean over all elements. */
  public static Tensor huber(Tensor answers, Tensor targets, double delta) {
    return Tensor.of(torch.huber_loss(answers.raw(), targets.raw(), MEAN, delta));
  }

  private static IllegalArgumentException axes(int count) {
    return new IllegalArgumentException(
        "windows over %d axes of space are not supported, only over 1, 2 or 3".formatted(count));
  }

  /** An argument that may be absent. */
  private static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? Absent.TENSOR : tensor.optional();
  }
}
