package io.afterimage.tensor;

/**
 * What the binding itself works on, so that calls by hand can read the very memory that the
 * interpreter reads: where a matrix happens to lie moves the time of the same product.
 */
public final class Handles {
  private Handles() {}

  /** The native tensor; its scope still frees it. */
  public static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
    return tensor.raw();
  }
}
