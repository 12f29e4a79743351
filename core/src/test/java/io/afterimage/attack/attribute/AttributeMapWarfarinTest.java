package io.afterimage.attack.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.fixture.LinearModel;
import io.afterimage.attack.fixture.Warfarin;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.AttributeGuesses;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/**
 * Fredrikson et al. 2014 on the IWPC patients: a linear model of the dose, three quarters of them
 * members, the dose known. The figures are means over ten splits.
 */
class AttributeMapWarfarinTest {
  private static final int SPLITS = 10;

  private record Accuracy(double members, double nonMembers, double majority) {}

  private static Accuracy attack(String attribute) {
    Dataset patients = Warfarin.read(attribute);
    double[] sums = new double[3];
    for (int seed = 0; seed < SPLITS; seed++) {
      Run run = Run.of(seed);
      Split split = Warfarin.split(patients, run);
      AttributeMap attack = new AttributeMap();
      AttributeGuesses guesses =
          attack.run(LinearModel.fit(split.members()), split, attack.defaults(), run);
      sums[0] += accuracy(guesses.members().attack(), split.members(), attribute);
      sums[1] += accuracy(guesses.nonMembers().attack(), split.nonMembers(), attribute);
      sums[2] += majority(split.nonMembers(), attribute);
    }
    return new Accuracy(sums[0] / SPLITS, sums[1] / SPLITS, sums[2] / SPLITS);
  }

  private static double accuracy(int[] guesses, Dataset rows, String attribute) {
    int[] truth = ((Column.Categorical) rows.column(attribute)).codes();
    double right = 0;
    for (int row = 0; row < truth.length; row++) {
      right += guesses[row] == truth[row] ? 1 : 0;
    }
    return right / truth.length;
  }

  private static double majority(Dataset rows, String attribute) {
    Column.Categorical column = (Column.Categorical) rows.column(attribute);
    int[] counts = new int[column.dictionary().size()];
    Arrays.stream(column.codes()).forEach(code -> counts[code]++);
    return Arrays.stream(counts).max().orElseThrow() / (double) rows.rows();
  }

  @Test
  void vkorc1IsGuessedFarAboveTheMajorityForMembersAndOthersAlike() {
    Accuracy accuracy = attack("vkorc1");
    assertThat(accuracy.members()).isCloseTo(0.564, within(0.015));
    assertThat(accuracy.nonMembers()).isCloseTo(0.559, within(0.015));
    assertThat(accuracy.majority()).isCloseTo(0.367, within(0.015));
  }

  @Test
  void cyp2c9IsGuessedNoBetterThanTheMajority() {
    Accuracy accuracy = attack("cyp2c9");
    assertThat(accuracy.members()).isCloseTo(0.754, within(0.015));
    assertThat(accuracy.nonMembers()).isCloseTo(0.744, within(0.015));
    assertThat(accuracy.majority()).isCloseTo(0.746, within(0.015));
  }
}
