package io.afterimage.attack.membership;

import io.afterimage.attack.common.TrueLabels;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Encoder;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeShape;
import io.afterimage.target.Answers;
import io.afterimage.target.Meaning;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.Task;
import io.afterimage.train.Architecture;
import io.afterimage.train.BoostedTrees;
import io.afterimage.train.Cohort.Pupil;
import io.afterimage.train.Forests;
import io.afterimage.train.LabelledTable;
import io.afterimage.train.Layers;
import io.afterimage.train.Matrix;
import io.afterimage.train.TrainedModels;
import io.afterimage.train.TreeCohort;
import io.afterimage.train.TreeRecipe;
import io.afterimage.train.Workers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Trees like the target's: as many, as deep and of as many leaves, over the encoded rows.
 *
 * <p>What the file does not say is tried on half of the pool, and what makes a model as sure of
 * everybody as the target is taken: whether each tree of a forest saw a sample drawn with
 * replacement or every row, and the rate of boosting. The least leaf of a forest is that by which
 * its trees have as many leaves.
 *
 * @param shape of the target's trees
 * @param encoder of rows, as nothing but their order matters to trees
 */
record TreeImitation(TreeShape shape, Encoder encoder, TargetInfo target) implements Imitation {
  private static final double[] RATES = {0.01, 0.03, 0.1, 0.2, 0.3, 0.6, 1};

  /** Trees by which it is seen how many leaves a least leaf gives. */
  private static final int TRIED = 4;

  /** Empty where the target's graph is unknown or its answers do not come from one ensemble. */
  static Optional<TreeImitation> of(ScoreTarget target, Dataset pool) {
    TargetInfo info = target.info();
    boolean classifies = info.task() == Task.CLASSIFICATION;
    return target
        .architecture()
        .flatMap(graph -> TreeShape.of(graph, classifies))
        .filter(shape -> classifies || shape.boosted())
        .map(shape -> new TreeImitation(shape, Encoder.fit(pool), info));
  }

  // ---- how they are grown

  @Override
  public Plan plan(Known known, ReferenceSettings settings, Optional<TrainedModels> kept, Run run) {
    Trial trial = new Trial(known, new TreeCohort(table(known.pool()), kept, run), run);
    Tried tried = trial.nearest((shape.boosted() ? boosted() : forests(trial)).toList());
    TreeRecipe recipe = tried.recipe();
    return new Plan() {
      @Override
      public boolean ofOwnGraph() {
        return false;
      }

      @Override
      public String what() {
        return words(recipe);
      }

      @Override
      public double seconds(int models) {
        return tried.seconds() * models / Math.min(run.threads(), models);
      }

      @Override
      public Learned learned(List<Pupil> pupils) {
        List<Supplier<OnnxModel>> models = trial.cohort.grow(pupils, recipe);
        return rows -> {
          Dataset shown = shown(rows);
          return number -> answers(models.get(number).get(), shown);
        };
      }
    };
  }

  private Stream<TreeRecipe> boosted() {
    int depth = Math.max(1, Math.min(shape.depth(), 100));
    int leaves = Math.max(2, shape.mostLeaves());
    int rounds = Math.min(shape.rounds(), 10_000);
    return DoubleStream.of(RATES).mapToObj(rate -> new BoostedTrees(rounds, depth, leaves, rate));
  }

  private Stream<TreeRecipe> forests(Trial trial) {
    int trees = Math.min(shape.trees(), 10_000);
    Forests.Settings drawn =
        trees == 1 ? Forests.Settings.tree() : Forests.Settings.forest(trees, encoder.width());
    Forests.Settings deep = drawn.withMaxDepth(Math.min(shape.depth(), 10_000));
    return Stream.of(deep.withoutBootstrap(), deep)
        .distinct()
        .map(settings -> settings.withMinLeaf(trial.leastLeaf(settings)))
        .map(TreeRecipe.OfForest::new);
  }

  private static String words(TreeRecipe recipe) {
    if (recipe instanceof BoostedTrees boosted) {
      return "that are boosted trees, %d rounds of depth %d and %d leaves at most, rate %s, grown anew"
          .formatted(boosted.rounds(), boosted.depth(), boosted.leaves(), boosted.rate());
    }
    Forests.Settings forest = ((TreeRecipe.OfForest) recipe).settings();
    return "that are forests of %d trees of depth %d at most, leaves of at least %d rows, grown anew on %s"
        .formatted(
            forest.trees(),
            forest.maxDepth(),
            forest.minLeaf(),
            forest.bootstrap() ? "samples drawn with replacement" : "every row of theirs");
  }

  // ---- trying

  /**
   * One way to grow a model.
   *
   * @param distance between its mean sureness and the target's
   * @param seconds that it took, hardly any where it was grown before
   */
  private record Tried(TreeRecipe recipe, double distance, double seconds) {}

  /** Models that are grown ahead of the others on half of the pool. */
  private final class Trial {
    private final Known known;
    private final TreeCohort cohort;
    private final Pupil half;
    private final Dataset shown;
    private final Run run;

    Trial(Known known, TreeCohort cohort, Run run) {
      this.known = known;
      this.cohort = cohort;
      this.run = run;
      int[] drawn = run.keyed("pilot").shuffled("half", known.pool().rows());
      this.half = new Pupil("pilot", Arrays.copyOf(drawn, Math.max(1, drawn.length / 2)));
      this.shown = shown(known.pool());
    }

    /** The recipe whose model is as sure of everybody as the target is, most nearly. */
    Tried nearest(List<TreeRecipe> recipes) {
      return Workers.map(run, "how to grow references", recipes.size(), i -> tried(recipes.get(i)))
          .stream()
          .min(Comparator.comparingDouble(Tried::distance))
          .orElseThrow();
    }

    private Tried tried(TreeRecipe recipe) {
      long started = System.nanoTime();
      OnnxModel grown = cohort.grow(half, recipe);
      double seconds = (System.nanoTime() - started) / 1e9;
      double mean =
          Arrays.stream(Sureness.of(answers(grown, shown), target, Answers.EXACT, known.pool()))
              .average()
              .orElseThrow();
      return new Tried(recipe, Math.abs(mean - known.sureness()), seconds);
    }

    /** The least leaf, each half as large again, by which trees have as many leaves as known. */
    int leastLeaf(Forests.Settings settings) {
      int least = 1;
      double leaves = leaves(settings, least);
      while (leaves > shape.meanLeaves()) {
        int next = (3 * least + 1) / 2;
        double fewer = leaves(settings, next);
        if (fewer < shape.meanLeaves()
            && shape.meanLeaves() - fewer > leaves - shape.meanLeaves()) {
          return least;
        }
        least = next;
        leaves = fewer;
      }
      return least;
    }

    private double leaves(Forests.Settings settings, int least) {
      Forests.Settings few =
          new Forests.Settings(
              Math.min(TRIED, settings.trees()),
              settings.maxDepth(),
              least,
              settings.featureShare(),
              settings.bootstrap(),
              settings.splits());
      OnnxModel grown = cohort.grow(half, new TreeRecipe.OfForest(few));
      return TreeShape.of(grown, true).orElseThrow().meanLeaves();
    }
  }

  // ---- rows

  private LabelledTable table(Dataset rows) {
    double[] answers =
        target.task() == Task.REGRESSION
            ? TrueLabels.values(rows)
            : IntStream.of(TrueLabels.classes(rows, target)).asDoubleStream().toArray();
    return new LabelledTable(
        new Matrix(encoder.encode(rows), encoder.width()), answers, target.classes());
  }

  /** Rows as the models take them. */
  private Dataset shown(Dataset rows) {
    Shape row = new Shape(encoder.width());
    return Dataset.of(
        "encoded",
        new Schema(Map.of(Architecture.INPUT, Role.FEATURE)),
        List.of(new Column.Array(Architecture.INPUT, encoder.encode(rows), row)));
  }

  /** As the target's are computed: by ONNX Runtime, in floats. */
  private Predictions answers(OnnxModel model, Dataset shown) {
    Map<String, Meaning> meaning =
        target.task() == Task.REGRESSION
            ? Map.of()
            : Map.of(Layers.PROBABILITIES, Meaning.PROBABILITIES);
    OnnxOptions options = new OnnxOptions(1, meaning, List.of(), Optional.of(shown));
    try (OnnxTarget opened = OnnxTarget.open(model, options)) {
      return opened.scores(shown);
    }
  }
}
