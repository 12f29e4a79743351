package io.afterimage.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.global.torch;

/** What is computed of a {@link Tensor}; what it is, and its shape, stand there. */
public abstract sealed class TensorOperations permits Tensor {
  abstract org.bytedeco.pytorch.Tensor raw();

  abstract Tensor self();

  // ---- arithmetic

  public Tensor add(Tensor other) {
    return Tensor.of(raw().add(other.raw()));
  }

  public Tensor add(double value) {
    return Tensor.of(raw().add(Scalars.of(value)));
  }

  /** this + factor * other, in one pass. */
  public Tensor add(Tensor other, double factor) {
    return Tensor.of(raw().add(other.raw(), Scalars.of(factor)));
  }

  public Tensor sub(Tensor other) {
    return Tensor.of(raw().sub(other.raw()));
  }

  public Tensor sub(double value) {
    return add(-value);
  }

  public Tensor mul(Tensor other) {
    return Tensor.of(raw().mul(other.raw()));
  }

  public Tensor mul(double value) {
    return Tensor.of(raw().mul(Scalars.of(value)));
  }

  /** The quotient; of whole numbers a FLOAT tensor. */
  public Tensor div(Tensor other) {
    return Tensor.of(raw().div(other.raw()));
  }

  public Tensor div(double value) {
    return Tensor.of(raw().div(Scalars.of(value)));
  }

  public Tensor neg() {
    return Tensor.of(raw().neg());
  }

  public Tensor pow(double exponent) {
    return Tensor.of(raw().pow(Scalars.of(exponent)));
  }

  public Tensor square() {
    return Tensor.of(raw().square());
  }

  /** Matrix product over the last two axes, the others broadcast; vectors as in NumPy. */
  public Tensor matmul(Tensor other) {
    return Tensor.of(raw().matmul(other.raw()));
  }

  /** Matrix products one by one: [b, n, m] and [b, m, p] give [b, n, p]. */
  public Tensor bmm(Tensor other) {
    return Tensor.of(raw().bmm(other.raw()));
  }

  /** This plus the matrix product of the other two; this is broadcast. */
  public Tensor addmm(Tensor left, Tensor right) {
    return Tensor.of(raw().addmm(left.raw(), right.raw()));
  }

  /** This plus the matrix products, one by one, of the other two; this is broadcast. */
  public Tensor baddbmm(Tensor left, Tensor right) {
    return Tensor.of(raw().baddbmm(left.raw(), right.raw()));
  }

  // ---- comparisons: BOOL tensors

  public Tensor eq(Tensor other) {
    return Tensor.of(raw().eq(other.raw()));
  }

  public Tensor eq(double value) {
    return Tensor.of(raw().eq(Scalars.of(value)));
  }

  public Tensor lt(Tensor other) {
    return Tensor.of(raw().lt(other.raw()));
  }

  public Tensor lt(double value) {
    return Tensor.of(raw().lt(Scalars.of(value)));
  }

  public Tensor le(Tensor other) {
    return Tensor.of(raw().le(other.raw()));
  }

  public Tensor gt(Tensor other) {
    return other.lt(self());
  }

  public Tensor gt(double value) {
    return Tensor.of(raw().gt(Scalars.of(value)));
  }

  public Tensor ge(Tensor other) {
    return other.le(self());
  }

  // ---- reductions

  public Tensor sum() {
    return Tensor.of(raw().sum());
  }

  public Tensor sum(boolean keepAxes, long... axes) {
    return Tensor.of(raw().sum(axes, keepAxes, Absent.TYPE));
  }

  public Tensor mean() {
    return Tensor.of(raw().mean());
  }

  public Tensor mean(boolean keepAxes, long... axes) {
    return Tensor.of(raw().mean(axes, keepAxes, Absent.TYPE));
  }

  /** The greatest element; all axes where none is named. Ties share the gradient. */
  public Tensor max(boolean keepAxes, long... axes) {
    return Tensor.of(raw().amax(axes, keepAxes));
  }

  /** The least element; all axes where none is named. Ties share the gradient. */
  public Tensor min(boolean keepAxes, long... axes) {
    return Tensor.of(raw().amin(axes, keepAxes));
  }

  /** Index of the greatest element along an axis, the first of equals: a LONG tensor. */
  public Tensor argmax(int axis, boolean keepAxis) {
    try (LongOptional along = new LongOptional(axis)) {
      return Tensor.of(raw().argmax(along, keepAxis));
    }
  }

  // ---- the functions used most

  public Tensor exp() {
    return Tensor.of(raw().exp());
  }

  public Tensor log() {
    return Tensor.of(raw().log());
  }

  public Tensor sqrt() {
    return Tensor.of(raw().sqrt());
  }

  public Tensor abs() {
    return Tensor.of(raw().abs());
  }

  public Tensor sign() {
    return Tensor.of(raw().sign());
  }

  public Tensor relu() {
    return Tensor.of(raw().relu());
  }

  public Tensor sigmoid() {
    return Tensor.of(raw().sigmoid());
  }

  public Tensor tanh() {
    return Tensor.of(raw().tanh());
  }

  public Tensor softmax(int axis) {
    return Tensor.of(raw().softmax(axis));
  }

  public Tensor logSoftmax(int axis) {
    return Tensor.of(raw().log_softmax(axis));
  }

  /** This where the condition holds, else the other. */
  public Tensor where(Tensor condition, Tensor other) {
    return Tensor.of(torch.where(condition.raw(), raw(), other.raw()));
  }
}
