package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EncoderTest {

  private static Dataset rows(Column... columns) {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Column column : columns) {
      roles.put(column.name(), Role.FEATURE);
    }
    return Dataset.of("members", new Schema(roles), List.of(columns));
  }

  private static Column.Numeric numbers(double... values) {
    return new Column.Numeric("n", values);
  }

  private static Column.Categorical texts(int... codes) {
    return new Column.Categorical("c", codes, List.of("a", "b", "z"));
  }

  @Test
  void scalesNumbersAndMarksCategories() {
    Dataset fitted = rows(numbers(1, 3, Double.NaN), texts(0, 2, -1));
    Encoder encoder = Encoder.fit(fitted);
    assertThat(encoder.fields())
        .containsExactly(new Encoder.Scaled("n", 2, 1), new Encoder.OneHot("c", List.of("a", "z")));
    assertThat(encoder.width()).isEqualTo(3);
    assertThat(encoder.encode(fitted)).containsExactly(-1, 1, 0, 1, 0, 1, 0, 0, 0);
  }

  @Test
  void categoriesThatWereNotFittedAreAllZeros() {
    Encoder encoder = Encoder.fit(rows(numbers(1, 3), texts(0, 2)));
    assertThat(encoder.encode(rows(numbers(2), texts(1)))).containsExactly(0, 0, 0);
  }

  @Test
  void categoriesAreFoundByTextWhateverTheirCode() {
    Encoder encoder = Encoder.fit(rows(texts(0, 2)));
    Column other = new Column.Categorical("c", new int[] {0}, List.of("z"));
    assertThat(encoder.encode(rows(other))).containsExactly(0, 1);
  }

  @Test
  void columnsThatDoNotVaryAreNotDividedByZero() {
    assertThat(Encoder.fit(rows(numbers(5, 5))).encode(rows(numbers(5, 6)))).containsExactly(0, 1);
    assertThat(Encoder.fit(rows(numbers(Double.NaN))).encode(rows(numbers(4)))).containsExactly(4);
  }

  @Test
  void meanAndDeviationDoNotCancel() {
    Encoder.Scaled field =
        (Encoder.Scaled) Encoder.fit(rows(numbers(1e9 + 1, 1e9 + 2, 1e9 + 3))).fields().get(0);
    assertThat(field.mean()).isEqualTo(1e9 + 2);
    assertThat(field.deviation()).isCloseTo(Math.sqrt(2 / 3.0), within(1e-9));
  }

  @Test
  void arraysAreFlattened() {
    Column array = new Column.Array("x", new float[] {1, 2, 3, 4}, new Shape(1, 2));
    Encoder encoder = Encoder.fit(rows(numbers(1, 3), array));
    assertThat(encoder.encode(rows(numbers(1, 3), array))).containsExactly(-1, 1, 2, 1, 3, 4);
    assertThat(encoder.encode(rows(numbers(1, 3), array), 1, 2)).containsExactly(1, 3, 4);
  }

  @Test
  void columnsOfAnotherKindAreBadInput() {
    Encoder encoder = Encoder.fit(rows(numbers(1)));
    Column other = new Column.Categorical("n", new int[] {0}, List.of("a"));
    assertThatThrownBy(() -> encoder.encode(rows(other)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("'n'");
  }

  @Test
  void tooManyCategoriesAreBadInput() {
    List<String> texts = new ArrayList<>();
    int[] codes = new int[200_000];
    for (int i = 0; i < codes.length; i++) {
      codes[i] = i;
      texts.add("t" + i);
    }
    Dataset wide = rows(new Column.Categorical("c", codes, texts));
    assertThatThrownBy(() -> Encoder.fit(wide))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("200000");
  }
}
