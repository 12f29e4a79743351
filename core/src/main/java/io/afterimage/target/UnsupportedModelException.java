package io.afterimage.target;

import io.afterimage.base.BadInputException;

/**
 * A sound model that cannot be asked as it stands, though much can be said of its file: the message
 * says why, and what would help.
 */
public final class UnsupportedModelException extends BadInputException {
  private static final long serialVersionUID = 1;

  private final String operator;

  UnsupportedModelException(String message) {
    super(message);
    operator = "";
  }

  UnsupportedModelException(String message, String operator, Exception cause) {
    super(message, cause);
    this.operator = operator;
  }

  /**
   * The type of the operator that ONNX Runtime does not have; empty where that is not the reason.
   */
  public String operator() {
    return operator;
  }
}
