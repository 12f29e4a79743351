package io.afterimage.graph.ops;

import io.afterimage.graph.ElementType;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Spectral;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/** Fourier transforms, windows, and the mel scale. */
final class Signals {
  private static final String SHAPE = "its output depends on sizes alone";

  private Signals() {}

  static void register() {
    Operators.one("DFT", Signals::transform);
    Operators.one("STFT", Signals::shortTime);
    window("HannWindow", 0.5, 0.5, 0);
    window("HammingWindow", 25.0 / 46, 21.0 / 46, 0);
    window("BlackmanWindow", 0.42, 0.5, 0.08);
    Operators.flat("MelWeightMatrix", SHAPE, Signals::mel);
  }

  // ---- transforms

  private static Tensor transform(Call c) {
    Tensor x = c.x(0);
    int rank = x.rank();
    long given =
        c.opset() < 20
            ? c.attributes().integer("axis", 1)
            : c.optional(2).map(a -> (long) a.item()).orElse(-2L);
    int axis = c.axis(given, rank);
    if (axis == rank - 1 || x.size(-1) < 1 || x.size(-1) > 2) {
      throw c.error("transforms axis %d of %s".formatted(axis, x));
    }
    boolean inverse = c.attributes().flag("inverse", false);
    boolean half = c.attributes().flag("onesided", false);
    long usual = inverse && half ? 2 * (x.size(axis) - 1) : x.size(axis);
    long length = c.has(1) ? (long) c.x(1).item() : usual;
    if (length < 1) {
      throw c.error("transforms %d elements".formatted(length));
    }
    long[] shape = x.shape();
    shape[axis] = length;
    shape[rank - 1] = 2;
    c.sized(shape);
    if (!inverse) {
      return spectrum(x, axis, length, half);
    }
    Tensor known = complex(x.dtype() == DType.DOUBLE ? x : x.to(DType.FLOAT));
    Tensor signal =
        half
            ? Spectral.realInverse(known, axis, length).unsqueeze(-1)
            : Spectral.transform(known, axis, length, true);
    return signal.to(x.dtype());
  }

  /** In double: the sum is not divided by its length, and what cancels out shows the rounding. */
  private static Tensor spectrum(Tensor x, int axis, long length, boolean half) {
    Tensor whole = Spectral.transform(complex(x.to(DType.DOUBLE)), axis, length, false);
    return (half ? whole.narrow(axis, 0, length / 2 + 1) : whole).to(x.dtype());
  }

  /** Real numbers with an imaginary part of 0. */
  private static Tensor complex(Tensor x) {
    return x.size(-1) == 2 ? x : Indexing.pad(x, 0, 0, 1);
  }

  /** [batch, samples, 1 or 2] to [batch, frames, bins, 2]. */
  private static Tensor shortTime(Call c) {
    Tensor x = c.x(0).rank() == 2 ? c.x(0).unsqueeze(2) : c.x(0);
    long step = (long) c.x(1).item();
    long length =
        c.optional(3)
            .map(t -> (long) t.item())
            .orElseGet(() -> c.optional(2).map(Tensor::count).orElse(x.size(1)));
    if (x.rank() != 3 || step < 1 || length < 1 || length > x.size(1)) {
      throw c.error("cuts %s into frames of %d every %d".formatted(x, length, step));
    }
    long frames = 1 + (x.size(1) - length) / step;
    c.sized(x.size(0), frames, length, 2);
    Tensor starts = Tensors.arange(frames).mul(Tensors.scalar(step)).unsqueeze(1);
    Tensor places = starts.add(Tensors.arange(length)).reshape(-1);
    Tensor cut = Indexing.indexSelect(x, 1, places).reshape(x.size(0), frames, length, x.size(2));
    Tensor weighted = c.optional(2).map(w -> cut.mul(w.reshape(-1, 1))).orElse(cut);
    return spectrum(weighted, 2, length, c.attributes().flag("onesided", true));
  }

  // ---- windows

  /** a - b cos(2 pi t) + c cos(4 pi t), t from 0 on to 1. */
  private static void window(String type, double a, double b, double c) {
    DoubleUnaryOperator shape =
        t -> a - b * Math.cos(2 * Math.PI * t) + c * Math.cos(4 * Math.PI * t);
    Operators.flat(type, SHAPE, call -> window(call, shape));
  }

  private static Tensor window(Call c, DoubleUnaryOperator shape) {
    long size = c.longs(0)[0];
    c.sized(size);
    boolean periodic = c.attributes().flag("periodic", true);
    double period = Math.max(1.0, (double) (periodic ? size : size - 1));
    double[] values = new double[Math.toIntExact(size)];
    Arrays.setAll(values, i -> shape.applyAsDouble(i / period));
    return Tensors.of(values, size).to(type(c));
  }

  private static DType type(Call c) {
    return ElementType.of((int) c.attributes().integer("output_datatype", 1))
        .flatMap(ElementType::dtype)
        .map(c::type)
        .orElseThrow(() -> c.error("answers a type that is not supported"));
  }

  // ---- mel

  /** [bins of the spectrum, bins of the mel scale]: triangles whose corners are even in mel. */
  private static Tensor mel(Call c) {
    long bins = c.longs(0)[0];
    long length = c.longs(1)[0];
    long rate = c.longs(2)[0];
    long spectrum = length / 2 + 1;
    if (bins < 1 || length < 1 || rate < 1) {
      throw c.error("makes %d bins of %d samples at rate %d".formatted(bins, length, rate));
    }
    c.sized(spectrum, bins);
    double low = toMel(c.x(3).item());
    double step = (toMel(c.x(4).item()) - low) / (bins + 2);
    long[] corners = new long[Math.toIntExact(bins + 2)];
    for (int i = 0; i < corners.length; i++) {
      corners[i] = (long) Math.floor((length + 1) * fromMel(low + i * step) / rate);
      if (corners[i] < 0 || corners[i] >= spectrum) {
        throw c.error("has an edge beyond the spectrum of rate " + rate);
      }
    }
    double[] weights = new double[Math.toIntExact(spectrum * bins)];
    for (int bin = 0; bin < bins; bin++) {
      for (long at = corners[bin]; at <= corners[bin + 2]; at++) {
        double weight = triangle(at, corners[bin], corners[bin + 1], corners[bin + 2]);
        weights[Math.toIntExact(at * bins + bin)] = weight;
      }
    }
    return Tensors.of(weights, spectrum, bins).to(type(c));
  }

  private static double toMel(double hertz) {
    return 2595 * Math.log10(1 + hertz / 700);
  }

  private static double fromMel(double mel) {
    return 700 * (Math.pow(10, mel / 2595) - 1);
  }

  private static double triangle(long at, long left, long centre, long right) {
    if (at == centre) {
      return 1;
    }
    return at < centre
        ? (double) (at - left) / (centre - left)
        : (double) (right - at) / (right - centre);
  }
}
