package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.train.Cohort.Pupil;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeCohortTest {
  private static final int ROWS = 80;
  private static final TreeRecipe FOREST = new TreeRecipe.OfForest(Forests.Settings.forest(3, 4));
  private static final List<Pupil> PUPILS = List.of(pupil("first", 0), pupil("second", 20));

  @TempDir Path folder;

  private static Pupil pupil(String name, int from) {
    return new Pupil(name, IntStream.range(from, from + ROWS / 2).toArray());
  }

  private static LabelledTable pool() {
    double[] labels = Run.of(1).random("labels").doubles(ROWS).map(Math::rint).toArray();
    return new LabelledTable(Tables.normal(ROWS, 4, 2), labels, List.of("no", "yes"));
  }

  private List<String> hashes(List<Supplier<OnnxModel>> models) {
    return models.stream().map(Supplier::get).map(OnnxModel::sha256).toList();
  }

  @Test
  void aModelDoesNotDependOnWhichOthersAreGrownWithIt() {
    TreeCohort cohort = new TreeCohort(pool(), Optional.empty(), Run.of(3));
    List<String> both = hashes(cohort.grow(PUPILS, FOREST));
    assertThat(both).doesNotHaveDuplicates();
    assertThat(hashes(cohort.grow(List.of(PUPILS.get(1)), FOREST))).containsExactly(both.get(1));
  }

  @Test
  void whatIsKeptIsFoundAndWhatWasLostSinceIsGrownAnew() throws IOException {
    TrainedModels kept = new TrainedModels(folder);
    TreeCohort cohort = new TreeCohort(pool(), Optional.of(kept), Run.of(3));
    List<Supplier<OnnxModel>> models = cohort.grow(PUPILS, FOREST);
    List<String> fresh = hashes(models);
    try (var files = Files.list(folder)) {
      Files.delete(
          files.filter(file -> file.toString().endsWith(".onnx")).findFirst().orElseThrow());
    }
    assertThat(hashes(models)).isEqualTo(fresh);
    assertThat(hashes(new TreeCohort(pool(), Optional.empty(), Run.of(3)).grow(PUPILS, FOREST)))
        .isEqualTo(fresh);
  }

  @Test
  void otherRowsOrAnotherRecipeAreNotMistakenForWhatIsKept() {
    TreeCohort cohort = new TreeCohort(pool(), Optional.of(new TrainedModels(folder)), Run.of(3));
    TreeRecipe shallow = new TreeRecipe.OfForest(Forests.Settings.forest(3, 4).withMaxDepth(1));
    OnnxModel grown = cohort.grow(PUPILS.get(0), FOREST);
    assertThat(cohort.grow(PUPILS.get(0), shallow).sha256()).isNotEqualTo(grown.sha256());
    assertThat(cohort.grow(pupil("first", 7), FOREST).sha256()).isNotEqualTo(grown.sha256());
  }

  @Test
  void aModelThatCannotBeGrownIsNamed() {
    LabelledTable broken =
        new LabelledTable(
            new Matrix(new float[] {1, Float.NaN}, 1), new double[2], List.of("no", "yes"));
    TreeCohort cohort = new TreeCohort(broken, Optional.empty(), Run.of(3));
    assertThatThrownBy(() -> cohort.grow(new Pupil("third", new int[] {1}), FOREST))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("model third: row 0, encoded column 0 is NaN");
  }
}
