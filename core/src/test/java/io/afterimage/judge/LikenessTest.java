package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LikenessTest {
  private static final Shape SHAPE = new Shape(12, 12);
  private static final float[] ONE = PeersNumbers.picture(1, 144);
  private static final float[] TWO = PeersNumbers.picture(2, 144);
  private static final float[] THREE = PeersNumbers.picture(3, 144);
  private static final float[] OTHER = PeersNumbers.picture(4, 144);

  /**
   * Both reconstructions are nearest to the same member; only one of them may be compared with it.
   */
  @Test
  void noMemberIsCountedTwice() {
    Pictures members = members(ONE, TWO);
    Reconstructions judged = judge(members, ONE, mixed(ONE, TWO, .6f));
    assertThat(answer(judged, Reconstructions.NEAREST_MEMBER_ROW)).containsExactly(0, 0);
    double width = members.range().width();
    double expected = (100 + Similarity.psnr(mixed(ONE, TWO, .6f), TWO, width)) / 2;
    assertThat(answer(judged, Reconstructions.PSNR)).hasSize(1);
    assertThat(answer(judged, Reconstructions.PSNR)[0]).isCloseTo(expected, within(1e-9));
    double ssim =
        Similarity.Ssim.of(new Planes(1, 12, 12, false), width)
            .orElseThrow()
            .between(mixed(ONE, TWO, .6f), TWO);
    assertThat(answer(judged, Reconstructions.SSIM)[0]).isCloseTo((1 + ssim) / 2, within(1e-9));
  }

  @Test
  void thePairsAreThoseThatCorrelateBestTogether() {
    Pictures members = members(THREE, ONE, TWO);
    Reconstructions judged = judge(members, TWO, THREE, ONE);
    assertThat(answer(judged, Reconstructions.PSNR)).containsExactly(100);
    assertThat(answer(judged, Reconstructions.SSIM)[0]).isCloseTo(1, within(1e-12));
  }

  @Test
  void whereMembersAreFewerTheOthersAreLeftOver() {
    Reconstructions judged = judge(members(ONE), OTHER, ONE, TWO);
    assertThat(answer(judged, Reconstructions.PSNR)).containsExactly(100);
  }

  @Test
  void membersThatAreAllAlikeHaveNoRange() {
    float[] grey = new float[144];
    Reconstructions judged = judge(members(grey, grey), ONE);
    assertThat(judged.unjudged())
        .containsEntry(Reconstructions.PSNR, "all pixels of the members are alike")
        .containsEntry(Reconstructions.SSIM, "all pixels of the members are alike");
  }

  /** Known pixels come from another's picture: all that is compared is the rest. */
  @Test
  void onlyWhatWasUnknownIsCompared() {
    int[] known = IntStream.range(0, 12).toArray();
    float[] rebuilt = mixed(ONE, TWO, .9f);
    float[] spoilt = rebuilt.clone();
    System.arraycopy(OTHER, 0, spoilt, 0, 12);
    Pictures members = members(ONE, THREE);
    Reconstructions right = judge(members, reconstructions(ONE, rebuilt).knowing(known));
    Reconstructions wrong = judge(members, reconstructions(TWO, spoilt).knowing(known));
    for (String name :
        List.of(
            Reconstructions.PSNR,
            Reconstructions.SSIM,
            Reconstructions.IDENTIFIED,
            Reconstructions.NEAREST_MEMBER_ROW)) {
      assertThat(answer(wrong, name)).as(name).isEqualTo(answer(right, name));
    }
    double width = members.range().width();
    double expected =
        Similarity.psnr(
            Arrays.copyOfRange(rebuilt, 12, 144), Arrays.copyOfRange(ONE, 12, 144), width);
    assertThat(answer(right, Reconstructions.PSNR)[0]).isCloseTo(expected, within(1e-9));
  }

  /** What the known part alone gives is told beside, and only where a part was known. */
  @Test
  void whatTheKnownPartGivesIsComparedToo() {
    Pictures members = members(ONE, THREE);
    int[] known = IntStream.range(0, 12).toArray();
    Reconstructions judged = judge(members, reconstructions(ONE, TWO).knowing(known));
    String start = Reconstructions.PSNR + Reconstructions.OF_START;
    assertThat(answer(judged, start)).containsExactly(100);
    assertThat(answer(judged, Reconstructions.PSNR)[0]).isLessThan(50);
    assertThat(judge(members, ONE).judged()).doesNotContainKey(start);
  }

  /** The windows of 12x12 pixels begin in rows 0 and 1: the first row leaves those of row 1. */
  @Test
  void windowsThatHoldKnownPixelsDoNotCount() {
    float[] rebuilt = mixed(ONE, TWO, .5f);
    Pictures members = members(ONE, THREE);
    Planes lower = new Planes(1, 11, 12, false);
    double expected =
        Similarity.Ssim.of(lower, members.range().width())
            .orElseThrow()
            .between(Arrays.copyOfRange(rebuilt, 12, 144), Arrays.copyOfRange(ONE, 12, 144));
    int[] firstRow = IntStream.range(0, 12).toArray();
    Reconstructions judged = judge(members, reconstructions(ONE, rebuilt).knowing(firstRow));
    assertThat(answer(judged, Reconstructions.SSIM)[0]).isCloseTo(expected, within(1e-9));
    Reconstructions middle = judge(members, reconstructions(ONE, rebuilt).knowing(new int[] {66}));
    assertThat(middle.unjudged())
        .containsEntry(
            Reconstructions.SSIM,
            "it needs 11x11 pixels in one piece of which none was known beforehand");
  }

  private static float[] mixed(float[] a, float[] b, float share) {
    float[] mixed = new float[a.length];
    for (int i = 0; i < a.length; i++) {
      mixed[i] = share * a[i] + (1 - share) * b[i];
    }
    return mixed;
  }

  private static Pictures members(float[]... pictures) {
    return new Pictures(
        SHAPE,
        List.of(pictures),
        new int[pictures.length],
        IntStream.range(0, pictures.length).toArray());
  }

  private static Reconstructions judge(Pictures members, float[]... rebuilt) {
    float[] pixels = joined(rebuilt);
    return judge(members, reconstructions(pixels, pixels));
  }

  private static float[] joined(float[]... pictures) {
    float[] pixels = new float[pictures.length * 144];
    for (int i = 0; i < pictures.length; i++) {
      System.arraycopy(pictures[i], 0, pixels, i * 144, 144);
    }
    return pixels;
  }

  private static Reconstructions reconstructions(float[] start, float[] pixels) {
    int count = pixels.length / 144;
    return Reconstructions.of(
        SHAPE,
        pixels,
        start,
        new int[count],
        List.of("ann"),
        new double[count],
        new int[count],
        List.of());
  }

  private static Reconstructions judge(Pictures members, Reconstructions attack) {
    Opinion opinion = new Opinion();
    Dataset rows = PairsTest.dataset(members);
    Likeness.judge(
        attack,
        new Likeness.Truth(members, rows, members.select(new int[0]), Planes.of(SHAPE), Run.of(1)),
        opinion);
    return opinion.of(attack);
  }

  private static double[] answer(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), name);
  }
}
