package io.afterimage.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.policy.Profile.Bounds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlantedLeaksTest {
  @ParameterizedTest
  @CsvSource({".2, 1, .4", ".05, 1, .1", ".7, 1, 1", ".1, .2, .2", "0, 1, 1"})
  void plantsTwiceTheAcceptableWhereNothingIsIntolerable(
      double acceptable, double intolerable, double planted) {
    Bounds bounds = new Bounds(acceptable, intolerable, true, 0, "", "", "");
    assertThat(PlantedLeaks.worthFinding(bounds)).isEqualTo(planted);
  }
}
