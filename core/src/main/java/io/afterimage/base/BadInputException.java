package io.afterimage.base;

/**
 * The user's input cannot be used. The message is one line that names what was given, where, the
 * bound it broke and what to do about it; the command line prints it alone and exits with 2.
 */
public class BadInputException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /** Names in files may hold anything: control characters of a message become question marks. */
  public BadInputException(String message) {
    super(oneLine(message));
  }

  /** The same, with what it comes from. */
  public BadInputException(String message, Throwable cause) {
    super(oneLine(message), cause);
  }

  private static String oneLine(String message) {
    return message.replaceAll("[\\p{Cntrl}\u0085\u2028\u2029]", "?");
  }
}
