package io.afterimage.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Discrete Fourier transforms. Complex numbers are real ones with a last axis of extent 2: the real
 * part, then the imaginary one.
 */
public final class Spectral {
  private Spectral() {}

  /**
   * The transform of complex numbers along an axis, which is cut or filled with zeros to so many
   * elements; the inverse divides by their number.
   */
  public static Tensor transform(Tensor x, int axis, long length, boolean inverse) {
    try (org.bytedeco.pytorch.Tensor dense = x.raw().contiguous();
        org.bytedeco.pytorch.Tensor complex = torch.view_as_complex(dense);
        LongOptional n = new LongOptional(length);
        StringViewOptional norm = new StringViewOptional();
        org.bytedeco.pytorch.Tensor result =
            inverse
                ? torch.fft_ifft(complex, n, axis, norm)
                : torch.fft_fft(complex, n, axis, norm)) {
      return Tensor.of(torch.view_as_real(result));
    }
  }

  /** The real numbers, so many of them, whose spectrum begins with these complex numbers. */
  public static Tensor realInverse(Tensor x, int axis, long length) {
    try (org.bytedeco.pytorch.Tensor dense = x.raw().contiguous();
        org.bytedeco.pytorch.Tensor complex = torch.view_as_complex(dense);
        LongOptional n = new LongOptional(length);
        StringViewOptional norm = new StringViewOptional()) {
      return Tensor.of(torch.fft_irfft(complex, n, axis, norm));
    }
  }
}
