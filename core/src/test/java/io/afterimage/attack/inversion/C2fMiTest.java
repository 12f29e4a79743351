package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.CountingTarget;
import io.afterimage.attack.inversion.latent.CoarseStarts;
import io.afterimage.attack.inversion.latent.LatentCanvas;
import io.afterimage.attack.inversion.latent.LatentSpace;
import io.afterimage.attack.inversion.latent.PriorChoice;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.GraphBuilder;
import io.afterimage.target.Answers;
import io.afterimage.target.Predictions;
import io.afterimage.target.ScoreTarget;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.PriorSettings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeakedTensors.class)
class C2fMiTest {
  private static final C2fMi ATTACK = new C2fMi();
  @TempDir static Path folder;

  private static Run sharing() {
    return PrivateDigits.RUN.sharing(folder);
  }

  private static Reconstructions run(ScoreTarget target, Map<String, String> changed) {
    C2fMi.Settings settings = SettingsForm.of(ATTACK.small()).with(changed);
    return ATTACK.run(target, PrivateDigits.SPLIT, settings, sharing());
  }

  private static long alike(Reconstructions found) {
    return LookAlikes.of(found, found.pixels(), PrivateDigits.MEMBERS);
  }

  /** The paper's ablation. One generation reports where the search stood before it learned. */
  @Test
  void theCoarseStartIsNearTheClassAndAnyOtherIsNot() {
    Map<String, String> changed = new HashMap<>(Map.of("restarts", "4", "steps", "1", "clip", "9"));
    Reconstructions coarse = run(PrivateDigits.TARGET, changed);
    changed.put("public-rows", "0");
    Reconstructions anywhere = run(PrivateDigits.TARGET, changed);
    assertThat(alike(coarse)).isGreaterThan(32);
    assertThat(alike(anywhere)).isLessThan(14);
    assertThat(coarse.start()).isEqualTo(anywhere.start());
    assertThat(anywhere.pixels()).containsExactly(anywhere.start(), within(1e-5f));
    assertThat(queries(coarse)).isEqualTo(queries(anywhere) + 200);
  }

  private static long queries(Reconstructions found) {
    List<CurvePoint> curve = found.curve();
    return curve.get(curve.size() - 1).queries();
  }

  /** What evolution adds to the coarse start. */
  @Test
  void evolutionMakesTheTargetSurerThanTheCoarseStart() {
    double[] coarse = run(PrivateDigits.TARGET, Map.of("steps", "1")).confidence();
    double[] evolved = run(PrivateDigits.TARGET, Map.of("steps", "25")).confidence();
    assertThat(Arrays.stream(evolved).sum()).isGreaterThan(1.2 * Arrays.stream(coarse).sum());
  }

  /** From the third chunk of vectors on as from the first, each goes to its own class. */
  @Test
  void everyVectorIsBroughtNearItsOwnClass() {
    PriorChoice choice = PriorChoice.small(PriorSettings.Kind.VAE);
    try (LatentSpace space =
        LatentSpace.of(
            PrivateDigits.TARGET.info(), PrivateDigits.SPLIT, choice, "c2f-mi", sharing())) {
      int size = space.row().size();
      LatentCanvas canvas = new LatentCanvas(space);
      float[] looks = painted(canvas, vectors(space, "look", 10), size);
      double[][] drawn = vectors(space, "drawn", 1100);
      double[][] near = new CoarseStarts(space, looks).near(drawn, 40, 3, PrivateDigits.RUN);
      float[] before = painted(canvas, drawn, size);
      float[] after = painted(canvas, near, size);
      int nearer = 0;
      for (int i = 0; i < drawn.length; i++) {
        double was = distance(before, i, looks, i / 110, size);
        nearer += distance(after, i, looks, i / 110, size) < 0.5 * was ? 1 : 0;
        assertThat(Arrays.stream(near[i]).map(Math::abs).max().orElseThrow())
            .isLessThanOrEqualTo(3);
      }
      assertThat(nearer).isGreaterThan(1000);
    }
  }

  private static double[][] vectors(LatentSpace space, String name, int count) {
    double[][] vectors = new double[count][];
    Arrays.setAll(vectors, i -> space.vector(name + i));
    return vectors;
  }

  private static float[] painted(LatentCanvas canvas, double[][] points, int size) {
    float[] pixels = new float[points.length * size];
    canvas.paint(points, pixels);
    return pixels;
  }

  private static double distance(float[] pictures, int i, float[] looks, int c, int size) {
    double sum = 0;
    for (int j = 0; j < size; j++) {
      double apart = pictures[i * size + j] - looks[c * size + j];
      sum += apart * apart;
    }
    return sum;
  }

  @Test
  void roundedAnswersServe() {
    Answers known = Answers.EXACT.rounded(1);
    ScoreTarget target = CountingTarget.of(PrivateDigits.TARGET, known, C2fMiTest::oneDigit);
    assertThat(alike(run(target, Map.of()))).isGreaterThan(16);
  }

  private static Predictions oneDigit(Predictions answers) {
    return answers.probabilities().map(p -> Math.rint(p * 10) / 10);
  }

  @Test
  void answersThatShowTheFirstClassAloneServe() {
    Answers known = Answers.EXACT.cutTo(1);
    ScoreTarget target = CountingTarget.of(PrivateDigits.TARGET, known, C2fMiTest::firstOnly);
    assertThat(alike(run(target, Map.of()))).isGreaterThan(16);
  }

  private static Predictions firstOnly(Predictions answers) {
    Predictions p = answers.probabilities();
    double[] cut = new double[p.values().length];
    for (int row = 0; row < p.rows(); row++) {
      cut[row * p.columns() + p.label(row)] = p.get(row, p.label(row));
    }
    return new Predictions(cut, p.columns(), p.meaning());
  }

  @Test
  void aCoarseStartNeedsPublicPicturesEvenWithAGenerator() {
    GraphBuilder graph = new GraphBuilder("brought");
    graph.input("z", ElementType.FLOAT, "N", 64);
    String shape = graph.initializer("shape", new long[] {-1, 1, 8, 8}, 4);
    graph.node("Reshape", graph.node("Sigmoid", "z").to("s"), shape).to("pictures");
    graph.output("pictures", ElementType.FLOAT, "N", 1, 8, 8);
    Path file = folder.resolve("brought.onnx");
    graph.build().write(file);
    Split none = Split.of(PrivateDigits.SPLIT.members(), PrivateDigits.SPLIT.nonMembers());
    Map<String, String> brought = Map.of("generator", file.toString(), "steps", "1");
    C2fMi.Settings coarse = SettingsForm.of(ATTACK.small()).with(brought);
    assertThatThrownBy(() -> ATTACK.run(PrivateDigits.TARGET, none, coarse, sharing()))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "c2f-mi needs --population: at least 50 public pictures of the same kind, not 0; or"
                + " --generator together with --public-rows 0");
    assertThat(ATTACK.refusal(none, coarse)).isPresent();
    assertThat(ATTACK.refusal(none, SettingsForm.of(coarse).with(Map.of("public-rows", "0"))))
        .isEmpty();
    C2fMi.Settings anywhere = SettingsForm.of(coarse).with(Map.of("public-rows", "0"));
    assertThat(ATTACK.run(PrivateDigits.TARGET, none, anywhere, sharing()).count()).isEqualTo(20);
  }

  @Test
  void fewPublicRowsTeachNothing() {
    assertThatThrownBy(() -> SettingsForm.of(ATTACK.small()).with(Map.of("public-rows", "10")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--public-rows must be 0 or at least 50, but is 10");
  }
}
