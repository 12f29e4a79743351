package io.afterimage.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What files of other libraries say of how their trees were grown. */
class TreeShapeTest {

  @ParameterizedTest
  @CsvSource({
    "lightgbm, true, true, 8, 8, 3, 7",
    "lightgbm-three, true, true, 24, 8, 3, 6",
    "lightgbm-regressor, false, true, 8, 8, 3, 8",
    "sklearn-boosting, true, true, 24, 8, 3, 8",
    "sklearn-boosting-binary, true, true, 8, 8, 3, 8",
    "sklearn-boosting-regressor, false, true, 6, 6, 3, 8",
    "sklearn-columns-forest, true, false, 5, 5, 4, 16",
    "sklearn-extra-trees, true, false, 6, 6, 4, 10",
    "sklearn-forest, true, false, 8, 8, 6, 11",
    "sklearn-forest-regressor, false, false, 8, 8, 5, 32",
    "sklearn-tree, true, false, 1, 1, 4, 8",
    "xgboost, true, true, 8, 8, 3, 8",
    "xgboost-three, true, true, 24, 8, 3, 6",
    "xgboost-regressor, false, true, 8, 8, 3, 8"
  })
  void forestsAndBoostingAreToldApart(
      String file,
      boolean classifies,
      boolean boosted,
      int trees,
      int rounds,
      int depth,
      int mostLeaves)
      throws IOException {
    TreeShape shape = TreeShape.of(fixture(file), classifies).orElseThrow();
    assertThat(shape)
        .isEqualTo(new TreeShape(boosted, trees, rounds, depth, mostLeaves, shape.meanLeaves()));
    assertThat(shape.meanLeaves()).isBetween(2.0, (double) mostLeaves);
  }

  /** LightGBM writes a set of categories as a chain of branches that end in the same place. */
  @Test
  void branchesThatShareWhatFollowsThemAreCountedOnce() throws IOException {
    TreeShape shape = TreeShape.of(fixture("lightgbm-categories"), true).orElseThrow();
    assertThat(shape.mostLeaves()).isEqualTo(8);
    assertThat(shape.meanLeaves()).isCloseTo(7.125, within(1e-12));
    assertThat(shape.depth()).isEqualTo(8);
  }

  @Test
  void aNetworkHasNoTrees() throws IOException {
    assertThat(TreeShape.of(fixture("sklearn-binary"), true)).isEmpty();
  }

  private static OnnxModel fixture(String name) throws IOException {
    try (InputStream in = TreeShapeTest.class.getResourceAsStream("/fixtures/" + name + ".onnx")) {
      return OnnxModel.read(Objects.requireNonNull(in, name).readAllBytes(), name);
    }
  }
}
