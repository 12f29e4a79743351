package io.afterimage.target;

import io.afterimage.graph.FinalScores;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Outputs;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Which value of a graph leads to its scores, and how.
 *
 * @param value the name of the value
 * @param logits makes logits of it, [rows, classes], or a regressor's value, [rows, 1]
 * @param probabilities makes probabilities of it, of the same shape, or the same value
 */
record ScoreHead(String value, UnaryOperator<Tensor> logits, UnaryOperator<Tensor> probabilities) {
  /** That of an output of this meaning; empty where the graph shows labels alone. */
  static Optional<ScoreHead> of(OnnxModel model, String read, Meaning meaning) {
    String output = Outputs.beforeMaps(model, read);
    return switch (meaning) {
      case VALUE -> Optional.of(new ScoreHead(output, ScoreHead::rows, ScoreHead::rows));
      case LOGITS -> Optional.of(softmax(output, ScoreHead::twoLogits));
      case PROBABILITIES ->
          before(model, output)
              .or(
                  () ->
                      Optional.of(
                          new ScoreHead(
                              output,
                              p -> twoProbabilities(p).log(),
                              ScoreHead::twoProbabilities)));
      case LOG_PROBABILITIES ->
          before(model, output)
              .or(() -> Optional.of(softmax(output, l -> twoProbabilities(l.exp()).log())));
      case LABEL -> before(model, output);
    };
  }

  private static Optional<ScoreHead> before(OnnxModel model, String output) {
    return Outputs.finalScores(model, output)
        .map(scores -> softmax(scores.value(), raw -> logits(scores, rows(raw))));
  }

  private static ScoreHead softmax(String value, UnaryOperator<Tensor> logits) {
    return new ScoreHead(value, logits, raw -> logits.apply(raw).softmax(-1));
  }

  // One against the rest, made to add up to 1: its logarithms are logits as good as any.
  private static Tensor logits(FinalScores scores, Tensor raw) {
    boolean sigmoids = scores.link() != FinalScores.Link.SOFTMAX && raw.size(1) > 1;
    return sigmoids ? scores.logProbabilities(raw) : twoLogits(raw);
  }

  private static Tensor rows(Tensor raw) {
    return raw.reshape(raw.size(0), -1);
  }

  private static Tensor twoLogits(Tensor raw) {
    Tensor rows = rows(raw);
    return rows.size(1) > 1 ? rows : Indexing.cat(List.of(Tensors.zerosLike(rows), rows), 1);
  }

  private static Tensor twoProbabilities(Tensor raw) {
    Tensor rows = rows(raw);
    return rows.size(1) > 1 ? rows : Indexing.cat(List.of(rows.neg().add(1), rows), 1);
  }
}
