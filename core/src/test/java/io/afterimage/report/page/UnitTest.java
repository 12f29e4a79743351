package io.afterimage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnitTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0%",
    "1, 100%",
    "0.5612, 56%",
    "0.0999, 10%",
    "0.0423, 4.2%",
    "0.00423, 0.42%",
    "0.0004, 0.040%",
    "0.9951, 99.51%",
    "0.99996, 99.9960%",
    "-0.0312, −3.1%",
    "-0.00000000001, 0.000000%"
  })
  void sharesHaveTwoTellingDigits(double share, String text) {
    assertThat(Unit.SHARE.text(share)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0.6771, 0.677",
    "42, 42",
    "418412, '418,412'",
    "1874.3, '1,874'",
    "23.44, 23.4",
    "-1.5, −1.500"
  })
  void numbersAreGroupedAndRounded(double number, String text) {
    assertThat(Unit.NUMBER.text(number)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"1, 1.000", "0.0314, 0.031", "0.001, 0.001", "0.0009, under 0.001", "0, under 0.001"})
  void valuesOfPSayNothingOfWhatIsSmall(double p, String text) {
    assertThat(Unit.P_VALUE.text(p)).isEqualTo(text);
  }
}
