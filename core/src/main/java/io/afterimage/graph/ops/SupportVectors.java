package io.afterimage.graph.ops;

import io.afterimage.graph.Value;
import io.afterimage.tensor.DType;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.Maths;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Support vector machines of ai.onnx.ml, computed in DOUBLE. Without support vectors they are
 * linear.
 *
 * <p>A classifier lets each pair of classes decide, and takes the class that wins most pairs. Where
 * it has coefficients for them, it couples the pairs' probabilities (Wu, Lin, Weng: Probability
 * Estimates for Multi-class Classification by Pairwise Coupling, JMLR 2004, their second method, as
 * LIBSVM does).
 */
final class SupportVectors {
  private static final double LEAST = 1e-7;
  private static final int ITERATIONS = 100;
  private static final double TOLERANCE = 0.005;

  private SupportVectors() {}

  static void register() {
    Operators.ml("SVMRegressor", c -> Ml.one(regressed(c)));
    Operators.ml("SVMClassifier", SupportVectors::classified);
  }

  private static Tensor rows(Call c) {
    return Ml.rows(c.x(0)).to(DType.DOUBLE);
  }

  private static Tensor numbers(Call c, String attribute) {
    return c.numbers(attribute).to(DType.DOUBLE);
  }

  /** The matrix stored in an attribute, of so many rows. */
  private static Tensor matrix(Call c, String attribute, long rows, long columns) {
    Tensor values = numbers(c, attribute);
    if (values.count() != rows * columns) {
      throw c.error(
          "has %d %s, not %d times %d".formatted(values.count(), attribute, rows, columns));
    }
    return values.reshape(rows, columns);
  }

  private static Tensor rho(Call c, long count) {
    Tensor rho = numbers(c, "rho");
    if (rho.count() < count) {
      throw c.error("has %d rho, not %d".formatted(rho.count(), count));
    }
    return rho;
  }

  // ---- kernels

  /** How near each row is to each vector: [n, vectors]. */
  private static Tensor kernel(Call c, Tensor x, Tensor vectors) {
    float[] settings = c.attributes().numbers("kernel_params").orElse(new float[3]);
    if (settings.length < 3) {
      throw c.error("has %d kernel_params, not 3".formatted(settings.length));
    }
    c.sized(x.size(0), vectors.size(0));
    Tensor products = x.matmul(vectors.t());
    String type = c.attributes().text("kernel_type", "LINEAR");
    return switch (type) {
      case "LINEAR" -> products;
      case "POLY" -> products.mul(settings[0]).add(settings[1]).pow((int) settings[2]);
      case "SIGMOID" -> products.mul(settings[0]).add(settings[1]).tanh();
      case "RBF" -> distances(x, vectors, products).mul(-settings[0]).exp();
      default -> throw c.error("has kernel " + type + ", which is not supported");
    };
  }

  /** Squared. */
  private static Tensor distances(Tensor x, Tensor vectors, Tensor products) {
    Tensor own = x.square().sum(true, 1);
    return own.add(vectors.square().sum(false, 1)).sub(products.mul(2));
  }

  // ---- regression

  private static Tensor regressed(Call c) {
    Tensor x = rows(c);
    long supports = c.attributes().integer("n_supports", 0);
    Tensor scores =
        supports > 0
            ? kernel(c, x, matrix(c, "support_vectors", supports, x.size(1)))
                .matmul(matrix(c, "coefficients", supports, 1))
            : x.matmul(matrix(c, "coefficients", x.size(1), 1));
    Tensor shifted = scores.add(rho(c, 1).narrow(0, 0, 1)).to(c.real());
    if (c.attributes().flag("one_class", false)) {
      // An anomaly is -1, a usual row 1.
      return shifted.gt(0).to(c.real()).mul(2).sub(1);
    }
    return PostTransform.apply(c, shifted);
  }

  // ---- classification

  private static List<Value> classified(Call c) {
    Labels labels = Labels.of(c);
    Tensor x = rows(c);
    long[] perClass = c.attributes().integers("vectors_per_class").orElse(new long[0]);
    if (Arrays.stream(perClass).sum() == 0) {
      return linear(c, labels, x);
    }
    if (perClass.length != labels.count() || Arrays.stream(perClass).anyMatch(n -> n < 0)) {
      throw c.error(
          "has vectors_per_class %s for %d classes"
              .formatted(Arrays.toString(perClass), labels.count()));
    }
    Tensor margins = margins(c, x, perClass);
    Tensor winner = winner(margins.detach(), perClass.length);
    if (c.numbers("prob_a").count() > 0) {
      Tensor probabilities = coupled(c, margins, perClass.length);
      return answer(c, labels.pick(winner), probabilities);
    }
    if (perClass.length > 2) {
      return answer(c, labels.pick(winner), margins);
    }
    Tensor scores = ofTwo(c, margins).to(c.real());
    return List.of(labels.pick(binary(c, winner)), Value.of(scores));
  }

  // As ONNX Runtime does, which takes no softmax of a single margin.
  private static Tensor ofTwo(Call c, Tensor margin) {
    String name = PostTransform.name(c);
    return switch (name) {
      case "NONE" -> PostTransform.pair(margin.neg(), margin);
      case "LOGISTIC" -> PostTransform.pair(margin.neg(), margin).sigmoid();
      case "SOFTMAX", "SOFTMAX_ZERO" -> PostTransform.pair(margin.neg().add(1), margin);
      default -> throw c.error("ends in " + name + ", which is not supported for two classes");
    };
  }

  private static List<Value> answer(Call c, Value label, Tensor scores) {
    return List.of(label, Value.of(PostTransform.apply(c, scores).to(c.real())));
  }

  private static List<Value> linear(Call c, Labels labels, Tensor x) {
    Tensor coefficients = matrix(c, "coefficients", labels.count(), x.size(1));
    Tensor scores = x.matmul(coefficients.t()).add(rho(c, 1).narrow(0, 0, 1));
    return answer(c, labels.pick(scores.argmax(1, false)), scores);
  }

  // As ONNX Runtime does: with no negative coefficient one vote is enough for the second class.
  private static Tensor binary(Call c, Tensor winner) {
    boolean positive = numbers(c, "coefficients").min(false).item() >= 0;
    return positive ? winner.mul(Tensors.scalar(0L)).add(Tensors.scalar(1L)) : winner;
  }

  /** By how much the first class of each pair wins: [n, pairs]. */
  private static Tensor margins(Call c, Tensor x, long[] perClass) {
    int classes = perClass.length;
    long vectors = Arrays.stream(perClass).sum();
    Tensor near = kernel(c, x, matrix(c, "support_vectors", vectors, x.size(1)));
    Tensor coefficients = matrix(c, "coefficients", classes - 1L, vectors);
    Tensor rho = rho(c, classes * (classes - 1L) / 2);
    long[] starts = new long[classes];
    for (int i = 1; i < classes; i++) {
      starts[i] = starts[i - 1] + perClass[i - 1];
    }
    List<Tensor> margins = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      for (int j = i + 1; j < classes; j++) {
        Tensor first = part(near, coefficients, j - 1, starts[i], perClass[i]);
        Tensor second = part(near, coefficients, i, starts[j], perClass[j]);
        margins.add(first.add(second).add(rho.select(0, margins.size())));
      }
    }
    return Indexing.stack(margins, 1);
  }

  private static Tensor part(Tensor near, Tensor coefficients, int row, long start, long count) {
    return near.narrow(1, start, count).matmul(coefficients.select(0, row).narrow(0, start, count));
  }

  private static Tensor winner(Tensor margins, int classes) {
    Tensor votes = Tensors.zeros(DType.LONG, margins.size(0), classes);
    int pair = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = i + 1; j < classes; j++) {
        Tensor first = margins.select(1, pair++).gt(0).to(DType.LONG);
        Tensor second = Tensors.scalar(1L).sub(first);
        votes = votes.add(column(first, i, classes)).add(column(second, j, classes));
      }
    }
    return votes.argmax(1, false);
  }

  private static Tensor column(Tensor values, int place, int classes) {
    long[] unit = new long[classes];
    unit[place] = 1;
    return values.unsqueeze(1).mul(Tensors.of(unit, classes));
  }

  // ---- probabilities

  /** Probabilities of the classes whose pairs agree best with the pairs' own: [n, classes]. */
  private static Tensor coupled(Call c, Tensor margins, int classes) {
    Tensor slopes = numbers(c, "prob_a");
    Tensor shifts = numbers(c, "prob_b");
    if (slopes.count() != margins.size(1) || shifts.count() != margins.size(1)) {
      throw c.error(
          "has %d prob_a and %d prob_b for %d pairs of classes"
              .formatted(slopes.count(), shifts.count(), margins.size(1)));
    }
    Tensor first = Maths.clamp(margins.mul(slopes).add(shifts).neg().sigmoid(), LEAST, 1 - LEAST);
    return coupled(quadratic(first, classes), classes);
  }

  /** The form whose minimum over distributions is sought: [n, classes, classes]. */
  private static Tensor quadratic(Tensor first, int classes) {
    Tensor[][] wins = new Tensor[classes][classes];
    int pair = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = i + 1; j < classes; j++) {
        wins[i][j] = first.select(1, pair++);
        wins[j][i] = wins[i][j].neg().add(1);
      }
    }
    List<Tensor> rows = new ArrayList<>();
    for (int i = 0; i < classes; i++) {
      List<Tensor> row = new ArrayList<>();
      Tensor diagonal = Tensors.zeros(DType.DOUBLE);
      for (int j = 0; j < classes; j++) {
        diagonal = i == j ? diagonal : diagonal.add(wins[j][i].square());
      }
      for (int j = 0; j < classes; j++) {
        row.add(i == j ? diagonal : wins[j][i].mul(wins[i][j]).neg());
      }
      rows.add(Indexing.stack(row, 1));
    }
    return Indexing.stack(rows, 1);
  }

  /** Descends coordinate by coordinate; a row that has converged stays as it is. */
  private static Tensor coupled(Tensor q, int classes) {
    Tensor p = Tensors.full(DType.DOUBLE, 1.0 / classes, q.size(0), classes);
    for (int i = 0; i < Math.max(ITERATIONS, classes); i++) {
      Tensor qp = q.matmul(p.unsqueeze(-1)).squeeze(-1);
      Tensor value = p.mul(qp).sum(true, 1);
      Tensor goesOn = qp.sub(value).abs().max(true, 1).gt(TOLERANCE / classes).to(DType.BOOL);
      if (goesOn.count() == 0 || goesOn.to(DType.LONG).max(false).item() == 0) {
        break;
      }
      p = swept(q, p, qp, value, classes).where(goesOn, p);
    }
    return p;
  }

  private static Tensor swept(Tensor q, Tensor p, Tensor qp, Tensor value, int classes) {
    Tensor at = p;
    Tensor slopes = qp;
    Tensor form = value;
    for (int t = 0; t < classes; t++) {
      Tensor row = q.select(1, t);
      Tensor own = row.narrow(1, t, 1);
      Tensor slope = slopes.narrow(1, t, 1);
      Tensor step = form.sub(slope).div(own);
      Tensor scale = step.add(1);
      form = form.add(step.mul(step.mul(own).add(slope, 2))).div(scale.square());
      slopes = slopes.add(step.mul(row)).div(scale);
      long[] unit = new long[classes];
      unit[t] = 1;
      at = at.add(step.mul(Tensors.of(unit, classes).to(DType.DOUBLE))).div(scale);
    }
    return at;
  }
}
