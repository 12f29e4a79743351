package io.afterimage.target;

import io.afterimage.base.BadInputException;

/**
 * A model that was still at work on a few rows when its time was up, or wanted more memory for them
 * than there is.
 */
class NoAnswerException extends BadInputException {
  private static final long serialVersionUID = 1;

  NoAnswerException(String message) {
    super(message);
  }

  NoAnswerException(String message, Exception cause) {
    super(message, cause);
  }
}
