package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Split;
import io.afterimage.evidence.StructuralLeaks;
import io.afterimage.evidence.StructuralLeaks.Embedding;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.TreeEnsembles;
import io.afterimage.target.Fixture;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is behind the facts of a model's file, record by record. */
class StructuralLeaksTest {
  private static final int[] BACKWARDS = IntStream.range(0, 12).map(i -> 11 - i).toArray();

  private static StructuralLeaks read(OnnxModel model, Dataset members, Dataset others) {
    OnnxOptions options = OnnxOptions.DEFAULTS.withSample(members);
    try (OnnxTarget target = OnnxTarget.open(model, options)) {
      return Structure.of(target, Split.of(members, others), Run.of(1)).leaks().orElseThrow();
    }
  }

  /**
   * The rows of an array, each cell so much greater; as many of them as are wanted, from the first.
   */
  private static float[] cells(Dataset rows, int count, float more) {
    Column.Array array = (Column.Array) rows.columns().get(0);
    float[] cells = new float[count * array.shape().size()];
    for (int row = 0; row < count; row++) {
      array.copyRow(row, cells, row * array.shape().size());
    }
    for (int i = 0; i < cells.length; i++) {
      cells[i] += more;
    }
    return cells;
  }

  private static Dataset array(Dataset like, float[] cells) {
    Column.Array array = (Column.Array) like.columns().get(0);
    Column.Array column = new Column.Array(array.name(), cells, array.shape());
    return Dataset.of(like.name(), like.schema(), List.of(column));
  }

  private static Dataset nobody(Dataset rows) {
    return array(rows, cells(rows, rows.rows(), .033f));
  }

  private static Map<String, Integer> byId(StructuralLeaks leaks, int[] counts) {
    Map<String, Integer> byId = new TreeMap<>();
    for (int i = 0; i < counts.length; i++) {
      byId.put(leaks.members().ids().get(i), counts[i]);
    }
    return byId;
  }

  @Test
  void aRowThatNearestNeighboursCarryIsFoundByItsIdAmongRowsOfNobody() {
    Fixture knn = Fixture.of("sklearn-knn");
    float[] cells = cells(knn.rows(), 12, .033f);
    System.arraycopy(cells(knn.rows(), 8, 0), 7 * 4, cells, 7 * 4, 4); // row 7 as it was trained on
    StructuralLeaks leaks =
        read(knn.onnx(), array(knn.rows(), cells), array(knn.rows(), cells(knn.rows(), 12, .1f)));
    assertThat(byId(leaks, leaks.stored()).entrySet())
        .allSatisfy(
            entry ->
                assertThat(entry.getValue()).isEqualTo(entry.getKey().equals("rows:7") ? 1 : 0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sklearn-knn", "sklearn-svc", "sklearn-forest", "sklearn-tree"})
  void theOrderOfTheRecordsDoesNotMatter(String name) {
    Fixture fixture = Fixture.of(name);
    Dataset nobody = nobody(fixture.rows());
    StructuralLeaks there = read(fixture.onnx(), fixture.rows(), nobody);
    StructuralLeaks back = read(fixture.onnx(), fixture.rows().select(BACKWARDS), nobody);
    assertThat(byId(back, back.stored())).isEqualTo(byId(there, there.stored()));
    assertThat(byId(back, back.inLeaf())).isEqualTo(byId(there, there.inLeaf()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"sklearn-logistic", "sklearn-mlp", "torch-mlp"})
  void aModelThatHoldsNobodyReadsAsNobody(String name) {
    Fixture fixture = Fixture.of(name);
    StructuralLeaks leaks = read(fixture.onnx(), fixture.rows(), nobody(fixture.rows()));
    assertThat(leaks.stored()).hasSize(leaks.members().count()).containsOnly(0);
    assertThat(leaks.inLeaf()).isEmpty();
    assertThat(leaks.embeddings()).isEmpty();
  }

  /** First columns 5.8 6 5.5 7.3 5 6.3 5 6.7 6.8 6.1 6.1 6.4: five at most 6, one above 7. */
  @Test
  void theEmptiestLeafOfEachMemberIsCountedOverAllTrees() {
    Dataset rows = Fixture.of("sklearn-knn").rows();
    OnnxModel trees =
        TreeEnsembles.classifier("trees", 4, List.of(cut(6), cut(7)), List.of("a", "b"));
    StructuralLeaks leaks = read(trees, rows, nobody(rows));
    assertThat(leaks.inLeaf()).containsExactly(5, 5, 5, 1, 5, 7, 5, 7, 7, 7, 7, 7);
  }

  private static TreeEnsembles.Nodes cut(float at) {
    return new TreeEnsembles.Nodes(
        new int[] {0, -1, -1},
        new float[] {at, 0, 0},
        new int[] {1, 0, 0},
        new int[] {2, 0, 0},
        new double[][] {{}, {1, 0}, {0, 1}});
  }

  /** Ratings of so many users; everybody rates the same two items. */
  private static Dataset ratings(int users, boolean withPersons) {
    return ratings(0, users, withPersons);
  }

  private static Dataset ratings(int first, int users, boolean withPersons) {
    int rows = 2 * users;
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("user", Role.FEATURE);
    roles.put("item", Role.FEATURE);
    List<Column> columns =
        new ArrayList<>(
            List.of(
                new Column.Numeric(
                    "user",
                    IntStream.range(0, rows)
                        .mapToDouble(i -> first + Math.floorDiv(i, 2))
                        .toArray()),
                new Column.Numeric(
                    "item", IntStream.range(0, rows).mapToDouble(i -> i % 2).toArray())));
    if (withPersons) {
      roles.put("who", Role.PERSON);
      columns.add(
          new Column.Categorical(
              "who",
              IntStream.range(0, rows).map(i -> i / 2).toArray(),
              IntStream.range(0, users).mapToObj(i -> "p" + i).toList()));
    }
    return Dataset.of("ratings", new Schema(roles), columns);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"torch-recommender", "torch-recommender-legacy", "torch-recommender-batch1"})
  void usersOwnTheirRowsOfAnEmbeddingAndNobodyOwnsThoseOfItems(String name) {
    Dataset ratings = ratings(15, true);
    List<Embedding> tables = read(Fixture.of(name).onnx(), ratings, ratings).embeddings();
    List<Embedding> users = tables.stream().filter(table -> table.rows() == 40).toList();
    List<Embedding> items = tables.stream().filter(table -> table.rows() == 30).toList();
    assertThat(users)
        .hasSize(2)
        .allSatisfy(
            table -> {
              assertThat(table.lookedUp()).isEqualTo(15);
              assertThat(table.people()).hasSize(30).containsOnly(1);
            });
    assertThat(items)
        .hasSize(2)
        .allSatisfy(
            table -> {
              assertThat(table.lookedUp()).isEqualTo(2);
              assertThat(table.people()).containsOnly(15);
            });
  }

  @Test
  void aRowOfAnEmbeddingThatWasLookedUpIsNoRecordThatTheModelHolds() {
    StructuralLeaks leaks =
        read(Fixture.of("torch-recommender").onnx(), ratings(0, 15, true), ratings(20, 15, true));
    assertThat(leaks.stored()).hasSize(30).containsOnly(0);
  }

  @Test
  void withoutPersonsARowOfAnEmbeddingIsSharedByRecords() {
    Dataset ratings = ratings(15, false);
    assertThat(read(Fixture.of("torch-recommender").onnx(), ratings, ratings).embeddings())
        .filteredOn(table -> table.rows() == 40)
        .allSatisfy(table -> assertThat(table.people()).containsOnly(2));
  }

  /** Words of a text, and places in a sequence, are looked up many at once. */
  @ParameterizedTest
  @ValueSource(strings = {"torch-texts", "torch-texts-batch1", "torch-encoder", "torch-vit-batch1"})
  void tablesOfWordsAndPlacesBelongToNobody(String name) {
    Fixture fixture = Fixture.of(name);
    assertThat(read(fixture.onnx(), fixture.rows(), fixture.rows()).embeddings()).isEmpty();
  }
}
