package io.afterimage.base;

/** Hears how far long work has come. Implementations may be called from any thread. */
@FunctionalInterface
public interface Progress {
  /** Work of this name has done so many of its steps. */
  void at(String work, long done, long total);

  /** Hears nothing. */
  Progress NONE = (work, done, total) -> {};
}
