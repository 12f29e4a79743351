package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.data.Planes;
import io.afterimage.data.Shape;
import io.afterimage.evidence.Reconstructions;
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
    float[] pixels = new float[rebuilt.length * 144];
    for (int i = 0; i < rebuilt.length; i++) {
      System.arraycopy(rebuilt[i], 0, pixels, i * 144, 144);
    }
    Reconstructions attack =
        Reconstructions.of(
            SHAPE,
            pixels,
            pixels,
            new int[rebuilt.length],
            List.of("ann"),
            new double[rebuilt.length],
            new int[rebuilt.length],
            List.of());
    Opinion opinion = new Opinion();
    Likeness.judge(attack, members, members.select(new int[0]), Planes.of(SHAPE), opinion);
    return opinion.of(attack);
  }

  private static double[] answer(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), name);
  }
}
