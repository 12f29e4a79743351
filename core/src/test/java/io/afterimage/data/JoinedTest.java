package io.afterimage.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JoinedTest {
  private static Column colours(List<String> names, int... codes) {
    return new Column.Categorical("colour", codes, names);
  }

  private static Dataset rows(String name, Column... columns) {
    Map<String, Role> roles = new LinkedHashMap<>();
    for (Column column : columns) {
      roles.put(column.name(), Role.FEATURE);
    }
    return Dataset.of(name, new Schema(roles), List.of(columns));
  }

  @Test
  void rowsFollowEachOtherAndKeepWhatTheySay() {
    Dataset first =
        rows(
            "a",
            colours(List.of("red", "blue"), 0, 1, -1),
            new Column.Numeric("age", new double[] {1, 2, 3}));
    Dataset second =
        rows(
            "b",
            colours(List.of("green", "red"), 0, 1),
            new Column.Numeric("age", new double[] {4, 5}));
    Dataset both = Joined.of("both", first, second);
    Column.Categorical colour = (Column.Categorical) both.column("colour");
    assertThat(colour.dictionary()).containsExactly("blue", "green", "red");
    assertThat(List.of(0, 1, 3, 4).stream().map(colour::text))
        .containsExactly("red", "blue", "green", "red");
    assertThat(colour.text(2)).isNull();
    assertThat(((Column.Numeric) both.column("age")).values()).containsExactly(1, 2, 3, 4, 5);
    assertThat(both.id(4)).isEqualTo("both:4");
  }

  @Test
  void arraysOfOneShapeAreJoinedAndOthersRefused() {
    Dataset small = rows("a", new Column.Array("x", new float[] {1, 2}, new Shape(2)));
    Dataset same = rows("b", new Column.Array("x", new float[] {3, 4}, new Shape(2)));
    Dataset large = rows("c", new Column.Array("x", new float[] {1, 2, 3}, new Shape(3)));
    Column.Array joined = (Column.Array) Joined.of("both", small, same).column("x");
    assertThat(joined.values()).containsExactly(1, 2, 3, 4);
    assertThatThrownBy(() -> Joined.of("both", small, large))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "column x of c is of another kind or shape than the others' column of that name");
  }
}
