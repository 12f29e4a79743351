package io.afterimage.target;

import static io.afterimage.graph.ElementType.BOOL;
import static io.afterimage.graph.ElementType.FLOAT;
import static io.afterimage.graph.ElementType.INT64;
import static io.afterimage.target.OnnxOptions.DEFAULTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.afterimage.base.BadInputException;
import io.afterimage.base.CancelledException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.Verify;
import io.afterimage.tensor.TensorScope;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TimeLimitTest {
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String MESSAGE = "loop does not answer a few rows within 0.3 seconds";

  /** What a body does in each of its rounds. */
  private enum Body {
    ADDS,
    PASSES_ON,
    COLLECTS
  }

  /** When its loop ends. */
  private enum End {
    NEVER,
    AFTER_AN_AGE,
    WHERE_A_ROW_IS_POSITIVE,
    AFTER_THREE_ROUNDS
  }

  @ParameterizedTest
  @EnumSource(Body.class)
  void aModelThatNeverAnswersIsRefusedWhenItIsOpened(Body body) {
    assertThatThrownBy(() -> open(loop(End.NEVER, body), DEFAULTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(MESSAGE + "; it holds Loop \"")
        .hasMessageNotContaining("\n");
  }

  @Test
  void soIsOneThatTakesAnAge() {
    assertThatThrownBy(() -> open(loop(End.AFTER_AN_AGE, Body.ADDS), DEFAULTS))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(MESSAGE);
  }

  @Test
  void soIsOneThatOnlyTheUsersRowsKeepAtWork() {
    OnnxModel model = loop(End.WHERE_A_ROW_IS_POSITIVE, Body.ADDS);
    assertThatThrownBy(() -> open(model, DEFAULTS.withSample(rows(1, -1))))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith(MESSAGE);
  }

  @Test
  void aModelThatOnlyLaterRowsKeepAtWorkIsStoppedToo() {
    OnnxModel model = loop(End.WHERE_A_ROW_IS_POSITIVE, Body.PASSES_ON);
    OnnxOptions options = DEFAULTS.withSample(rows(-1, -2));
    try (OnnxTarget target = OnnxTarget.open(model, options, SHORT)) {
      assertThat(target.scores(rows(-3, -4)).values()).containsExactly(-3, -4);
      assertThatThrownBy(() -> target.scores(rows(-3, 1)))
          .isInstanceOf(BadInputException.class)
          .hasMessageStartingWith(MESSAGE);
    }
  }

  @Test
  void aLoopThatEndsIsOpenedAndAnswers() {
    try (OnnxTarget target = OnnxTarget.open(loop(End.AFTER_THREE_ROUNDS, Body.ADDS), DEFAULTS)) {
      assertThat(target.scores(rows(1, 10)).values()).containsExactly(8, 80);
    }
  }

  @Test
  void aComparisonEndsToo() {
    OnnxModel model = loop(End.NEVER, Body.ADDS);
    TensorScope.run(
        () -> {
          Map<String, Value> rows = Verify.drawnInputs(model, 3, Run.of(1));
          try (OnnxReference reference = new OnnxReference(model, 1, SHORT)) {
            assertThatThrownBy(() -> reference.score(rows))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(MESSAGE);
          }
        });
  }

  @Test
  void whatIsAtWorkEndsWhenTheProcessIsStopped() throws InterruptedException {
    OnnxModel model = loop(End.NEVER, Body.PASSES_ON);
    AtomicReference<RuntimeException> end = new AtomicReference<>();
    Thread scoring =
        new Thread(() -> end.set(catchRuntimeException(() -> OnnxTarget.open(model, DEFAULTS))));
    scoring.start();
    while (scoring.isAlive()) {
      TimeLimit.stopThoseAtWork();
      scoring.join(10);
    }
    assertThat(end.get()).isInstanceOf(CancelledException.class);
  }

  @Test
  void onlyModelsThatMayLoopHaveALimit() {
    GraphBuilder plain = new GraphBuilder("plain");
    plain.input("x", FLOAT, "N", 1);
    plain.output(plain.node("Tanh", "x").to("y"), FLOAT, "N", 1);
    assertThat(TimeLimit.of(plain.build(), SHORT)).isEqualTo(TimeLimit.NONE);
    assertThat(TimeLimit.of(loop(End.NEVER, Body.ADDS), SHORT).duration()).contains(SHORT);
  }

  // ---- models and rows

  private static void open(OnnxModel model, OnnxOptions options) {
    OnnxTarget.open(model, options, SHORT).close();
  }

  /** Doubles its rows, or passes them on, round after round. */
  private static OnnxModel loop(End end, Body kind) {
    GraphBuilder body = new GraphBuilder("body");
    body.input("i", INT64);
    body.input("goes", BOOL);
    body.input("h", FLOAT, "N", 1);
    body.output(body.node("Identity", "goes").to("still"), BOOL);
    String next =
        kind == Body.PASSES_ON
            ? body.node("Identity", "h").to("next")
            : body.node("Add", "h", "h").to("next");
    body.output(next, FLOAT, "N", 1);
    if (kind == Body.COLLECTS) {
      body.output(body.node("Identity", "next").to("seen"), FLOAT, "N", 1);
    }
    GraphBuilder g = new GraphBuilder("loop");
    g.input("x", FLOAT, "N", 1);
    g.initializer("zero", new float[] {0});
    g.initializer("rounds", new long[] {end == End.AFTER_THREE_ROUNDS ? 3 : 1L << 62});
    String goes = "";
    if (end == End.WHERE_A_ROW_IS_POSITIVE) {
      g.node("ReduceMax", "x").with("keepdims", 0).to("greatest");
      goes = g.node("Greater", "greatest", "zero").to("positive");
    }
    String rounds = end == End.NEVER || end == End.WHERE_A_ROW_IS_POSITIVE ? "" : "rounds";
    String[] results = kind == Body.COLLECTS ? new String[] {"y", "all"} : new String[] {"y"};
    g.node("Loop", rounds, goes, "x").with("body", body).to(results);
    g.output("y", FLOAT, "N", 1);
    return g.build();
  }

  private static Dataset rows(double... values) {
    return Tables.of("rows", new Column.Numeric("x", values));
  }
}
