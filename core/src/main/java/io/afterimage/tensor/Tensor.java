package io.afterimage.tensor;

import java.util.Arrays;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.jspecify.annotations.Nullable;

/**
 * An n-dimensional array in native memory, recorded by autograd where an operand requires
 * gradients.
 *
 * <p>Operations give a new tensor, which belongs to the innermost {@link TensorScope} of the
 * calling thread; only {@link InPlace} changes a tensor. Shapes broadcast as in NumPy; negative
 * axes count from the end; types promote as in libtorch. A double scalar beside a tensor of whole
 * numbers makes a FLOAT tensor. Functions by subject stand in {@link Tensors} (making), {@link
 * Maths}, {@link Nn}, {@link Indexing} and {@link Autograd}.
 */
public final class Tensor extends TensorOperations implements AutoCloseable {
  private final org.bytedeco.pytorch.Tensor handle;
  private volatile long @Nullable [] shape;
  private @Nullable DType dtype;
  private volatile @Nullable TensorOptional optional;
  // The scope that frees it; see TensorScope.
  @Nullable TensorScope owner;
  private boolean closed;

  private Tensor(org.bytedeco.pytorch.Tensor handle) {
    this.handle = handle;
  }

  /** Hands a native tensor to the innermost scope. */
  static Tensor of(org.bytedeco.pytorch.Tensor handle) {
    return TensorScope.current().add(new Tensor(handle));
  }

  /** A tensor that a native container holds: the container keeps its own reference. */
  static Tensor copyOf(org.bytedeco.pytorch.Tensor borrowed) {
    return of(new org.bytedeco.pytorch.Tensor(borrowed));
  }

  @Override
  Tensor self() {
    return this;
  }

  @Override
  org.bytedeco.pytorch.Tensor raw() {
    if (closed) {
      throw new IllegalStateException("this tensor was freed with its scope; keep or adopt it");
    }
    return handle;
  }

  /** Itself as an argument that might have been left out; kept, as parameters are read often. */
  TensorOptional optional() {
    org.bytedeco.pytorch.Tensor raw = raw();
    TensorOptional known = optional;
    if (known == null) {
      known = new TensorOptional(raw);
      optional = known;
    }
    return known;
  }

  /** Frees it before its scope does. Closing twice does nothing. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      handle.close();
      if (optional != null) {
        optional.close();
      }
      TensorScope.freed();
    }
  }

  /** Whether it was freed. */
  public boolean isClosed() {
    return closed;
  }

  // ---- what it is

  /** Its extents; a copy. */
  public long[] shape() {
    return extents().clone();
  }

  /** The extent of an axis. */
  public long size(int axis) {
    long[] extents = extents();
    return extents[axis < 0 ? axis + extents.length : axis];
  }

  /** How many axes it has. */
  public int rank() {
    long[] known = shape;
    return known == null ? (int) raw().dim() : known.length;
  }

  /** How many elements it has. */
  public long count() {
    return raw().numel();
  }

  public DType dtype() {
    DType known = dtype;
    if (known == null) {
      known = DType.of(raw().scalar_type());
      dtype = known;
    }
    return known;
  }

  private long[] extents() {
    long[] known = shape;
    if (known == null) {
      org.bytedeco.pytorch.Tensor t = raw();
      known = new long[(int) t.dim()];
      for (int axis = 0; axis < known.length; axis++) {
        known[axis] = t.size(axis);
      }
      shape = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return closed ? "Tensor[freed]" : "Tensor" + Arrays.toString(extents()) + " " + dtype();
  }

  // ---- autograd

  /** Records what is computed from it from now on; for leaves (given tensors, parameters). */
  public Tensor requireGrad() {
    raw().requires_grad_(true);
    return this;
  }

  /** Whether gradients reach it. */
  public boolean requiresGrad() {
    return raw().requires_grad();
  }

  /** The same memory, cut off from what it was computed from. */
  public Tensor detach() {
    return of(raw().detach());
  }

  /** A second handle on the same tensor, freed by itself. */
  public Tensor alias() {
    return copyOf(raw());
  }

  /** A copy with memory of its own; gradients flow through. */
  public Tensor copy() {
    return of(raw().clone());
  }

  // ---- its elements

  /** The one element of a tensor of one element. */
  public double item() {
    return raw().item_double();
  }

  /** Its elements in C order. */
  public float[] toFloats() {
    return Elements.floats(this);
  }

  /** Its elements in C order. */
  public double[] toDoubles() {
    return Elements.doubles(this);
  }

  /** Its elements in C order, rounded towards zero; booleans as 0 and 1. */
  public long[] toLongs() {
    return Elements.longs(this);
  }

  /** The same numbers as another type; itself where it has that type. */
  public Tensor to(DType type) {
    if (dtype() == type) {
      return this;
    }
    boolean coded = type.isCoded() || dtype().isCoded();
    return coded ? Codes.converted(this, type) : of(raw().to(type.scalarType()));
  }

  // ---- shape

  /** The same elements in another shape; -1 stands for what is left. Shares memory if it can. */
  public Tensor reshape(long... extents) {
    return of(raw().reshape(extents));
  }

  /** One axis instead of all from the given one on. */
  public Tensor flatten(int from) {
    long[] extents = Arrays.copyOf(extents(), from + 1);
    extents[from] = -1;
    return reshape(extents);
  }

  public Tensor permute(long... axes) {
    return of(raw().permute(axes));
  }

  public Tensor transpose(int axis, int other) {
    return of(raw().transpose(axis, other));
  }

  /** The transpose of a matrix. */
  public Tensor t() {
    return of(raw().t());
  }

  /** Axes of extent 1 repeated without copying; -1 leaves an axis. */
  public Tensor expand(long... extents) {
    return of(raw().expand(extents));
  }

  public Tensor squeeze(long... axes) {
    return of(raw().squeeze(axes));
  }

  public Tensor unsqueeze(int axis) {
    return of(raw().unsqueeze(axis));
  }

  public Tensor contiguous() {
    return of(raw().contiguous());
  }

  /**
   * The elements from start (included) to end (excluded) of an axis, each step-th; shares memory.
   */
  public Tensor slice(int axis, long start, long end, long step) {
    try (LongOptional from = new LongOptional(start);
        LongOptional to = new LongOptional(end)) {
      return of(raw().slice(axis, from, to, step));
    }
  }

  /** So many elements of an axis from start on; shares memory. */
  public Tensor narrow(int axis, long start, long length) {
    return of(raw().narrow(axis, start, length));
  }

  /** One element of an axis, which goes away; shares memory. */
  public Tensor select(int axis, long index) {
    return of(raw().select(axis, index));
  }
}
