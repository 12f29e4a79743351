package io.afterimage.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Owns tensors and frees them when it closes.
 *
 * <p>A scope made with the constructor belongs to the thread that opened it and nests: every tensor
 * made on that thread belongs to the innermost open scope. {@link #keep} moves one outwards. A
 * scope made with {@link #owner} is on no thread's stack: it holds what lives longer (a model's
 * parameters), is handed tensors with {@link #adopt}, and may be closed by any thread. Its tensors
 * may be read from any thread.
 */
public final class TensorScope implements AutoCloseable {
  private static final ThreadLocal<Stack> STACKS = ThreadLocal.withInitial(Stack::new);
  private static final AtomicLong LIVE = new AtomicLong();
  private static final int SMALL = 1024;

  private final List<Tensor> tensors = new ArrayList<>();
  private final @Nullable Stack stack;
  private final @Nullable TensorScope outer;
  private int sweepAt = SMALL;
  private boolean closed;

  /** The scopes open on one thread. */
  private static final class Stack {
    private @Nullable TensorScope innermost;
  }

  /** Opens a scope on this thread; close it with try-with-resources. */
  public TensorScope() {
    this(STACKS.get());
  }

  private TensorScope(@Nullable Stack stack) {
    Natives.load();
    this.stack = stack;
    this.outer = stack == null ? null : stack.innermost;
    if (stack != null) {
      stack.innermost = this;
    }
  }

  /** Does work in a scope of its own. */
  @SuppressWarnings("try")
  public static void run(Runnable work) {
    try (TensorScope scope = new TensorScope()) {
      work.run();
    }
  }

  /** A scope on no thread's stack, for tensors that outlive the work that made them. */
  public static TensorScope owner() {
    return new TensorScope(null);
  }

  /** The innermost scope open on this thread. */
  public static TensorScope current() {
    TensorScope scope = STACKS.get().innermost;
    if (scope == null) {
      throw new IllegalStateException(
          "no TensorScope is open on thread "
              + Thread.currentThread().getName()
              + "; open one with try (TensorScope scope = new TensorScope())");
    }
    return scope;
  }

  /** How many tensors are not yet freed, in the whole process. */
  public static long live() {
    return LIVE.get();
  }

  /** Moves a tensor to the scope around this one, so that it survives this one's end. */
  public Tensor keep(Tensor tensor) {
    if (outer == null) {
      throw new IllegalStateException("there is no scope around this one; use owner().adopt(…)");
    }
    return outer.adopt(tensor);
  }

  /** Whether it is this scope that frees the tensor. */
  public boolean holds(Tensor tensor) {
    return tensor.owner == this;
  }

  /** Moves a tensor here from whichever scope holds it. */
  public Tensor adopt(Tensor tensor) {
    if (tensor.owner != this) {
      hold(tensor);
    }
    return tensor;
  }

  Tensor add(Tensor fresh) {
    LIVE.incrementAndGet();
    hold(fresh);
    return fresh;
  }

  static void freed() {
    LIVE.decrementAndGet();
  }

  // The scope that held it before forgets it when it sweeps or closes: it is no longer the owner.
  private void hold(Tensor tensor) {
    if (stack == null) {
      synchronized (tensors) {
        insert(tensor);
      }
    } else {
      insert(tensor);
    }
  }

  private void insert(Tensor tensor) {
    if (closed) {
      throw new IllegalStateException("this TensorScope is closed");
    }
    tensor.owner = this;
    tensors.add(tensor);
    if (tensors.size() >= sweepAt) {
      tensors.removeIf(t -> t.owner != this || t.isClosed());
      sweepAt = Math.max(SMALL, 2 * tensors.size());
    }
  }

  /** Frees every tensor that it holds. Closing twice does nothing. */
  @Override
  public void close() {
    if (stack == null) {
      synchronized (tensors) {
        free();
      }
    } else if (!closed) {
      leave(stack);
      free();
    }
  }

  private void leave(Stack own) {
    if (own.innermost != this || STACKS.get() != own) {
      throw new IllegalStateException(
          "scopes close in the opposite order of opening, on the thread that opened them");
    }
    own.innermost = outer;
  }

  /** Frees what it holds by now and stays open, for work that is done again and again. */
  public void clear() {
    for (Tensor tensor : tensors) {
      if (tensor.owner == this) {
        tensor.close();
      }
    }
    tensors.clear();
  }

  private void free() {
    closed = true;
    clear();
  }
}
