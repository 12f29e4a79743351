package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.data.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final Shape SHAPE = new Shape(20);

  @Test
  void aCopyOfAMemberIsNearestToMembersInEverySetThatHoldsIt() {
    Pictures members = pictures(1, 4);
    Pictures others = pictures(2, 4);
    float[] copy = members.pixels().get(2);
    assertThat(new Nearest(members, others).share(copy, 0)).isEqualTo(1);
    assertThat(new Nearest(others, members).share(copy, 0)).isZero();
  }

  @Test
  void aLargerSetOfMembersWinsNothingByItsSize() {
    Pictures members = pictures(3, 40);
    Pictures others = pictures(4, 4);
    float[] copy = members.pixels().get(7);
    double holdsTheCopy = 4 / 40.0;
    double share = new Nearest(members, others).share(copy, 0);
    assertThat(share).isBetween(holdsTheCopy, 1.0);
    assertThat(new Nearest(others, members).share(copy, 0)).isCloseTo(1 - share, within(1e-12));
  }

  @Test
  void identicalSetsTie() {
    Pictures same = pictures(5, 3);
    assertThat(new Nearest(same, same).share(new float[20], 0)).isEqualTo(0.5);
  }

  @Test
  void theMeanOverAllSubsetsIsThatOfSubsetsWrittenOut() {
    Pictures members = pictures(6, 5);
    Pictures others = pictures(7, 2);
    float[] probe = pictures(8, 1).pixels().get(0);
    double bestOther = greatest(probe, others, 0, 1);
    double wins = 0;
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < i; j++) {
        wins += greatest(probe, members, i, j) > bestOther ? 1 : 0;
      }
    }
    assertThat(new Nearest(members, others).share(probe, 0)).isCloseTo(wins / 10, within(1e-12));
  }

  /**
   * Independent of members, the share is 0.5 on average. Each share lies in [0, 1], so that the
   * mean of 400 has a standard deviation of at most 0.025; 0.1 is four of them: fails a correct
   * program in fewer than 1 of 10,000 seeds.
   */
  @Test
  void whatKnowsNothingOfMembersReadsAsChance() {
    double sum = 0;
    for (int seed = 0; seed < 400; seed++) {
      Nearest nearest = new Nearest(pictures(1000 + seed, 9), pictures(2000 + seed, 4));
      sum += nearest.share(pictures(3000 + seed, 1).pixels().get(0), 0);
    }
    assertThat(sum / 400).isCloseTo(0.5, within(0.1));
  }

  @Test
  void aClassWithoutNonMembersIsNotComparable() {
    Pictures nobody = new Pictures(SHAPE, List.of(), new int[0], new int[0]);
    assertThat(new Nearest(pictures(9, 3), nobody).comparable(0)).isFalse();
  }

  @Test
  void findsThePlaceOfTheNearestOfItsClass() {
    Pictures members =
        new Pictures(SHAPE, pictures(10, 4).pixels(), new int[] {1, 0, 1, 0}, new int[4]);
    float[] copy = members.pixels().get(0);
    assertThat(Nearest.place(copy, members, 1)).isZero();
    assertThat(Nearest.place(copy, members, 0)).isIn(1, 3);
  }

  private static double greatest(float[] probe, Pictures pictures, int i, int j) {
    return Math.max(
        Similarity.correlation(probe, pictures.pixels().get(i)),
        Similarity.correlation(probe, pictures.pixels().get(j)));
  }

  private static Pictures pictures(long seed, int count) {
    Random random = new Random(seed);
    List<float[]> pixels = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] picture = new float[SHAPE.size()];
      for (int k = 0; k < picture.length; k++) {
        picture[k] = random.nextFloat();
      }
      pixels.add(picture);
    }
    int[] classes = new int[count];
    Arrays.fill(classes, 0);
    return new Pictures(SHAPE, pixels, classes, new int[count]);
  }
}
