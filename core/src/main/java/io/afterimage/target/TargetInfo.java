package io.afterimage.target;

import io.afterimage.base.Access;
import io.afterimage.data.Shape;
import java.util.List;
import java.util.Optional;

/**
 * What a target is.
 *
 * @param name for messages: the model's file name
 * @param task what it predicts
 * @param classes the names of the classes in the order of the answers' columns; empty for a
 *     regressor
 * @param meaning what its answers are
 * @param access what the adversary sees
 * @param arrayInput the shape of one row where the target takes one numeric tensor; empty where it
 *     takes columns
 */
public record TargetInfo(
    String name,
    Task task,
    List<String> classes,
    Meaning meaning,
    Access access,
    Optional<Shape> arrayInput) {
  public TargetInfo {
    classes = List.copyOf(classes);
  }
}
