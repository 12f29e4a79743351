package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Linear models, scalers and normalisers of ai.onnx.ml. */
final class Ml {
  private Ml() {}

  static void register() {
    Operators.ml("LinearRegressor", c -> one(PostTransform.apply(c, linear(c, targets(c)))));
    Operators.ml("LinearClassifier", Ml::linearClassifier);
    Operators.ml("Scaler", c -> one(scaled(c)));
    Operators.ml("Normalizer", c -> one(normalised(c)));
    Operators.ml("Imputer", c -> one(imputed(c)));
    Operators.ml("ArrayFeatureExtractor", Ml::extract);
    Operators.ml(
        "FeatureVectorizer",
        c -> one(Indexing.cat(c.all().stream().map(x -> rows(x.to(c.real()))).toList(), 1)));
    Operators.flatMl(
        "Binarizer",
        "it is constant between steps",
        c -> one(c.x(0).gt(c.attributes().number("threshold", 0)).to(c.x(0).dtype())));
  }

  static List<Value> one(Tensor tensor) {
    return List.of(Value.of(tensor));
  }

  /** One row an example; a vector is one example. */
  static Tensor rows(Tensor x) {
    return x.rank() == 1 ? x.unsqueeze(0) : x;
  }

  private static long targets(Call c) {
    return c.attributes().integer("targets", 1);
  }

  private static Tensor linear(Call c, long outputs) {
    Tensor x = rows(c.x(0).to(c.real()));
    Tensor coefficients = c.numbers("coefficients");
    if (coefficients.count() != outputs * x.size(-1)) {
      throw c.error(
          "has %d coefficients for %d columns and %d outputs"
              .formatted(coefficients.count(), x.size(-1), outputs));
    }
    Tensor scores = x.matmul(coefficients.reshape(outputs, x.size(-1)).t());
    Tensor intercepts = c.numbers("intercepts");
    return intercepts.count() == 0 ? scores : scores.add(intercepts);
  }

  /**
   * Label, scores, and as a third output the scores before their transform. With one score for two
   * classes the second class has it, as ONNX Runtime does.
   */
  private static List<Value> linearClassifier(Call c) {
    Labels labels = Labels.of(c);
    long outputs = c.numbers("coefficients").count() / rows(c.x(0)).size(-1);
    Tensor raw = linear(c, outputs);
    if (outputs == 1 && labels.count() == 2) {
      Tensor scores = PostTransform.apply(c, raw);
      return List.of(
          labels.pick(raw.gt(0).to(DType.LONG).reshape(-1)),
          Value.of(PostTransform.pair(scores.neg().add(1), scores)),
          Value.of(PostTransform.pair(raw.mul(0), raw)));
    }
    Value label = labels.pick(raw.argmax(1, false));
    return List.of(label, Value.of(PostTransform.apply(c, raw)), Value.of(raw));
  }

  private static Tensor scaled(Call c) {
    Tensor x = c.x(0).to(c.real());
    return x.sub(c.numbers("offset")).mul(c.numbers("scale"));
  }

  private static Tensor normalised(Call c) {
    Tensor x = rows(c.x(0).to(c.real()));
    Tensor norm =
        switch (c.attributes().text("norm", "MAX")) {
          case "MAX" -> x.max(true, 1);
          case "L1" -> x.abs().sum(true, 1);
          case "L2" -> Maths.norm(x, true, 1);
          default -> throw c.error("has a norm that is not supported");
        };
    Tensor one = Tensors.ones(norm.dtype(), norm.shape());
    return x.div(one.where(norm.eq(0), norm));
  }

  private static Tensor imputed(Call c) {
    Tensor x = rows(c.x(0));
    if (x.dtype().isFloating()) {
      double replaced = c.attributes().number("replaced_value_float", 0);
      Tensor missing = Double.isNaN(replaced) ? Maths.isnan(x) : x.eq(replaced);
      return c.numbers("imputed_value_floats").to(x.dtype()).where(missing, x);
    }
    long[] values = c.attributes().integers("imputed_value_int64s").orElse(new long[0]);
    Tensor missing = x.eq(Tensors.scalar(c.attributes().integer("replaced_value_int64", 0)));
    return Tensors.of(values, values.length).where(missing, x);
  }

  /** Columns by index; a vector is one row. */
  private static List<Value> extract(Call c) {
    long[] picks = c.longs(1);
    long[] shape = c.value(0).shape();
    long columns = shape.length == 0 ? 1 : shape[shape.length - 1];
    for (long pick : picks) {
      if (pick < 0 || pick >= columns) {
        throw c.error("picks column " + pick + " of " + columns);
      }
    }
    if (c.value(0) instanceof Value.Strings strings) {
      return List.of(extract(strings, picks, columns));
    }
    Tensor x = rows(c.x(0));
    return one(Indexing.indexSelect(x, x.rank() - 1, Tensors.of(picks, picks.length)));
  }

  private static Value extract(Value.Strings strings, long[] picks, long columns) {
    int rows = (int) (strings.values().size() / Math.max(1, columns));
    List<String> picked =
        IntStream.range(0, rows)
            .boxed()
            .flatMap(
                row ->
                    Arrays.stream(picks)
                        .mapToObj(p -> strings.values().get((int) (row * columns + p))))
            .toList();
    return new Value.Strings(picked, new long[] {rows, picks.length});
  }
}
