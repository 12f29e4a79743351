package io.afterimage.train;

import static io.afterimage.base.Checks.above;
import static io.afterimage.base.Checks.check;
import static io.afterimage.base.Checks.inRange;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeEnsembles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Trees grown one after the other, each on what those before it left wrong (Friedman 2001), by
 * XGBoost (Chen, Guestrin 2016): on histograms, the leaf of greatest gain first. The same rows give
 * the same trees.
 *
 * @param rounds how often trees are added: one, or one for each of three classes and more; 1 to
 *     10,000
 * @param depth splits on the way to a leaf at most, 1 to 100
 * @param leaves of a tree at most, from 2
 * @param rate what each tree's answers are multiplied by, above 0 to 1
 */
public record BoostedTrees(int rounds, int depth, int leaves, double rate) implements TreeRecipe {
  private static final String NAME = "boosted trees";
  private static final JsonMapper JSON = new JsonMapper();

  public BoostedTrees {
    inRange("rounds", rounds, 1, 10_000);
    inRange("depth", depth, 1, 100);
    inRange("leaves", leaves, 2, 1_000_000);
    above("rate", rate, 0, 1);
  }

  @Override
  public OnnxModel grow(LabelledTable rows, Run run) {
    check(rows.table().rows() > 0, "boosted trees need rows to grow on, but there are none");
    rows.table().checkFinite();
    // Of classes trees begin at even odds, of values at their mean.
    float base =
        rows.ofValues() ? (float) Arrays.stream(rows.answers()).average().orElseThrow() : 0;
    run.checkCancelled();
    List<TreeEnsembles.Nodes> trees =
        Arrays.stream(dumps(rows, base))
            .map(dump -> nodes(dump, rows.classes().size() == 2))
            .toList();
    int columns = rows.table().columns();
    return rows.ofValues()
        ? TreeEnsembles.boostedRegressor(NAME, Architecture.INPUT, columns, trees, base)
        : TreeEnsembles.boostedClassifier(NAME, Architecture.INPUT, columns, trees, rows.classes());
  }

  // ---- growing

  private String[] dumps(LabelledTable rows, float base) {
    Matrix table = rows.table();
    float[] answers = answers(rows);
    try {
      DMatrix given = new DMatrix(table.values(), table.rows(), table.columns(), Float.NaN);
      try {
        given.setLabel(answers);
        return dumps(given, parameters(rows, base));
      } finally {
        given.dispose();
      }
    } catch (XGBoostError | LinkageError e) {
      String reason = e.toString().lines().findFirst().orElseThrow(); // the rest is native frames
      throw new BadInputException("boosted trees cannot be grown: " + reason, e);
    }
  }

  private static float[] answers(LabelledTable rows) {
    float[] answers = new float[rows.answers().length];
    for (int row = 0; row < answers.length; row++) {
      answers[row] = (float) rows.answers()[row];
      check(
          Float.isFinite(answers[row]),
          "row %d is labelled %s, but boosted trees need values that a float can hold: drop or scale it",
          row,
          rows.answers()[row]);
    }
    return answers;
  }

  private String[] dumps(DMatrix given, Map<String, Object> parameters) throws XGBoostError {
    Booster booster = XGBoost.train(given, parameters, rounds, Map.of(), null, null);
    try {
      return booster.getModelDump("", false, "json");
    } finally {
      booster.dispose();
    }
  }

  private Map<String, Object> parameters(LabelledTable rows, float base) {
    int classes = rows.classes().size();
    Map<String, Object> task =
        rows.ofValues()
            ? Map.of("objective", "reg:squarederror", "base_score", base)
            : classes == 2
                ? Map.of("objective", "binary:logistic", "base_score", 0.5)
                : Map.of("objective", "multi:softprob", "base_score", 0.5, "num_class", classes);
    Map<String, Object> all = new HashMap<>(task);
    all.putAll(
        Map.of(
            "tree_method",
            "hist",
            "grow_policy",
            "lossguide",
            "max_depth",
            depth,
            "max_leaves",
            leaves,
            "eta",
            rate,
            "nthread",
            1,
            "verbosity",
            0));
    return all;
  }

  // ---- reading what was grown

  private record Place(JsonNode node, int number) {}

  /** XGBoost sends left what is less than a threshold, ONNX what is at most that. */
  private static TreeEnsembles.Nodes nodes(String dump, boolean twoClasses) {
    List<JsonNode> found = new ArrayList<>();
    List<int[]> branches = new ArrayList<>();
    Deque<Place> open = new ArrayDeque<>();
    found.add(JSON.readTree(dump));
    branches.add(new int[2]);
    open.add(new Place(found.get(0), 0));
    while (!open.isEmpty()) {
      Place place = open.remove();
      for (JsonNode child : place.node.path("children")) {
        int side = child.get("nodeid").asInt() == place.node.get("yes").asInt() ? 0 : 1;
        branches.get(place.number)[side] = found.size();
        open.add(new Place(child, found.size()));
        found.add(child);
        branches.add(new int[2]);
      }
    }
    return nodes(found, branches, twoClasses);
  }

  private static TreeEnsembles.Nodes nodes(
      List<JsonNode> found, List<int[]> branches, boolean twoClasses) {
    int count = found.size();
    int[] feature = new int[count];
    float[] threshold = new float[count];
    double[][] answer = new double[count][];
    for (int i = 0; i < count; i++) {
      JsonNode node = found.get(i);
      boolean leaf = node.has("leaf");
      feature[i] = leaf ? -1 : Integer.parseInt(node.get("split").asString().substring(1));
      threshold[i] = leaf ? 0 : Math.nextDown((float) node.get("split_condition").asDouble());
      double value = node.path("leaf").asDouble(0);
      // The margin of the second of two classes: ONNX Runtime reads lone votes by their signs.
      answer[i] = twoClasses ? new double[] {0, value} : new double[] {value};
    }
    return new TreeEnsembles.Nodes(
        feature,
        threshold,
        branches.stream().mapToInt(b -> b[0]).toArray(),
        branches.stream().mapToInt(b -> b[1]).toArray(),
        answer);
  }
}
