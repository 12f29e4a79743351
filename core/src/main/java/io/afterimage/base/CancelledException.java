package io.afterimage.base;

/** The user asked the run to stop. What was computed before stays. */
public final class CancelledException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public CancelledException() {
    this("stopped on request");
  }

  /**
   * @param left what of the work is kept, and how it goes on
   */
  public CancelledException(String left) {
    super(left);
  }
}
