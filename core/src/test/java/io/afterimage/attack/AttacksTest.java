package io.afterimage.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.Memoriser;
import io.afterimage.attack.membership.MembershipThreshold;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.target.Answers;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AttacksTest {
  @Test
  void everyAttackIsListedOnceInOrder() {
    assertThat(Attacks.all()).extracting(a -> a.info().id()).doesNotHaveDuplicates().isSorted();
  }

  @Test
  void anAttackIsFoundByItsId() {
    assertThat(Attacks.named("membership-threshold")).isInstanceOf(MembershipThreshold.class);
  }

  @Test
  void anUnknownIdIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> Attacks.named("membership-treshold"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("membership-treshold")
        .hasMessageContaining("membership-threshold");
  }

  @Test
  void anAttackRunsWithSettingsThatWereTyped() {
    Run run = Run.of(1);
    Split split = Split.of(Digits.draw("members", 20, run), Digits.draw("others", 20, run));
    Attack<?, ?, ?> attack = Attacks.named("membership-threshold");
    Record settings = SettingsForm.of(attack.defaults()).with(Map.of("repeats", "3"));
    CountingTarget target =
        CountingTarget.of(new Memoriser(split.members(), Digits.CLASSES, 1), Answers.EXACT, p -> p);
    assertThat(Attacks.run(attack, target, split, settings, run))
        .isInstanceOf(MembershipScores.class);
    assertThat(target.asked()).isEqualTo(120);
  }
}
