package io.afterimage.tensor;

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
    target.raw().add_(other.raw(), Scalars.of(factor));
  }

  /** target = a + factor * b, of the same shape */
  public static void sum(Tensor target, Tensor a, Tensor b, double factor) {
    torch.add_out(target.raw(), a.raw(), b.raw(), Scalars.of(factor));
  }

  /** target += value */
  public static void add(Tensor target, double value) {
    target.raw().add_(Scalars.of(value));
  }

  /** target *= other */
  public static void mul(Tensor target, Tensor other) {
    target.raw().mul_(other.raw());
  }

  /** target *= value */
  public static void mul(Tensor target, double value) {
    target.raw().mul_(Scalars.of(value));
  }

  /** target += factor * a * b */
  public static void addProduct(Tensor target, Tensor a, Tensor b, double factor) {
    target.raw().addcmul_(a.raw(), b.raw(), Scalars.of(factor));
  }

  /** target += factor * a / b */
  public static void addQuotient(Tensor target, Tensor a, Tensor b, double factor) {
    target.raw().addcdiv_(a.raw(), b.raw(), Scalars.of(factor));
  }

  /** target += weight * (other - target) */
  public static void lerp(Tensor target, Tensor other, double weight) {
    target.raw().lerp_(other.raw(), Scalars.of(weight));
  }

  /** Every element into [low, high]. */
  public static void clamp(Tensor target, double low, double high) {
    target.raw().clamp_(Scalars.optional(low), Scalars.optional(high));
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
    target.raw().fill_(Scalars.of(value));
  }
}
