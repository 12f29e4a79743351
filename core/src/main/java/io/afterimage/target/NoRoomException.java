package io.afterimage.target;

/** A model that wanted more memory for these rows than it may have; fewer rows may fit. */
final class NoRoomException extends NoAnswerException {
  private static final long serialVersionUID = 1;

  NoRoomException(String message) {
    super(message);
  }

  NoRoomException(String message, Exception cause) {
    super(message, cause);
  }
}
