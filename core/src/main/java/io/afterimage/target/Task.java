package io.afterimage.target;

/** What a target predicts. */
public enum Task {
  CLASSIFICATION,
  REGRESSION
}
