package io.afterimage.attack.inversion.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Interim;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterimsTest {
  private static final List<String> NAMES = List.of("ann", "bob", "cem");

  private static Interims interims() {
    return Interims.of(new int[] {2, 0, 0}, NAMES, new Shape(1), Run.of(1));
  }

  /** The picture of class c after q queries is 10 q + c. */
  private static Interim after(int each, int times) {
    Interims interims = interims();
    for (int i = 1; i <= times; i++) {
      long queries = (long) each * i;
      interims.pass(queries, c -> new float[] {10f * queries + c});
    }
    return interims.before((long) each * times);
  }

  @Test
  void pointsLieByAFactorApartFromTheFirstToTheLastHoweverManyThereTurnOutToBe() {
    for (int times = 20; times < 100_000; times = times * 3 / 2) {
      List<Long> queries = after(7, times).queries();
      assertThat(queries).as("of %d", times).hasSizeBetween(7, 16);
      assertThat(queries.get(0)).isEqualTo(7);
      double most = 0;
      for (int i = 1; i < queries.size(); i++) {
        most = Math.max(most, (double) queries.get(i) / queries.get(i - 1));
      }
      // Of 100,000 every doubling is thinned to one point; that of the first few questions to none.
      assertThat(most).isLessThanOrEqualTo(5);
      assertThat(queries.get(queries.size() - 1)).isBetween(7L * times / 2, 7L * times - 1);
    }
  }

  @Test
  void eachPointHoldsThePicturesOfItsTime() {
    Interim interim = after(1, 3000);
    assertThat(interim.classes()).containsExactly(0, 2);
    for (int i = 0; i < interim.queries().size(); i++) {
      float queries = interim.queries().get(i);
      assertThat(interim.pixels()[2 * i]).isEqualTo(10 * queries);
      assertThat(interim.pixels()[2 * i + 1]).isEqualTo(10 * queries + 2);
    }
  }

  /** Whatever the attack makes of its buffer later. */
  @Test
  void picturesAreCopied() {
    Interims interims = interims();
    float[] buffer = {1};
    interims.pass(5, c -> buffer);
    buffer[0] = 9;
    assertThat(interims.before(6).pixels()).containsExactly(1, 1);
  }

  /** Of 100,000 chances few are painted. */
  @Test
  void onlyWhatIsWantedIsAskedFor() {
    AtomicInteger painted = new AtomicInteger();
    Interims interims = interims();
    for (int i = 1; i <= 100_000; i++) {
      interims.pass(
          i,
          c -> {
            painted.incrementAndGet();
            return new float[1];
          });
    }
    assertThat(painted.get()).isLessThan(2 * 40);
    interims.pass(100_001, c -> fail("it lies next to the last"));
  }

  @Test
  void whatIsHandedInInTheEndIsNoInterimPicture() {
    Interims interims = interims();
    interims.pass(5, c -> new float[1]);
    assertThat(interims.before(5)).isSameAs(Interim.NONE);
    assertThat(interims.before(6).queries()).containsExactly(5L);
  }
}
