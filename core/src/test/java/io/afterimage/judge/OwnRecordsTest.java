package io.afterimage.judge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Planes;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.Reconstructions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OwnRecordsTest {
  private static final Shape SHAPE = new Shape(12, 12);
  private static final float[] ONE = PeersNumbers.picture(1, 144);
  private static final float[] TWO = PeersNumbers.picture(2, 144);
  private static final float[] THREE = PeersNumbers.picture(3, 144);
  private static final float[] MEAN = PeersNumbers.picture(4, 144);
  private static final Split SPLIT = Split.of(rows("members", ONE, TWO), rows("others", THREE));

  /** Rebuilt: the second member as the first, and the only non-member exactly. */
  private static final Reconstructions ATTACK =
      attack(SPLIT.members().select(new int[] {1}), SPLIT.nonMembers(), ONE, THREE);

  @Test
  void eachIsComparedWithItsOwnRecordWhateverElseIsNear() {
    Reconstructions judged = judge(ATTACK, SHAPE, 2);
    assertThat(answer(judged, Reconstructions.RECORD_PSNR)).containsExactly(psnr(ONE, TWO), 100);
    assertThat(answer(judged, Reconstructions.RECORD_PSNR + Reconstructions.OF_POPULATION_MEAN))
        .containsExactly(psnr(MEAN, TWO), psnr(MEAN, THREE));
    double[] alike = answer(judged, Reconstructions.RECORD_SSIM);
    assertThat(alike[0]).isCloseTo(ssim(ONE, TWO), within(1e-12));
    assertThat(alike[1]).isCloseTo(1, within(1e-12));
    assertThat(answer(judged, Reconstructions.RECORD_SSIM + Reconstructions.OF_POPULATION_MEAN))
        .containsExactly(ssim(MEAN, TWO), ssim(MEAN, THREE));
  }

  @Test
  void ofClassesNothingIsSaid() {
    Reconstructions judged = judge(ATTACK.from(Origins.NONE), SHAPE, 2);
    assertThat(judged.judged()).isEmpty();
    assertThat(judged.unjudged()).isEmpty();
    assertThat(OwnRecords.answers(judged)).isEmpty();
  }

  @Test
  void whatCannotBeComparedIsSaidWithTheReason() {
    assertThat(judge(ATTACK, SHAPE, 0).unjudged())
        .containsEntry(Reconstructions.RECORD_PSNR, "all pixels of the members are alike");
    assertThat(judge(ATTACK, new Shape(144), 2).unjudged())
        .containsOnlyKeys(
            Reconstructions.RECORD_SSIM,
            Reconstructions.RECORD_SSIM + Reconstructions.OF_POPULATION_MEAN)
        .containsEntry(
            Reconstructions.RECORD_SSIM, "it needs pictures of at least 11x11 pixels, not 12x12");
    Reconstructions strange = attack(rows("strange", ONE), SPLIT.nonMembers(), ONE, THREE);
    assertThat(judge(strange, SHAPE, 2).unjudged())
        .containsEntry(
            Reconstructions.RECORD_PSNR, "some records behind the pictures are not in the data");
  }

  private static double psnr(float[] a, float[] b) {
    return Similarity.psnr(a, b, 2);
  }

  private static double ssim(float[] a, float[] b) {
    return Similarity.Ssim.of(new Planes(1, 12, 12, false), 2).orElseThrow().between(a, b);
  }

  private static Dataset rows(String name, float[]... pictures) {
    float[] pixels = new float[pictures.length * 144];
    for (int i = 0; i < pictures.length; i++) {
      System.arraycopy(pictures[i], 0, pixels, i * 144, 144);
    }
    Schema schema = new Schema(Map.of("pixels", Role.FEATURE));
    return Dataset.of(name, schema, List.of(new Column.Array("pixels", pixels, SHAPE)));
  }

  private static Reconstructions attack(Dataset members, Dataset nonMembers, float[]... rebuilt) {
    float[] pixels = ((Column.Array) rows("rebuilt", rebuilt).inputs().get(0)).values();
    return Reconstructions.of(
            SHAPE,
            pixels,
            pixels,
            new int[rebuilt.length],
            List.of("ann"),
            new double[rebuilt.length],
            new int[rebuilt.length],
            List.of())
        .from(Origins.of(members, nonMembers));
  }

  private static Reconstructions judge(Reconstructions attack, Shape shape, float width) {
    Optional<Planes> planes = Planes.of(shape);
    Opinion opinion = new Opinion();
    new OwnRecords(SPLIT, MEAN, width, planes, Run.of(1)).judge(attack, opinion);
    return opinion.of(attack);
  }

  private static double[] answer(Reconstructions judged, String name) {
    return Objects.requireNonNull(judged.judged().get(name), name);
  }
}
