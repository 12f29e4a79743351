package io.afterimage.judge;

import io.afterimage.evidence.Reconstructions;
import java.util.LinkedHashMap;
import java.util.Map;

/** What judges say of one set of reconstructions, and what they cannot say. */
final class Opinion {
  private final Map<String, double[]> answers = new LinkedHashMap<>();
  private final Map<String, String> unanswered = new LinkedHashMap<>();

  void put(String name, double[] values) {
    answers.put(name, values);
  }

  /** There is no answer of this name, for this reason, unless one was given. */
  void none(String name, String reason) {
    if (!answers.containsKey(name)) {
      unanswered.put(name, reason);
    }
  }

  /** The reconstructions with all of it. */
  Reconstructions of(Reconstructions rebuilt) {
    return rebuilt.judged(answers, unanswered);
  }
}
