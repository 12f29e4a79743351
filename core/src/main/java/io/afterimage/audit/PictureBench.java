package io.afterimage.audit;

import io.afterimage.base.BadInputException;
import io.afterimage.base.BudgetExhaustedException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Pictures.Frame;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.judge.RecognitionJudge;
import io.afterimage.judge.RecognitionJudge.PermutedLabels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Judges reconstructions beside those that the same attack makes of a model of permuted labels: the
 * target's own graph, retrained so that nobody's name leads to that person's pictures. Both the
 * evaluator and that model are trained once an audit.
 */
final class PictureBench implements AutoCloseable {
  private final Session session;
  private final Retraining retraining;
  private @Nullable RecognitionJudge judge;
  private Retraining.@Nullable Outcome permuted;

  PictureBench(Session session, Retraining retraining) {
    this.session = session;
    this.retraining = retraining;
  }

  /** The evidence with the judge's answers. */
  Evidence judged(Evidence evidence, Plan.Item item, Reach reach) {
    return evidence instanceof Reconstructions rebuilt
        ? judge(rebuilt).judge(rebuilt, permuted(rebuilt, item, reach))
        : evidence;
  }

  // Whom a model of permuted labels takes a record for, the attack would look for in vain.
  private PermutedLabels permuted(Reconstructions rebuilt, Plan.Item item, Reach reach) {
    return rebuilt.origins().count() > 0
        ? PermutedLabels.none("single records were inverted, not classes")
        : permuted(item, reach);
  }

  /** What a reader who may see pictures lays beside the reconstructions. */
  Pictures beside(Reconstructions judged) {
    Split split = session.split();
    return Pictures.beside(
        frame(judged.shape(), split.members()), judged, split.members(), split.nonMembers());
  }

  /** The members' least number is black, their greatest white. */
  private static Frame frame(Shape shape, Dataset members) {
    float black = Float.POSITIVE_INFINITY;
    float white = Float.NEGATIVE_INFINITY;
    for (Column column : members.inputs()) {
      if (column instanceof Column.Array array) {
        for (float value : array.values()) {
          black = Math.min(black, value);
          white = Math.max(white, value);
        }
      }
    }
    float low = black < white ? black : 0;
    float high = black < white ? white : 1;
    return Planes.of(shape, members)
        .filter(planes -> planes.channels() != 4)
        .map(p -> new Frame(p.height(), p.width(), p.channels(), !p.channelsLast(), low, high))
        .orElseGet(() -> Frame.of(shape, low, high));
  }

  private RecognitionJudge judge(Reconstructions rebuilt) {
    RecognitionJudge known = judge;
    if (known == null) {
      session.remark().accept("judge: an evaluator learns to tell the classes apart");
      known =
          new RecognitionJudge(
              rebuilt.shape(),
              rebuilt.classNames(),
              session.split(),
              session.subject().whiteBox(),
              session.run().keyed("judge"));
      judge = known;
    }
    return known;
  }

  private PermutedLabels permuted(Plan.Item item, Reach reach) {
    if (!session.spec().classIsPerson()) {
      return PermutedLabels.none("without --class-is-person no class is one person");
    }
    Retraining.Outcome model = retrained();
    if (model.subject().isEmpty()) {
      return PermutedLabels.none(model.account());
    }
    try {
      Subject subject = model.subject().get();
      Steps.Saved saved = Attacker.run(session, item, reach, subject, session.split());
      return PermutedLabels.of((Reconstructions) saved.evidence());
    } catch (BudgetExhaustedException | BadInputException e) {
      return PermutedLabels.none(String.valueOf(e.getMessage()));
    }
  }

  private Retraining.Outcome retrained() {
    Retraining.Outcome known = permuted;
    if (known == null) {
      session.remark().accept("baseline: the model is trained again on permuted labels");
      Dataset rows = permutedLabels(session.split().members(), session.run());
      known = retraining.on("permuted labels", rows);
      session.remark().accept("baseline: " + known.account());
      permuted = known;
    }
    return known;
  }

  /** The same pictures, each with a label drawn without replacement from all of them. */
  static Dataset permutedLabels(Dataset rows, Run run) {
    Column.Categorical label = (Column.Categorical) rows.label().orElseThrow();
    int[] codes =
        Arrays.stream(run.shuffled("permuted labels", label.rows())).map(label::code).toArray();
    return rows.with(new Column.Categorical(label.name(), codes, label.dictionary()));
  }

  @Override
  public void close() {
    if (judge != null) {
      judge.close();
    }
    if (permuted != null) {
      permuted.close();
    }
  }
}
