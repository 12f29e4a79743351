package io.afterimage.base;

/**
 * The user's input cannot be used. The message is one line that names what was given, where, the
 * bound it broke and what to do about it; the command line prints it alone and exits with 2.
 */
public class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public BadInputException(String message) {
    super(message);
  }

  public BadInputException(String message, Throwable cause) {
    super(message, cause);
  }
}
