package io.afterimage.target;

import io.afterimage.data.Dataset;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A target whose every answer is counted: one query a row, whatever is asked about it, the
 * evaluations of a white box included. Has the interfaces that the target behind it has, no more.
 *
 * <p>Answers that contradict what the target says of them are a BadInputException.
 */
public class MeteredTarget implements LabelTarget {
  private final LabelTarget target;
  private final QueryMeter meter;

  private MeteredTarget(LabelTarget target, QueryMeter meter) {
    this.target = target;
    this.meter = meter;
  }

  /** Counts what this target is asked. The result is a ScoreTarget, … where the target is one. */
  public static LabelTarget of(LabelTarget target, QueryMeter meter) {
    if (target instanceof GradientTarget gradients) {
      return new Gradients(gradients, meter);
    }
    if (target instanceof FeatureTarget features) {
      return new Features(features, meter);
    }
    return target instanceof ScoreTarget scores
        ? new Scores(scores, meter)
        : new MeteredTarget(target, meter);
  }

  /** Counts what this target is asked; see {@link #of(LabelTarget, QueryMeter)}. */
  public static ScoreTarget of(ScoreTarget target, QueryMeter meter) {
    return (ScoreTarget) of((LabelTarget) target, meter);
  }

  final void spend(long rows) {
    meter.spend(rows);
  }

  @Override
  public final TargetInfo info() {
    return target.info();
  }

  @Override
  public final Answers answers() {
    return target.answers();
  }

  @Override
  public final Optional<OnnxModel> architecture() {
    return target.architecture();
  }

  @Override
  public final OptionalLong queriesLeft() {
    return meter.left();
  }

  @Override
  public final int[] labels(Dataset rows) {
    spend(rows.rows());
    return stated().of(target.labels(rows), rows.rows());
  }

  final Predictions stated(Predictions answers, Dataset rows) {
    return stated().of(answers, rows.rows());
  }

  private StatedAnswers stated() {
    return new StatedAnswers(info(), answers());
  }

  @Override
  public final void close() {
    target.close();
  }

  private static class Scores extends MeteredTarget implements ScoreTarget {
    private final ScoreTarget target;

    Scores(ScoreTarget target, QueryMeter meter) {
      super(target, meter);
      this.target = target;
    }

    @Override
    public Predictions scores(Dataset rows) {
      spend(rows.rows());
      return stated(target.scores(rows), rows);
    }
  }

  private static class Features extends Scores implements FeatureTarget {
    private final FeatureTarget target;

    Features(FeatureTarget target, QueryMeter meter) {
      super(target, meter);
      this.target = target;
    }

    @Override
    public List<String> layers() {
      return target.layers();
    }

    @Override
    public Tensor input(Dataset rows) {
      return target.input(rows);
    }

    @Override
    public Tensor features(Tensor x, String layer) {
      spend(x.size(0));
      return target.features(x, layer);
    }
  }

  private static final class Gradients extends Features implements GradientTarget {
    private final GradientTarget target;

    Gradients(GradientTarget target, QueryMeter meter) {
      super(target, meter);
      this.target = target;
    }

    @Override
    public Tensor logits(Tensor x) {
      spend(x.size(0));
      return target.logits(x);
    }

    @Override
    public Tensor probabilities(Tensor x) {
      spend(x.size(0));
      return target.probabilities(x);
    }

    @Override
    public Inside inside(Tensor x, List<String> layers) {
      spend(x.size(0));
      return target.inside(x, layers);
    }
  }
}
