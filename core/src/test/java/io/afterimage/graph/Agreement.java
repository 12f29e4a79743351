package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;

/**
 * That the interpreter answers drawn rows as ONNX Runtime does, and that its gradients are those of
 * differences.
 */
final class Agreement {
  private static final Run RUN = Run.of(11);
  private static final int ROWS = 5;

  private Agreement() {}

  /** To 1e-5 in the scores and 1e-6 in the gradients. */
  static void check(OnnxModel model) {
    check(model, 1e-5, 1e-6);
  }

  /** Tolerances are relative to the greatest score or slope. */
  static void check(OnnxModel model, double scores, double gradients) {
    Verify.Result result =
        Verify.run(model, Verify.drawnInputs(model, ROWS, RUN), new Ort(model), RUN);
    assertThat(result.reason()).isEmpty();
    assertThat(result.rows()).isEqualTo(ROWS);
    assertThat(result.maxRelative()).as("scores").isLessThan(scores);
    assertThat(result.gradientMaxRelative()).as("gradients").isLessThan(gradients);
  }
}
