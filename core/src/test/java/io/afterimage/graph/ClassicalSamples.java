package io.afterimage.graph;

import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;

/** The operators of ai.onnx.ml. */
final class ClassicalSamples extends SampleMaker {
  private static final String ML = Node.ML + ":";

  ClassicalSamples(Draws draws) {
    super(draws);
  }

  @Override
  void make() {
    classical();
    supportVectors();
  }

  private void classical() {
    add(
        ML + "LinearRegressor",
        node ->
            node.with("targets", 2).with("coefficients", numbers(6)).with("intercepts", numbers(2)),
        drawn(4, 3));
    add(
        ML + "LinearClassifier",
        node ->
            node.with("classlabels_ints", new long[] {1, 2, 3})
                .with("coefficients", numbers(9))
                .with("intercepts", numbers(3))
                .with("post_transform", "SOFTMAX"),
        2,
        drawn(4, 3));
    add(
        ML + "Scaler",
        node -> node.with("offset", numbers(3)).with("scale", numbers(3)),
        drawn(4, 3));
    for (String norm : List.of("MAX", "L1", "L2")) {
      add(ML + "Normalizer", node -> node.with("norm", norm), drawn(4, 3));
    }
    Tensor gaps = Tensors.of(new double[] {1, Double.NaN, 3, -4, 5, Double.NaN}, 2, 3);
    add(
        ML + "Imputer",
        node ->
            node.with("imputed_value_floats", numbers(3)).with("replaced_value_float", Double.NaN),
        gaps);
    add(ML + "ArrayFeatureExtractor", drawn(2, 4), whole(3, 0));
    add(
        ML + "FeatureVectorizer",
        node -> node.with("inputdimensions", new long[] {3, 2}),
        drawn(2, 3),
        drawn(2, 2));
    add(
        ML + "ZipMap",
        node -> node.with("classlabels_strings", List.of("a", "b", "c")),
        drawn(2, 3));
    for (String form : List.of("DENSE", "SPARSE")) {
      addValues(
          ML + "CastMap",
          node -> node.with("map_form", form).with("max_map", 4),
          1,
          Arrays.asList(new Value.Dictionary(Value.of(whole(3, 0)), Value.of(drawn(2)))));
    }
    addValues(
        ML + "DictVectorizer",
        node -> node.with("string_vocabulary", List.of("a", "b", "c", "d")),
        1,
        Arrays.asList(
            new Value.Dictionary(
                new Value.Strings(List.of("c", "a"), new long[] {2}), Value.of(drawn(2)))));
  }

  private void supportVectors() {
    for (String kernel : List.of("LINEAR", "POLY", "RBF", "SIGMOID")) {
      add(
          ML + "SVMRegressor",
          node ->
              node.with("n_supports", 4)
                  .with("kernel_type", kernel)
                  .with("kernel_params", new float[] {0.4f, 0.3f, 2})
                  .with("support_vectors", numbers(4 * 3))
                  .with("coefficients", numbers(4))
                  .with("rho", numbers(1)),
          drawn(5, 3));
    }
    for (String end : List.of("NONE", "LOGISTIC", "SOFTMAX")) {
      add(
          ML + "SVMClassifier",
          node -> classifier(node, 3).with("post_transform", end),
          2,
          drawn(5, 3));
    }
    for (int classes : new int[] {2, 3}) {
      int pairs = classes * (classes - 1) / 2;
      add(
          ML + "SVMClassifier",
          node ->
              classifier(node, classes)
                  .with("prob_a", numbers(pairs))
                  .with("prob_b", numbers(pairs)),
          2,
          drawn(5, 3));
    }
  }

  private OneNode classifier(OneNode node, int classes) {
    long[] labels = new long[classes];
    Arrays.setAll(labels, i -> i);
    long[] counts = new long[classes];
    Arrays.fill(counts, 2);
    return node.with("classlabels_ints", labels)
        .with("vectors_per_class", counts)
        .with("kernel_type", "RBF")
        .with("kernel_params", new float[] {0.4f, 0.3f, 3})
        .with("support_vectors", numbers(2 * classes * 3))
        .with("coefficients", numbers((classes - 1) * 2 * classes))
        .with("rho", numbers(classes * (classes - 1) / 2));
  }
}
