package io.afterimage.attack.inversion.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecoderSettingsTest {
  /** Batches of 64: 429 steps pass over 27,412 rows, one passes over 40. */
  @ParameterizedTest
  @CsvSource({"27412, 12", "8000, 40", "40, 5000", "1, 5000", "1000000, 1"})
  void fewerRowsAreShownMoreOften(int rows, int epochs) {
    assertThat(DecoderSettings.usual().epochs(rows)).isEqualTo(epochs);
  }

  @Test
  void whatTheUserSaysCounts() {
    assertThat(DecoderSettings.small(8, 20).epochs(27412)).isEqualTo(20);
    assertThat(DecoderSettings.small(8, 20).epochs(1)).isEqualTo(20);
  }
}
