package io.afterimage.evidence;

import io.afterimage.data.Shape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Inputs that an attack rebuilt, several a class perhaps.
 *
 * @param shape of one reconstruction
 * @param pixels reconstruction after reconstruction, in the target's own units
 * @param classes the class that each was rebuilt for
 * @param classNames the target's classes
 * @param confidence the target's probability of that class for each
 * @param steps steps that each took
 * @param curve best confidence (mean over classes) against queries spent, for attacks that ask;
 *     else empty
 * @param judged what the judge's evaluators answered, by name; empty until the judge wrote it
 */
public record Reconstructions(
    Shape shape,
    float[] pixels,
    int[] classes,
    List<String> classNames,
    double[] confidence,
    int[] steps,
    List<CurvePoint> curve,
    Map<String, double[]> judged)
    implements Evidence {
  public Reconstructions {
    classNames = List.copyOf(classNames);
    curve = List.copyOf(curve);
    judged = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(judged));
  }

  /** How sure the target was after so many queries. */
  public record CurvePoint(long queries, double confidence) {}

  public int count() {
    return classes.length;
  }

  /** A copy of one reconstruction. */
  public float[] picture(int index) {
    return java.util.Arrays.copyOfRange(pixels, index * shape.size(), (index + 1) * shape.size());
  }
}
