package io.afterimage.train;

import io.afterimage.base.Run;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Minimises a smooth convex function by limited-memory BFGS (Nocedal 1980; Liu, Nocedal 1989) with
 * a backtracking line search (Armijo).
 */
final class Lbfgs {
  private static final int MEMORY = 10;
  private static final double SUFFICIENT = 1e-4;

  /** A value and its gradient. */
  interface Function {
    /** The value at x; the gradient is written into the second argument, overwriting it. */
    double at(double[] x, double[] gradient);
  }

  private record Pair(double[] step, double[] change, double product) {}

  private Lbfgs() {}

  /**
   * The minimum, reached from x.
   *
   * @param tolerance stops where no component of the gradient is larger
   * @param iterations stops after so many in any case
   */
  static double[] minimise(
      Function function, double[] x, double tolerance, int iterations, Run run) {
    double[] at = x.clone();
    double[] gradient = new double[x.length];
    double value = function.at(at, gradient);
    Deque<Pair> memory = new ArrayDeque<>();
    for (int i = 0; i < iterations && largest(gradient) > tolerance; i++) {
      run.checkCancelled();
      double[] direction = direction(gradient, memory);
      double slope = dot(direction, gradient);
      double[] next = new double[x.length];
      double[] nextGradient = new double[x.length];
      double length = memory.isEmpty() ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
      double nextValue;
      while (true) {
        move(at, direction, length, next);
        nextValue = function.at(next, nextGradient);
        if (nextValue <= value + SUFFICIENT * length * slope) {
          break;
        }
        length /= 2;
        if (length < 1e-12) {
          return at;
        }
      }
      remember(memory, minus(next, at), minus(nextGradient, gradient));
      at = next;
      gradient = nextGradient;
      value = nextValue;
    }
    return at;
  }

  /**
   * Minus the product of the inverse Hessian's estimate and the gradient: the two-loop recursion.
   */
  private static double[] direction(double[] gradient, Deque<Pair> memory) {
    double[] q = gradient.clone();
    double[] alphas = new double[memory.size()];
    int i = 0;
    for (Pair pair : memory) {
      alphas[i] = dot(pair.step, q) / pair.product;
      add(q, -alphas[i++], pair.change);
    }
    if (!memory.isEmpty()) {
      Pair last = memory.getFirst();
      scale(q, last.product / dot(last.change, last.change));
    }
    for (var oldest = memory.descendingIterator(); oldest.hasNext(); ) {
      Pair pair = oldest.next();
      add(q, alphas[--i] - dot(pair.change, q) / pair.product, pair.step);
    }
    scale(q, -1);
    return q;
  }

  /** Keeps a step whose curvature is positive; the newest stands first. */
  private static void remember(Deque<Pair> memory, double[] step, double[] change) {
    double product = dot(step, change);
    if (product > 1e-12 * dot(change, change)) {
      memory.addFirst(new Pair(step, change, product));
    }
    if (memory.size() > MEMORY) {
      memory.removeLast();
    }
  }

  private static void move(double[] from, double[] direction, double length, double[] into) {
    for (int i = 0; i < from.length; i++) {
      into[i] = from[i] + length * direction[i];
    }
  }

  private static double[] minus(double[] a, double[] b) {
    double[] difference = new double[a.length];
    move(a, b, -1, difference);
    return difference;
  }

  private static void add(double[] to, double factor, double[] values) {
    move(to, values, factor, to);
  }

  private static void scale(double[] values, double factor) {
    for (int i = 0; i < values.length; i++) {
      values[i] *= factor;
    }
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double largest(double[] values) {
    double largest = 0;
    for (double value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }
}
