package io.afterimage.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Access;
import io.afterimage.data.Dataset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Models of real exporters answer as the frameworks that trained them. */
class OnnxFixturesTest {
  static Stream<Fixture> fixtures() {
    return Fixture.NAMES.stream().map(Fixture::of);
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

  /** Fixtures named after a batch have it fixed; those whose rows cannot be told apart keep it. */
  private static final Map<String, String> BATCHES =
      Map.of(
          "odd-pinned-batch", "rewritten",
          "jax-attention-batch1", "fixed",
          "odd-mixing-batch", "mixing");

  @ParameterizedTest
  @MethodSource("fixtures")
  void theBatchIsFreeOrMadeFreeWhereRowsDoNotMix(Fixture fixture) {
    boolean named = fixture.name().contains("batch");
    try (OnnxTarget target = opened(fixture, OnnxOptions.DEFAULTS)) {
      assertThat(target.batch().kind().name().toLowerCase(Locale.ROOT))
          .as("%s", target.notices())
          .isEqualTo(BATCHES.getOrDefault(fixture.name(), named ? "rewritten" : "free"));
    }
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
          .containsExactly(
              fixture.answers()[row], within(fixture.tolerance() * Math.max(1, scale)));
    }
  }
}
