package io.afterimage.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Pictures.Frame;
import io.afterimage.evidence.Pictures.Panel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PicturesTest {
  private static final Frame PAIR = new Frame(1, 2, 1, true, 0, 1);

  private static Dataset rows(String name, double[] left, double[] right, int... classes) {
    Map<String, Role> roles = new LinkedHashMap<>();
    roles.put("left", Role.FEATURE);
    roles.put("right", Role.FEATURE);
    roles.put("who", Role.LABEL);
    return Dataset.of(
        name,
        new Schema(roles),
        List.of(
            new Column.Numeric("left", left),
            new Column.Numeric("right", right),
            new Column.Categorical("who", classes, List.of("ann", "bob"))));
  }

  private static Reconstructions rebuilt(Map<String, double[]> judged) {
    return new Reconstructions(
        new Shape(2),
        new float[4],
        new float[4],
        new int[] {1, 0},
        List.of("ann", "bob"),
        new double[2],
        new int[2],
        List.of(),
        judged,
        Map.of());
  }

  private final Dataset members =
      rows("members", new double[] {1, 3, 9}, new double[] {2, 4, 8}, 0, 0, 1);
  private final Dataset others = rows("others", new double[] {5}, new double[] {6}, 0);

  @Test
  void theNearestAndTheMeanLieBesideEachReconstruction() {
    Reconstructions judged =
        rebuilt(
            Map.of(
                Reconstructions.NEAREST_MEMBER_ROW, new double[] {2, 1},
                Reconstructions.NEAREST_NONMEMBER_ROW, new double[] {-1, 0}));
    List<Panel> panels = Pictures.beside(PAIR, judged, members, others).panels();
    assertThat(panels.get(0).ids()).containsExactly("members:2", "members:1");
    assertThat(panels.get(0).pixels()).containsExactly(9, 8, 3, 4);
    assertThat(panels.get(1).ids()).containsExactly("", "others:0");
    assertThat(panels.get(1).pixels()).containsExactly(0, 0, 5, 6);
    assertThat(panels.get(2).ids()).containsExactly("bob", "ann");
    assertThat(panels.get(2).pixels()).containsExactly(9, 8, 2, 3);
  }

  @Test
  void whatTheJudgeDidNotLookForIsLeftOut() {
    assertThat(Pictures.beside(PAIR, rebuilt(Map.of()), members, others).panels())
        .extracting(Panel::title)
        .containsExactly("class mean");
  }

  @Test
  void theRecordBehindAReconstructionComesFirst() {
    Origins origins = Origins.of(members.select(new int[] {2}), others.select(new int[] {0}));
    Panel own =
        Pictures.beside(PAIR, rebuilt(Map.of()).from(origins), members, others).panels().get(0);
    assertThat(own.title()).isEqualTo("the record itself");
    assertThat(own.ids()).containsExactly("members:2", "others:0");
    assertThat(own.pixels()).containsExactly(9, 8, 5, 6);
    assertThat(origins.isMember(0)).isTrue();
    assertThat(origins.isMember(1)).isFalse();
  }

  @Test
  void rowsThatDoNotFillTheFrameAreRefused() {
    Frame wide = new Frame(1, 3, 1, true, 0, 1);
    assertThatThrownBy(() -> Pictures.beside(wide, rebuilt(Map.of()), members, others))
        .isInstanceOf(BadInputException.class)
        .hasMessage("members has 2 numbers a row, but a picture of 1x3x1 takes 3");
  }

  @ParameterizedTest
  @CsvSource({
    "1x28x24, 28, 24, 1",
    "3x8x9, 8, 9, 3",
    "8x9x3, 8, 9, 3",
    "8x9, 8, 9, 1",
    "64, 8, 8, 1",
    "30, 1, 30, 1"
  })
  void aShapeSuggestsItsFrame(String shape, int height, int width, int channels) {
    int[] extents = java.util.Arrays.stream(shape.split("x")).mapToInt(Integer::parseInt).toArray();
    Frame frame = Frame.of(new Shape(extents), 0, 1);
    assertThat(List.of(frame.height(), frame.width(), frame.channels()))
        .containsExactly(height, width, channels);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1, 1, 0, 1",
    "5000, 5000, 1, 0, 1",
    "1, 1, 2, 0, 1",
    "1, 1, 1, 1, 1",
    "1, 1, 1, NaN, 1"
  })
  void aFrameThatIsNoneIsRefused(int height, int width, int channels, float black, float white) {
    assertThatThrownBy(() -> new Frame(height, width, channels, true, black, white))
        .isInstanceOf(BadInputException.class);
  }
}
