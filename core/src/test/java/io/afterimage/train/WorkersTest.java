package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.tensor.Threads;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pieces of work side by side. */
class WorkersTest {
  private int before;

  @BeforeEach
  void twoThreadsInAnOperation() {
    before = Threads.intraOp();
    Threads.setIntraOp(2);
  }

  @AfterEach
  void asBefore() {
    Threads.setIntraOp(before);
  }

  private static Run on(int threads) {
    return new Run(1, threads, Progress.NONE, new AtomicBoolean());
  }

  @Test
  void resultsKeepTheOrderOfThePieces() {
    assertThat(Workers.map(on(2), "work", 5, i -> 10 * i)).containsExactly(0, 10, 20, 30, 40);
  }

  /** Threads of operations that wait for each other once took most of two workers' time. */
  @Test
  void sideBySideEachPieceHasOneThread() {
    assertThat(Workers.map(on(2), "work", 4, i -> Threads.intraOp())).containsOnly(1);
    assertThat(Threads.intraOp()).isEqualTo(2);
    assertThat(Workers.map(on(1), "work", 4, i -> Threads.intraOp())).containsOnly(2);
    assertThat(Workers.map(on(2), "work", 1, i -> Threads.intraOp())).containsOnly(2);
  }

  @Test
  void whatAPieceThrowsIsThrownAndThreadsAreAsBefore() {
    assertThatThrownBy(
            () ->
                Workers.map(
                    on(2),
                    "work",
                    4,
                    i -> {
                      throw new BadInputException("piece " + i);
                    }))
        .isInstanceOf(BadInputException.class)
        .hasMessage("piece 0");
    assertThat(Threads.intraOp()).isEqualTo(2);
  }
}
