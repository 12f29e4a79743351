package io.afterimage.assess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.assess.EpsilonClaim.Answer;
import io.afterimage.assess.EpsilonClaim.Outcome;
import io.afterimage.base.BadInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EpsilonClaimTest {
  private static Answer judge(String claim, int canaries, int made, int correct) {
    return EpsilonClaim.parse(claim)
        .judge(List.of(new OneRunGuesses(canaries, made, correct)), .95);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "epsilon=3,delta=1e-5",
        " epsilon = 3.0 , delta = 0.00001 ",
        "epsilon=3,delta=1E-05"
      })
  void readsEpsilonAndDelta(String text) {
    assertThat(EpsilonClaim.parse(text)).isEqualTo(new EpsilonClaim(3, 1e-5));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "3",
        "epsilon=3",
        "delta=1e-5,epsilon=3",
        "epsilon=-3,delta=0",
        "epsilon=NaN,delta=0",
        "epsilon=1.2.3,delta=0",
        "epsilon=3,delta=1e-5,x=1"
      })
  void saysHowAClaimIsWritten(String text) {
    assertThatThrownBy(() -> EpsilonClaim.parse(text))
        .isInstanceOf(BadInputException.class)
        .hasMessage("a claim is written epsilon=3,delta=1e-5, but this one is \"" + text + "\"");
  }

  @Test
  void saysWhatIsOutOfRange() {
    assertThatThrownBy(() -> EpsilonClaim.parse("epsilon=1e9,delta=1e-5"))
        .hasMessage("the claimed epsilon must be above 0 and at most 1000, but is 1.0E9");
    assertThatThrownBy(() -> EpsilonClaim.parse("epsilon=0,delta=1e-5"))
        .hasMessage("the claimed epsilon must be above 0 and at most 1000, but is 0.0");
    assertThatThrownBy(() -> EpsilonClaim.parse("epsilon=1,delta=1"))
        .hasMessage("the claimed delta must be above 0 and below 1, but is 1.0");
    assertThatThrownBy(() -> EpsilonClaim.parse("epsilon=1,delta=0"))
        .hasMessage("the claimed delta must be above 0 and below 1, but is 0.0");
  }

  @Test
  void isContradictedByABoundAboveIt() {
    Answer answer = judge("epsilon=1,delta=1e-5", 1000, 200, 195);
    assertThat(answer.outcome()).isEqualTo(Outcome.CONTRADICTED);
    assertThat(answer.bound()).isGreaterThan(1);
    assertThat(answer.sentence())
        .startsWith("The claim is contradicted: epsilon is at least ")
        .endsWith(" at delta 1e-5, and the claim is 1.");
  }

  @Test
  void isConsistentWithABoundBelowItThatMightHaveBeenAbove() {
    Answer answer = judge("epsilon=1,delta=1e-5", 1000, 200, 110);
    assertThat(answer.outcome()).isEqualTo(Outcome.CONSISTENT);
    assertThat(answer.bound()).isLessThan(1);
    assertThat(answer.possible()).isGreaterThan(1);
  }

  @Test
  void asksForMoreCanariesWhereNotEvenAllRightGuessesWouldExceedIt() {
    Answer answer = judge("epsilon=3,delta=1e-12", 50, 50, 50);
    assertThat(answer.outcome()).isEqualTo(Outcome.TOO_LITTLE_DATA);
    // Each guess is right with at most .9526, and .9526^62 is below 5%.
    assertThat(answer.needed()).hasValue(62);
    assertThat(answer.sentence()).contains("at least 62 canaries, all guessed right");
    assertThat(judge("epsilon=3,delta=1e-12", 62, 62, 62).outcome())
        .isEqualTo(Outcome.CONTRADICTED);
    assertThat(judge("epsilon=3,delta=1e-12", 61, 61, 61).outcome())
        .isEqualTo(Outcome.TOO_LITTLE_DATA);
  }

  /** The fewest are found by steps and halving; here every number is tried. */
  @ParameterizedTest
  @CsvSource({
    "0.01, 1e-12",
    "0.01, 1e-3",
    "1, 1e-3",
    "2, 1e-3",
    "3, 1e-5",
    "3, 4e-4",
    "4, 1e-5",
    "5, 1e-4"
  })
  void findsTheFewestCanaries(double epsilon, double delta) {
    int fewest = 1;
    while (ApproximateDpAudit.pValue(OneRunGuesses.allRight(fewest, fewest), epsilon, delta)
        >= .05) {
      fewest++;
    }
    Answer answer =
        new EpsilonClaim(epsilon, delta).judge(List.of(new OneRunGuesses(1, 1, 1)), .95);
    assertThat(answer.needed()).hasValue(fewest);
  }

  /** Where delta lets more canaries be known than guesses can prove, none are enough. */
  @ParameterizedTest
  @CsvSource({"10, 1e-5", "1, 0.1", "1000, 1e-300", "25, 1e-300"})
  void saysWhereNoNumberOfCanariesWouldDo(double epsilon, double delta) {
    Answer answer =
        new EpsilonClaim(epsilon, delta).judge(List.of(new OneRunGuesses(1000, 1000, 999)), .95);
    assertThat(answer.outcome()).isEqualTo(Outcome.TOO_LITTLE_DATA);
    assertThat(answer.needed()).isEmpty();
    assertThat(answer.sentence())
        .endsWith("no audit of up to 100,000,000 canaries can contradict this claim.");
  }

  @Test
  void paysForTryingSeveralNumbersOfGuesses() {
    OneRunGuesses all = new OneRunGuesses(62, 62, 62);
    Answer answer =
        new EpsilonClaim(3, 1e-12).judge(List.of(all, new OneRunGuesses(62, 10, 10)), .95);
    assertThat(answer.outcome()).isEqualTo(Outcome.TOO_LITTLE_DATA);
    assertThat(answer.needed().orElseThrow()).isGreaterThan(62);
  }
}
