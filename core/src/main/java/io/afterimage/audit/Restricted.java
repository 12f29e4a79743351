package io.afterimage.audit;

import io.afterimage.base.Access;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.defence.DefendedTarget;
import io.afterimage.defence.OutputDefences;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import java.util.Optional;

/** A model as an adversary reaches it who has less access than its file gives. */
final class Restricted {
  private Restricted() {}

  /**
   * The target with this access and no more. Closing it is left to whoever opened the target.
   *
   * @throws BadInputException where the target cannot be reached so
   */
  static ScoreTarget to(Access access, ScoreTarget target, Run run) {
    TargetInfo info = target.info();
    return switch (access) {
      case LABEL -> {
        if (info.task() == Task.REGRESSION) {
          throw refused(access, info, "answers with a number, which is no label; say SCORES");
        }
        yield info.access() == Access.LABEL
            ? target
            : new DefendedTarget(target, OutputDefences.parse("label-only").get(0), run);
      }
      case SCORES -> {
        if (info.access() == Access.LABEL) {
          throw refused(access, info, "answers with labels alone; say LABEL");
        }
        yield info.access() == Access.LOGITS ? new Probabilities(target) : target;
      }
      case LOGITS -> {
        if (info.access() != Access.LOGITS) {
          throw refused(access, info, "does not answer with logits; say SCORES, or GRADIENTS");
        }
        yield target;
      }
      case FEATURES, GRADIENTS ->
          throw refused(access, info, "shows answers alone; say SCORES, or LABEL");
    };
  }

  private static BadInputException refused(Access access, TargetInfo info, String why) {
    return new BadInputException("--access %s: %s: %s".formatted(access, info.name(), why));
  }

  /** Probabilities of a model that answers with logits. */
  private record Probabilities(ScoreTarget target) implements ScoreTarget {
    @Override
    public TargetInfo info() {
      TargetInfo info = target.info();
      return new TargetInfo(
          info.name(),
          info.task(),
          info.classes(),
          Meaning.PROBABILITIES,
          Access.SCORES,
          info.arrayInput());
    }

    @Override
    public Optional<OnnxModel> architecture() {
      return target.architecture();
    }

    @Override
    public Answers answers() {
      return target.answers();
    }

    @Override
    public Predictions scores(Dataset rows) {
      return target.scores(rows).probabilities();
    }
  }
}
