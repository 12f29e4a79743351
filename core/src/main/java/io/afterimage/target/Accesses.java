package io.afterimage.target;

import io.afterimage.base.Access;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What an adversary who holds a model's file could see of it. */
public final class Accesses {
  private Accesses() {}

  /** The accesses that the file does not give, each with the reason. Loads nothing native. */
  public static Map<Access, String> missing(OnnxTarget target) {
    Map<Access, String> missing = new EnumMap<>(Access.class);
    Meaning meaning = target.info().meaning();
    if (meaning == Meaning.VALUE) {
      missing.put(Access.LABEL, "a regressor has no classes");
    }
    if (meaning == Meaning.LABEL) {
      missing.put(Access.SCORES, "it answers labels alone");
    }
    InterpretedTarget.missing(target)
        .ifPresent(
            reason ->
                List.of(Access.LOGITS, Access.FEATURES, Access.GRADIENTS)
                    .forEach(access -> missing.put(access, reason)));
    if (target.info().access() == Access.LOGITS) {
      missing.remove(Access.LOGITS);
    }
    return missing;
  }
}
