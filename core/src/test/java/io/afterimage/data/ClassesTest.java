package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClassesTest {

  private static Dataset labelled(Column label) {
    return Dataset.of("members", new Schema(Map.of("y", Role.LABEL)), List.of(label));
  }

  private static Dataset labelled(List<String> dictionary, int... codes) {
    return labelled(new Column.Categorical("y", codes, dictionary));
  }

  @Test
  void labelsAreFoundByText() {
    Classes.Recoded recoded =
        Classes.recode(labelled(List.of("a", "b"), 0, 1, 1), List.of("b", "c", "a"));
    assertThat(recoded.rows().classes()).containsExactly(2, 0, 0);
    assertThat(recoded.rows().label().orElseThrow().text(0)).isEqualTo("a");
    assertThat(recoded.notices()).isEmpty();
  }

  @Test
  void labelsAreFoundByNumber() {
    Dataset rows = labelled(List.of("1.0", "-0", "2e0"), 0, 1, 2);
    assertThat(Classes.recode(rows, List.of("0", "1", "2")).rows().classes())
        .containsExactly(1, 0, 2);
    Dataset numbers = labelled(new Column.Numeric("y", new double[] {1, 0}));
    assertThat(Classes.recode(numbers, List.of("0.0", "1.0")).rows().classes())
        .containsExactly(1, 0);
  }

  @Test
  void countedClassesTakeAsManyOtherLabelsInOrderAndSaySo() {
    Classes.Recoded recoded =
        Classes.recode(labelled(List.of("cat", "dog"), 1, 0), List.of("0", "1"));
    assertThat(recoded.rows().classes()).containsExactly(1, 0);
    assertThat(recoded.notices())
        .singleElement()
        .asString()
        .contains("0 = 'cat'", "1 = 'dog'", "--classes");
  }

  @Test
  void countedClassesDoNotTakeFewerLabels() {
    assertThatThrownBy(
            () -> Classes.recode(labelled(List.of("cat", "dog"), 1), List.of("0", "1", "2")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'dog' of record members:0");
  }

  @Test
  void rowsOfOtherClassesAltogetherAreToldFromWrittenOtherwise() {
    List<String> classes = List.of("0", "1");
    assertThat(Classes.others(labelled(List.of("5", "6"), 0, 1), classes))
        .hasValueSatisfying(what -> assertThat(what).contains("rows of members", "such as '5'"));
    assertThat(Classes.others(labelled(List.of("5", "1"), 0, 1), classes)).isEmpty();
    assertThat(Classes.others(labelled(List.of("5", "1.0"), 0, 1), classes)).isEmpty();
    assertThat(Classes.others(labelled(List.of("5", " 1"), 0, 1), classes)).isEmpty();
    assertThat(Classes.others(labelled(List.of("5"), 0, -1), classes)).isEmpty();
  }

  @Test
  void labelsThatAreNoClassNameTheFirstAndItsRecord() {
    assertThatThrownBy(() -> Classes.recode(labelled(List.of("a", "x"), 0, 1), List.of("a", "b")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'x' of record members:1")
        .hasMessageContaining("'a', 'b'");
    assertThatThrownBy(() -> Classes.recode(labelled(List.of("a", " b."), 0, 1), List.of("a", "b")))
        .hasMessageContaining("--trim");
  }

  @Test
  void labelsThatDoNotOccurNeedNoClass() {
    Dataset rows = labelled(List.of("a", "other"), 0);
    assertThat(Classes.recode(rows, List.of("b", "a")).rows().classes()).containsExactly(1);
  }

  @Test
  void missingLabelsNameTheRecord() {
    assertThatThrownBy(() -> Classes.recode(labelled(List.of("a"), 0, -1), List.of("a")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("members:1 has no label");
  }
}
