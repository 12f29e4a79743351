package io.afterimage.base;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChecksTest {
  private static void refused(ThrowingCallable check, String message) {
    assertThatThrownBy(check).isInstanceOf(BadInputException.class).hasMessage(message);
  }

  @Test
  void anEndThatDoesNotBelongToARangeIsNamedInWords() {
    refused(
        () -> Checks.above("--a", 0, 0, 1e6), "--a must be above 0 and at most 1000000, but is 0");
    refused(() -> Checks.below("--a", 1, 0, 1), "--a must be from 0 to below 1, but is 1");
    refused(() -> Checks.within("--a", 1, 0, 1), "--a must be above 0 and below 1, but is 1");
    refused(() -> Checks.within("--a", 0, 0, 1), "--a must be above 0 and below 1, but is 0");
    refused(() -> Checks.atLeast("--a", -0.5, 0), "--a must be 0 or more, but is -0.5");
    refused(() -> Checks.atLeast("--a", 1, 2), "--a must be 2 or more, but is 1");
    refused(() -> Checks.atLeast("--a", 0L, 1L), "--a must be 1 or more, but is 0");
  }

  @Test
  void anEndThatBelongsToARangeIsTaken() {
    assertThat(Checks.above("--a", 1e6, 0, 1e6)).isEqualTo(1e6);
    assertThat(Checks.above("--a", Double.MIN_VALUE, 0, 1)).isEqualTo(Double.MIN_VALUE);
    assertThat(Checks.below("--a", 0, 0, 1)).isZero();
    assertThat(Checks.within("--a", Math.nextDown(1.0), 0, 1)).isLessThan(1);
    assertThat(Checks.atLeast("--a", 0.0, 0)).isZero();
    assertThat(Checks.atLeast("--a", 2, 2)).isEqualTo(2);
    assertThat(Checks.inRange("--a", 3, 3, 3)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void whatIsNoFiniteNumberLiesInNoRange(double value) {
    refused(
        () -> Checks.above("--a", value, 0, 1),
        "--a must be above 0 and at most 1, but is " + value);
    refused(
        () -> Checks.below("--a", value, 0, 1), "--a must be from 0 to below 1, but is " + value);
    refused(
        () -> Checks.within("--a", value, 0, 1),
        "--a must be above 0 and below 1, but is " + value);
    refused(() -> Checks.atLeast("--a", value, 0), "--a must be 0 or more, but is " + value);
    refused(
        () -> Checks.inRange("--a", value, 0, 1), "--a must be between 0 and 1, but is " + value);
  }
}
