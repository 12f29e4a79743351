package io.afterimage.train;

import io.afterimage.graph.OnnxModel;

/** What a training lessens, by name. */
public enum Objective {
  CROSS_ENTROPY,
  SQUARED_ERROR,
  ABSOLUTE_ERROR,
  HUBER,
  /** Rows are built again by probabilities: of rows whose numbers lie between 0 and 1. */
  BINARY_CROSS_ENTROPY,
  /** Rows are built again, by the squared error. */
  RECONSTRUCTION,
  RANKING;

  /** Whether labels are numbers. */
  public boolean regresses() {
    return this == SQUARED_ERROR || this == ABSOLUTE_ERROR || this == HUBER;
  }

  /** Whether rows are their own labels. */
  public boolean rebuilds() {
    return this == RECONSTRUCTION || this == BINARY_CROSS_ENTROPY;
  }

  /** The loss of a model's answers. */
  Loss of(OnnxModel model, Recipe recipe) {
    return switch (this) {
      case CROSS_ENTROPY -> Loss.crossEntropy(model, recipe.labelSmoothing());
      case SQUARED_ERROR, RECONSTRUCTION -> Loss.squaredError(model);
      case ABSOLUTE_ERROR -> Loss.absoluteError(model);
      case HUBER -> Loss.huber(model, recipe.huberDelta());
      case BINARY_CROSS_ENTROPY -> Loss.binaryCrossEntropy(model);
      case RANKING -> Loss.ranking(model);
    };
  }
}
