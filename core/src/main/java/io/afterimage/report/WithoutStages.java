package io.afterimage.report;

import io.afterimage.data.Shape;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Stages;
import java.util.List;
import java.util.Map;

/** Reconstructions as {@code afterimage/evidence/1} holds them. */
record WithoutStages(
    Shape shape,
    float[] pixels,
    float[] start,
    int[] classes,
    List<String> classNames,
    double[] confidence,
    int[] steps,
    List<CurvePoint> curve,
    Origins origins,
    Map<String, double[]> judged,
    Map<String, String> unjudged) {

  /** The same as they are held now. */
  Reconstructions now() {
    return new Reconstructions(
        shape,
        pixels,
        start,
        classes,
        classNames,
        confidence,
        steps,
        curve,
        origins,
        Stages.NONE,
        new int[0],
        judged,
        unjudged);
  }
}
