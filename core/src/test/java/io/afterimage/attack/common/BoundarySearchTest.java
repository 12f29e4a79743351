package io.afterimage.attack.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.common.BoundarySearch.Oracle;
import io.afterimage.attack.common.BoundarySearch.Settings;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Boundaries whose distance is known in closed form. */
class BoundarySearchTest {
  private static final Run RUN = Run.of(21);
  private static final Settings USUAL = new Settings(5, 100);

  private static Oracle oracle(Predicate<double[]> beyond) {
    return (who, places) -> {
      boolean[] crossed = new boolean[places.length];
      for (int i = 0; i < places.length; i++) {
        crossed[i] = beyond.test(places[i]);
      }
      return crossed;
    };
  }

  private static double[] filled(int dimensions, double value) {
    double[] vector = new double[dimensions];
    Arrays.fill(vector, value);
    return vector;
  }

  private static double[] drawn(int dimensions, String name) {
    RandomGenerator random = RUN.random(name);
    return IntStream.range(0, dimensions).mapToDouble(i -> random.nextGaussian()).toArray();
  }

  private static BoundarySearch search(Oracle oracle, Settings settings, int dimensions) {
    return new BoundarySearch(oracle, settings, filled(dimensions, -100), filled(dimensions, 100));
  }

  private static double[] distances(BoundarySearch search, double[][] own, double[][] beyond) {
    return search.distances(own, beyond, i -> RUN.random("point " + i));
  }

  /** From starts askew to the normal, in one dimension exactly but for the bisection. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 64})
  void aHyperplaneIsAsFarAsItsNormalSays(int dimensions) {
    double[] drawn = drawn(dimensions, "normal");
    double[] normal = moved(new double[dimensions], 1 / Math.sqrt(product(drawn, drawn)), drawn);
    for (int i = 0; i < 20; i++) {
      double away = 1 + i / 4.0;
      double[] own = drawn(dimensions, "own " + i);
      double[] side = moved(own, 1, drawn(dimensions, "side " + i));
      double[] start = moved(side, 1 + away + Math.abs(product(normal, side)), normal);
      double[] from = moved(start, Math.abs(product(normal, own)), normal);
      Oracle plane = oracle(place -> product(normal, place) - product(normal, own) > away);
      assertThat(plane.crossed(new int[] {0}, new double[][] {from})[0]).isTrue();
      double[] found =
          distances(search(plane, USUAL, dimensions), new double[][] {own}, new double[][] {from});
      assertThat(found[0]).isBetween(away, 1.15 * away);
    }
  }

  private static double[] moved(double[] from, double length, double[] direction) {
    return IntStream.range(0, from.length)
        .mapToDouble(i -> from[i] + length * direction[i])
        .toArray();
  }

  private static double product(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).sum();
  }

  /** A ball of radius 1 whose centre is 3 away is 2 away; the search starts on its far side. */
  @Test
  void aBallIsAsFarAsItsNearSide() {
    Oracle ball = oracle(place -> Math.sqrt(product(place, place)) < 1);
    double[][] own = {{3, 0, 0, 0}};
    double[] found = distances(search(ball, USUAL, 4), own, new double[][] {{-0.6, 0.6, 0.2, 0}});
    assertThat(found[0]).isBetween(2.0, 2.1);
  }

  @Test
  void moreStepsComeNearer() {
    double[] normal = drawn(30, "normal");
    Oracle plane = oracle(place -> product(normal, place) > Math.sqrt(product(normal, normal)));
    double[][] own = {new double[30]};
    double[] askew = drawn(30, "askew");
    double[][] start = {
      IntStream.range(0, 30).mapToDouble(i -> normal[i] + 5 * askew[i]).toArray()
    };
    assertThat(plane.crossed(new int[] {0}, start)[0]).isTrue();
    double none = distances(search(plane, new Settings(0, 100), 30), own, start)[0];
    double one = distances(search(plane, new Settings(1, 100), 30), own, start)[0];
    double ten = distances(search(plane, new Settings(10, 100), 30), own, start)[0];
    assertThat(one).isLessThan(none);
    assertThat(ten).isLessThan(one).isCloseTo(1, within(0.1));
  }

  @Test
  void aPointIsFoundTheSameDistanceInAnyCompany() {
    Oracle outside = oracle(place -> Math.sqrt(product(place, place)) > 3);
    double[][] own = {{1, 0}, {0, 0.5}, {-1, 1}};
    double[][] beyond = {{5, 5}, {4, 0}, {-4, -4}};
    double[] together = distances(search(outside, USUAL, 2), own, beyond);
    double[] alone =
        search(outside, USUAL, 2)
            .distances(
                new double[][] {own[2]}, new double[][] {beyond[2]}, i -> RUN.random("point 2"));
    assertThat(together[2]).isEqualTo(alone[0]);
  }

  @Test
  void asksNoMoreThanItSaysAndNowhereOutOfBounds() {
    AtomicLong asked = new AtomicLong();
    Oracle counting =
        (who, places) -> {
          asked.addAndGet(places.length);
          boolean[] crossed = new boolean[places.length];
          for (int i = 0; i < places.length; i++) {
            assertThat(Arrays.stream(places[i]).allMatch(v -> Math.abs(v) <= 2)).isTrue();
            crossed[i] = places[i][0] > 1;
          }
          return crossed;
        };
    double[] low = filled(3, -2);
    double[] high = filled(3, 2);
    double found =
        new BoundarySearch(counting, USUAL, low, high)
            .distances(
                new double[][] {{0, 0, 0}}, new double[][] {{2, 2, 2}}, i -> RUN.random("p"))[0];
    assertThat(found).isBetween(1.0, 1.1);
    assertThat(asked.get()).isLessThanOrEqualTo(USUAL.questions(3));
  }

  @Test
  void missingNumbersStayMissingAndCountForNothing() {
    Oracle plane =
        oracle(
            place -> {
              assertThat(place[1]).isNaN();
              return place[0] > 1;
            });
    double found =
        distances(
            search(plane, USUAL, 2),
            new double[][] {{0, Double.NaN}},
            new double[][] {{7, Double.NaN}})[0];
    assertThat(found).isBetween(1.0, 1.02);
  }

  @Test
  void settingsOutOfBoundsAreNamed() {
    assertThatThrownBy(() -> new Settings(-1, 100))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--steps must be between 0 and 10000, but is -1");
    assertThatThrownBy(() -> new Settings(1, 0)).hasMessageContaining("--directions");
  }
}
