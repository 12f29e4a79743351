package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Access;
import io.afterimage.data.Dataset;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of real exporters answer as the frameworks that trained them. */
class OnnxFixturesTest {
  static Stream<Fixture> fixtures() {
    return Fixture.NAMES.stream().map(Fixture::of);
  }

  @Test
  void everyModelInTheFolderIsTested() throws IOException {
    Path folder = Fixture.file("any").resolveSibling("");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()).filter(f -> f.endsWith(".onnx")))
          .containsExactlyInAnyOrderElementsOf(
              Fixture.NAMES.stream().map(n -> n + ".onnx").toList());
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void answersAsItsFramework(Fixture fixture) {
    try (OnnxTarget target = opened(fixture, OnnxOptions.DEFAULTS.withSample(fixture.rows()))) {
      assertAnswers(fixture, target.scores(fixture.rows()));
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void isUnderstoodWithoutData(Fixture fixture) {
    try (OnnxTarget target = opened(fixture, OnnxOptions.DEFAULTS)) {
      assertThat(target.info().task()).isEqualTo(fixture.task());
      assertThat(target.info().meaning()).isEqualTo(fixture.meaning());
      assertThat(target.info().classes()).isEqualTo(fixture.classes());
      assertAnswers(fixture, target.scores(fixture.rows()));
    }
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void oneRowAloneIsAnsweredAsAmongOthers(Fixture fixture) {
    try (OnnxTarget target = opened(fixture, OnnxOptions.DEFAULTS)) {
      Dataset third = fixture.rows().select(new int[] {2});
      assertThat(target.scores(third).row(0))
          .containsExactly(target.scores(fixture.rows()).row(2), within(1e-5));
    }
  }

  @Test
  void accessFollowsFromTheMeaning() {
    assertThat(access("torch-lenet")).isEqualTo(Access.LOGITS);
    assertThat(access("sklearn-forest")).isEqualTo(Access.SCORES);
    assertThat(access("odd-label-only")).isEqualTo(Access.LABEL);
    assertThat(access("sklearn-linear")).isEqualTo(Access.SCORES);
  }

  @Test
  void theBatchIsFreeFixedOrMixing() {
    assertThat(batch("torch-lenet")).isEqualTo(new Batch(Batch.Kind.FREE, 0));
    assertThat(batch("torch-lenet-batch1")).isEqualTo(new Batch(Batch.Kind.FIXED, 1));
    assertThat(batch("odd-pinned-batch")).isEqualTo(new Batch(Batch.Kind.FIXED, 1));
    assertThat(batch("odd-batch-of-five")).isEqualTo(new Batch(Batch.Kind.FIXED, 5));
    assertThat(batch("odd-mixing-batch")).isEqualTo(new Batch(Batch.Kind.MIXING, 0));
  }

  @Test
  void theShapeOfOneRowIsKnownWhereNumbersAreTaken() {
    assertThat(row("torch-lenet")).isEqualTo("Optional[1x8x8]");
    assertThat(row("keras-cnn")).isEqualTo("Optional[8x8x1]");
    assertThat(row("sklearn-binary")).isEqualTo("Optional[30]");
    assertThat(row("sklearn-columns")).isEqualTo("Optional.empty");
  }

  private static Access access(String name) {
    try (OnnxTarget target = opened(Fixture.of(name), OnnxOptions.DEFAULTS)) {
      return target.info().access();
    }
  }

  private static Batch batch(String name) {
    try (OnnxTarget target = opened(Fixture.of(name), OnnxOptions.DEFAULTS)) {
      return target.batch();
    }
  }

  private static String row(String name) {
    try (OnnxTarget target = opened(Fixture.of(name), OnnxOptions.DEFAULTS)) {
      return target.info().arrayInput().toString();
    }
  }

  // Whoever knows the classes must say them where a graph answers a label without naming any.
  private static OnnxTarget opened(Fixture fixture, OnnxOptions options) {
    boolean unnamed = fixture.name().equals("odd-label-only");
    List<String> classes = unnamed ? fixture.classes() : List.of();
    return OnnxTarget.open(fixture.onnx(), options.withClasses(classes));
  }

  private static void assertAnswers(Fixture fixture, Predictions answers) {
    assertThat(answers.rows()).isEqualTo(fixture.answers().length);
    double scale =
        Arrays.stream(fixture.answers())
            .flatMapToDouble(Arrays::stream)
            .map(Math::abs)
            .max()
            .orElse(1);
    for (int row = 0; row < answers.rows(); row++) {
      assertThat(answers.row(row))
          .containsExactly(fixture.answers()[row], within(1e-5 * Math.max(1, scale)));
    }
  }
}
