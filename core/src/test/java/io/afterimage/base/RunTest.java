package io.afterimage.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunTest {

  @Test
  void aShuffleHoldsEachNumberOnceAndDependsOnSeedAndKey() {
    int[] order = Run.of(1).shuffled("order", 50);
    assertThat(order).hasSize(50).doesNotHaveDuplicates().contains(0, 49);
    assertThat(Run.of(1).shuffled("order", 50)).isEqualTo(order);
    assertThat(Run.of(2).shuffled("order", 50)).isNotEqualTo(order);
    assertThat(Run.of(1).shuffled("other", 50)).isNotEqualTo(order);
    assertThat(Run.of(1).shuffled("order", 0)).isEmpty();
  }

  /** 6,000 draws of 6 orders: each count lies within 4.5 deviations of 1,000 but for 4e-5. */
  @Test
  void everyOrderIsEquallyLikely() {
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < 6000; i++) {
      counts.merge(Arrays.toString(Run.of(3).shuffled("order/" + i, 3)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(6);
    double reach = 4.5 * Math.sqrt(6000 * (1 / 6.0) * (5 / 6.0));
    assertThat(counts.values())
        .allSatisfy(c -> assertThat((double) c).isBetween(1000 - reach, 1000 + reach));
  }
}
