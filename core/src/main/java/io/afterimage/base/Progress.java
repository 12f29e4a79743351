package io.afterimage.base;

/** Hears how far long work has come. Implementations may be called from any thread. */
@FunctionalInterface
public interface Progress {
  /** Work of this name has done so many of its steps. */
  void at(String work, long done, long total);

  /** What the user should know before long work begins, such as how long it may take. */
  default void say(String line) {}

  /** Hears nothing. */
  Progress NONE = (work, done, total) -> {};
}
