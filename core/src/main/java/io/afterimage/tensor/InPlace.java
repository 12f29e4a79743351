package io.afterimage.tensor;

import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Updates that change their first argument, for optimisers and descents. On tensors that require
 * gradients they stand inside {@link Autograd#noGrad}.
 */
public final class InPlace {
  private InPlace() {}

  /** target += other */
  public static void add(Tensor target, Tensor other) {
    target.raw().add_(other.raw());
  }

  /** target += factor * other */
  public static void add(Tensor target, Tensor other, double factor) {
    try (Scalar scalar = new Scalar(factor)) {
      target.raw().add_(other.raw(), scalar);
    }
  }

  /** target = a + factor * b, of the same shape */
  public static void sum(Tensor target, Tensor a, Tensor b, double factor) {
    try (Scalar scalar = new Scalar(factor)) {
      torch.add_out(target.raw(), a.raw(), b.raw(), scalar);
    }
  }

  /** target += value */
  public static void add(Tensor target, double value) {
    try (Scalar scalar = new Scalar(value)) {
      target.raw().add_(scalar);
    }
  }

  /** target *= other */
  public static void mul(Tensor target, Tensor other) {
    target.raw().mul_(other.raw());
  }

  /** target *= value */
  public static void mul(Tensor target, double value) {
    try (Scalar scalar = new Scalar(value)) {
      target.raw().mul_(scalar);
    }
  }

  /** target += factor * a * b */
  public static void addProduct(Tensor target, Tensor a, Tensor b, double factor) {
    try (Scalar scalar = new Scalar(factor)) {
      target.raw().addcmul_(a.raw(), b.raw(), scalar);
    }
  }

  /** target += factor * a / b */
  public static void addQuotient(Tensor target, Tensor a, Tensor b, double factor) {
    try (Scalar scalar = new Scalar(factor)) {
      target.raw().addcdiv_(a.raw(), b.raw(), scalar);
    }
  }

  /** target += weight * (other - target) */
  public static void lerp(Tensor target, Tensor other, double weight) {
    try (Scalar scalar = new Scalar(weight)) {
      target.raw().lerp_(other.raw(), scalar);
    }
  }

  /** Every element into [low, high]. */
  public static void clamp(Tensor target, double low, double high) {
    try (Scalar lowest = new Scalar(low);
        Scalar highest = new Scalar(high);
        ScalarOptional from = new ScalarOptional(lowest);
        ScalarOptional to = new ScalarOptional(highest)) {
      target.raw().clamp_(from, to);
    }
  }

  /** Every element becomes that of other, which is broadcast and cast. */
  public static void copy(Tensor target, Tensor other) {
    target.raw().copy_(other.raw());
  }

  /** The rows of these indices (LONG, along axis 0) become those of other, in their order. */
  public static void setRows(Tensor target, Tensor indices, Tensor other) {
    target.raw().index_copy_(0, indices.raw(), other.raw());
  }

  public static void zero(Tensor target) {
    target.raw().zero_();
  }

  public static void fill(Tensor target, double value) {
    try (Scalar scalar = new Scalar(value)) {
      target.raw().fill_(scalar);
    }
  }
}
