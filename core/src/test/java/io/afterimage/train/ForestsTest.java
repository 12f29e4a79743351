package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.train.Forests.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.dtree.CARTClassificationTrainer;
import org.tribuo.classification.dtree.impurity.GiniIndex;
import org.tribuo.common.tree.TreeModel;
import org.tribuo.impl.ArrayExample;
import org.tribuo.provenance.SimpleDataSourceProvenance;

class ForestsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void aShallowTreeSharesItsRowsAsTribuosCartDoes(long seed) {
    Matrix table = Tables.normal(3000, 6, seed);
    int[] labels = bumps(table, seed);
    Tree tree =
        Forests.grow(table, labels, 3, Settings.tree().withMaxDepth(2), Run.of(seed))
            .trees()
            .get(0);
    LabelFactory factory = new LabelFactory();
    MutableDataset<Label> examples =
        new MutableDataset<>(new SimpleDataSourceProvenance("test", factory), factory);
    for (int row = 0; row < table.rows(); row++) {
      examples.add(example(table, row, labels[row]));
    }
    TreeModel<Label> cart =
        new CARTClassificationTrainer(2, 1f, 0f, 1f, false, new GiniIndex(), 1L).train(examples);
    Forest forest = new Forest(List.of(tree), 6);
    assertThat(tree.nodes()).isEqualTo(cart.countNodes(cart.getRoot()));
    Matrix fresh = Tables.normal(300, 6, seed + 100);
    for (int row = 0; row < fresh.rows(); row++) {
      Map<String, Label> shares = cart.predict(example(fresh, row, 0)).getOutputScores();
      Label none = new Label("none", 0);
      double[] ours = forest.probabilities(fresh, row);
      for (int c = 0; c < 3; c++) {
        assertThat(ours[c])
            .isCloseTo(shares.getOrDefault(Integer.toString(c), none).getScore(), within(1e-6));
      }
    }
  }

  @Test
  void theFirstSplitIsTheBestOfAll() {
    for (long seed = 0; seed < 30; seed++) {
      Matrix table = coarse(40, 4, seed);
      int[] labels = bumps(table, seed);
      Settings stump = Settings.tree().withMaxDepth(1).withMinLeaf(3);
      Tree tree = Forests.grow(table, labels, 3, stump, Run.of(seed)).trees().get(0);
      assertThat(impurityAfter(table, labels, tree.feature()[0], tree.threshold()[0], 3))
          .as("seed %d", seed)
          .isCloseTo(leastImpurity(table, labels, 3), within(1e-12));
    }
  }

  @Test
  void withoutBootstrapEveryTreeRemembersEveryRow() {
    Matrix table = Tables.normal(500, 20, 7);
    int[] noise = Run.of(8).random("labels").ints(500, 0, 2).toArray();
    Forest forest =
        Forests.grow(table, noise, 2, Settings.forest(20, 20).withoutBootstrap(), Run.of(9));
    for (int row = 0; row < 500; row++) {
      assertThat(forest.probabilities(table, row)[noise[row]]).isCloseTo(1, within(1e-12));
    }
  }

  @Test
  void leavesHoldAtLeastTheirLeastNumberOfRowsAndTreesKeepTheirDepth() {
    Matrix table = Tables.normal(400, 5, 3);
    int[] labels = bumps(table, 3);
    for (Settings grown :
        new Settings[] {Settings.forest(10, 5), Settings.extraTrees(10, 5), Settings.tree()}) {
      Settings settings = grown.withMinLeaf(7).withMaxDepth(4);
      for (Tree tree : Forests.grow(table, labels, 3, settings, Run.of(1)).trees()) {
        for (int node = 0; node < tree.nodes(); node++) {
          assertThat(tree.records(node)).isGreaterThanOrEqualTo(7);
        }
        assertThat(tree.nodes()).isBetween(3, 31);
      }
    }
  }

  @Test
  void aTrainingRowsLeafCountsIt() {
    Matrix table = coarse(300, 4, 11);
    int[] labels = bumps(table, 11);
    for (Settings settings : new Settings[] {Settings.tree(), Settings.extraTrees(1, 4)}) {
      Tree tree = Forests.grow(table, labels, 3, settings, Run.of(2)).trees().get(0);
      int[] counts = new int[tree.counts().length];
      for (int row = 0; row < 300; row++) {
        counts[tree.leaf(table, row) * 3 + labels[row]]++;
      }
      for (int node = 0; node < tree.nodes(); node++) {
        if (tree.feature()[node] < 0) {
          assertThat(Arrays.copyOfRange(counts, 3 * node, 3 * node + 3))
              .containsExactly(Arrays.copyOfRange(tree.counts(), 3 * node, 3 * node + 3));
        }
      }
    }
  }

  @Test
  void neighbouringFloatsAreToldApart() {
    float low = 16_777_216f;
    Matrix table = new Matrix(new float[] {low, Math.nextUp(low), low, Math.nextUp(low)}, 1);
    int[] labels = {0, 1, 0, 1};
    Forest forest = Forests.grow(table, labels, 2, Settings.tree(), Run.of(1));
    assertThat(IntStream.range(0, 4).map(row -> forest.guess(table, row)).toArray())
        .containsExactly(labels);
  }

  @Test
  void exclusiveOrIsLearntThoughItsFirstSplitGainsNothing() {
    Matrix table = new Matrix(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 2);
    int[] labels = {0, 1, 1, 0};
    Forest forest = Forests.grow(table, labels, 2, Settings.tree(), Run.of(1));
    assertThat(IntStream.range(0, 4).map(row -> forest.guess(table, row)).toArray())
        .containsExactly(labels);
  }

  @Test
  void theSameSeedGrowsTheSameForestOnAnyNumberOfThreads() {
    Matrix table = Tables.normal(200, 8, 5);
    int[] labels = bumps(table, 5);
    Run one = Run.of(6);
    Run three = new Run(6, 3, Progress.NONE, new AtomicBoolean());
    Forest a = Forests.grow(table, labels, 3, Settings.forest(9, 8), one);
    Forest b = Forests.grow(table, labels, 3, Settings.forest(9, 8), three);
    for (int tree = 0; tree < 9; tree++) {
      assertThat(a.trees().get(tree).threshold()).containsExactly(b.trees().get(tree).threshold());
    }
    assertThat(a.trees().get(0).threshold()).isNotEqualTo(a.trees().get(1).threshold());
  }

  @Test
  void missingValuesAreNamed() {
    Matrix table = new Matrix(new float[] {1, 2, 3, Float.NaN}, 2);
    assertThatThrownBy(() -> Forests.grow(table, new int[] {0, 1}, 2, Settings.tree(), Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("row 1, encoded column 1 is NaN");
  }

  private static ArrayExample<Label> example(Matrix table, int row, int label) {
    String[] names = new String[table.columns()];
    double[] values = new double[table.columns()];
    for (int column = 0; column < names.length; column++) {
      names[column] = "column" + column;
      values[column] = table.at(row, column);
    }
    return new ArrayExample<>(new Label(Integer.toString(label)), names, values);
  }

  /** Values with many ties. */
  private static Matrix coarse(int rows, int columns, long seed) {
    Matrix fine = Tables.normal(rows, columns, seed);
    float[] values = fine.values();
    for (int i = 0; i < values.length; i++) {
      values[i] = Math.round(2 * values[i]);
    }
    return fine;
  }

  /** Three classes by the first two columns, a tenth of them noise. */
  private static int[] bumps(Matrix table, long seed) {
    RandomGenerator random = Run.of(seed).random("labels");
    return IntStream.range(0, table.rows())
        .map(
            row ->
                random.nextInt(10) == 0
                    ? random.nextInt(3)
                    : table.at(row, 0) > 0.3 ? 2 : table.at(row, 1) > 0 ? 1 : 0)
        .toArray();
  }

  private static double leastImpurity(Matrix table, int[] labels, int minLeaf) {
    double least = Double.POSITIVE_INFINITY;
    for (int column = 0; column < table.columns(); column++) {
      for (int row = 0; row < table.rows(); row++) {
        least =
            Math.min(least, impurityAfter(table, labels, column, table.at(row, column), minLeaf));
      }
    }
    return least;
  }

  /** The weighted Gini impurity of the two sides, infinite where a side is too small. */
  private static double impurityAfter(
      Matrix table, int[] labels, int column, float threshold, int minLeaf) {
    double[][] counts = new double[2][3];
    for (int row = 0; row < table.rows(); row++) {
      counts[table.at(row, column) <= threshold ? 0 : 1][labels[row]]++;
    }
    double impurity = 0;
    for (double[] side : counts) {
      double size = Arrays.stream(side).sum();
      if (size < minLeaf) {
        return Double.POSITIVE_INFINITY;
      }
      impurity += size - Arrays.stream(side).map(c -> c * c / size).sum();
    }
    return impurity;
  }
}
