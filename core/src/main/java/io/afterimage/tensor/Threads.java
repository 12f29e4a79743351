package io.afterimage.tensor;

import io.afterimage.base.Checks;
import java.util.function.Supplier;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * Threads within one operation. Where several workers run side by side one each is best: threads
 * that wait for each other cost far more than they bring.
 */
public final class Threads {
  private Threads() {}

  /**
   * Lets an operation use so many threads. libtorch takes it for the calling thread and for threads
   * started later, OpenBLAS for the whole process.
   */
  public static void setIntraOp(int threads) {
    Checks.inRange("--threads", threads, 1, 1024);
    Natives.load();
    torch.set_num_threads(threads);
    openblas_nolapack.blas_set_num_threads(threads);
  }

  /**
   * Does work with one thread an operation, as small models and workers side by side want it, and
   * goes back to as many as before.
   */
  public static <T> T alone(Supplier<T> work) {
    int before = intraOp();
    setIntraOp(1);
    try {
      return work.get();
    } finally {
      setIntraOp(before);
    }
  }

  /** How many threads an operation of the calling thread uses. */
  public static int intraOp() {
    Natives.load();
    return torch.get_num_threads();
  }
}
