package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.SettingsForm;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(NoLeakedTensors.class)
class MiFaceTest {
  private static final Shape SHAPE = new Shape(1, 6, 5);
  private static final int PEOPLE = 4;

  /** Class c is raised by every pixel whose number is c modulo 4, and lowered by the others. */
  private static final SoftmaxTarget TARGET = striped();

  @Test
  void lightsThePixelsThatSpeakForTheClassAndNoOthers() {
    Reconstructions rebuilt = run(Map.of());
    for (int subject = 0; subject < PEOPLE; subject++) {
      float[] picture = rebuilt.picture(subject);
      for (int i = 0; i < picture.length; i++) {
        if (i % PEOPLE == subject) {
          assertThat(picture[i]).as("pixel %d of class %d", i, subject).isGreaterThan(0.1f);
        } else {
          assertThat(picture[i]).as("pixel %d of class %d", i, subject).isZero();
        }
      }
    }
    assertThat(rebuilt.classes()).containsExactly(0, 1, 2, 3);
    assertThat(Arrays.stream(rebuilt.confidence()).min().orElseThrow()).isBetween(0.99, 1.0);
  }

  @Test
  void aStripShowsWhereShorterDescentsEnd() {
    Map<String, String> batches = Map.of("stop-at", "2", "patience", "9", "batch", "3");
    Reconstructions found = run(with(batches, "9"));
    Reconstructions shorter = run(with(batches, "6"));
    for (int row = 0; row < PEOPLE; row++) {
      List<Stage> strip = found.stages().of(row);
      assertThat(strip).extracting(Stage::steps).containsExactly(0, 2, 4, 6, 8);
      assertThat(strip.get(0).picture()).isEqualTo(found.startOf(row));
      assertThat(strip.get(3).picture()).isEqualTo(shorter.picture(row));
      assertThat(strip.get(3).picture()).isNotEqualTo(found.picture(row));
    }
  }

  private static Map<String, String> with(Map<String, String> changed, String steps) {
    Map<String, String> all = new HashMap<>(changed);
    all.put("steps", steps);
    return all;
  }

  @Test
  void theConfidenceIsWhatTheTargetSaysOfThePicture() {
    Reconstructions rebuilt = run(Map.of("stop-at", "0.8"));
    Column pixels = new Column.Array("x", rebuilt.pixels(), SHAPE);
    Dataset rows = Dataset.of("rebuilt", new Schema(Map.of("x", Role.FEATURE)), List.of(pixels));
    for (int row = 0; row < rebuilt.count(); row++) {
      double told = TARGET.scores(rows).get(row, rebuilt.classes()[row]);
      assertThat(rebuilt.confidence()[row]).isCloseTo(told, within(1e-6));
    }
  }

  @Test
  void everyStartStaysInsideTheBox() {
    for (String start : List.of("zero", "grey", "noise")) {
      float[] pixels = run(Map.of("start", start, "learning-rate", "50")).pixels();
      for (float value : pixels) {
        assertThat(value).isBetween(0f, 0.9f);
      }
    }
  }

  @Test
  void restartsFromNoiseDifferAndAreKeyedByTheClass() {
    Reconstructions two = run(Map.of("start", "noise", "restarts", "2", "steps", "90"));
    Reconstructions one = run(Map.of("start", "noise", "steps", "90"));
    assertThat(two.classes()).containsExactly(0, 0, 1, 1, 2, 2, 3, 3);
    assertThat(two.picture(0)).isNotEqualTo(two.picture(1));
    assertThat(two.picture(6)).containsExactly(one.picture(3), within(1e-5f));
    assertThat(start(two, 6)).isEqualTo(start(one, 3));
  }

  @Test
  void aSmallerBatchGivesTheSamePictures() {
    float[] whole = run(Map.of("start", "noise", "restarts", "3", "steps", "90")).pixels();
    float[] parts =
        run(Map.of("start", "noise", "restarts", "3", "steps", "90", "batch", "5")).pixels();
    assertThat(parts).containsExactly(whole, within(1e-5f));
  }

  @Test
  void theSameSeedGivesTheSameEvidence() {
    Map<String, String> noise = Map.of("start", "noise", "steps", "90");
    assertThat(run(noise).pixels()).isEqualTo(run(noise).pixels());
  }

  /** Steps are measured in the range's width: pixels of 0 to 255 need no other rate. */
  @Test
  void theRangeOfThePixelsChangesNothingButTheirUnit() {
    float[] scaled = TARGET.weights().clone();
    for (int i = 0; i < scaled.length; i++) {
      scaled[i] /= 255;
    }
    SoftmaxTarget bytes = new SoftmaxTarget(scaled, TARGET.bias(), SHAPE);
    MiFace.Settings settings = new MiFace().small();
    float[] unit = new MiFace().run(TARGET, split(1), settings, Run.of(1)).pixels();
    float[] wide = new MiFace().run(bytes, split(255), settings, Run.of(1)).pixels();
    for (int i = 0; i < unit.length; i++) {
      assertThat(wide[i] / 255).isCloseTo(unit[i], within(1e-4f));
    }
  }

  @Test
  void knownPixelsStayWhatTheyAre(@TempDir Path folder) throws IOException {
    float[] partial = new float[SHAPE.size()];
    float[] known = new float[SHAPE.size()];
    Arrays.fill(partial, 0.25f);
    Arrays.fill(known, 0, 10, 1);
    Path picture = ArrayFiles.npy(folder.resolve("face.npy"), partial, 1);
    Path mask = ArrayFiles.npy(folder.resolve("mask.npy"), known, 1);
    Reconstructions rebuilt =
        run(
            Map.of(
                "start",
                "partial",
                "partial",
                picture.toString(),
                "known",
                mask.toString(),
                "denoise-every",
                "3"));
    for (int subject = 0; subject < PEOPLE; subject++) {
      assertThat(Arrays.copyOf(rebuilt.picture(subject), 10)).containsOnly(0.25f);
      assertThat(Arrays.copyOfRange(rebuilt.picture(subject), 10, 30)).doesNotContain(0.25f);
      assertThat(rebuilt.confidence()[subject]).isGreaterThan(0.9);
    }
  }

  @Test
  void aPartialPictureOfAnotherSizeIsBadInput(@TempDir Path folder) throws IOException {
    Path small = ArrayFiles.npy(folder.resolve("small.npy"), new float[7], 1);
    Map<String, String> settings =
        Map.of("start", "partial", "partial", small.toString(), "known", small.toString());
    assertThatThrownBy(() -> run(settings))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--partial must be an array file with rows of 1x6x5 numbers");
  }

  @Test
  void totalVariationMakesSmootherPictures() {
    double rough = roughness(run(Map.of("start", "noise", "stop-at", "2", "steps", "200")));
    double smooth =
        roughness(
            run(Map.of("start", "noise", "stop-at", "2", "steps", "200", "total-variation", "5")));
    assertThat(smooth).isLessThan(rough / 2);
  }

  @Test
  void aTargetThatIsNoPictureCannotBeSmoothed() {
    SoftmaxTarget row = new SoftmaxTarget(new float[60], new float[2], new Shape(30));
    Map<String, String> settings = Map.of("total-variation", "1");
    Split flat = split(1, new Shape(30));
    MiFace.Settings parsed = SettingsForm.of(new MiFace().small()).with(settings);
    assertThatThrownBy(() -> new MiFace().run(row, flat, parsed, Run.of(1)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("need pictures");
  }

  @ParameterizedTest
  @CsvSource({
    "steps,0,--steps must be between 1 and 1000000",
    "patience,0,--patience must be between",
    "patience,10001,--patience must be between 1 and 10000",
    "stop-at,-0.1,--stop-at must be between",
    "learning-rate,0,--learning-rate must be between",
    "momentum,1,--momentum must be between 0 and 0.999",
    "total-variation,-1,--total-variation must be between",
    "denoise-every,-1,--denoise-every must be between",
    "noise,0,--noise must be between",
    "batch,0,--batch must be between",
    "restarts,2,--restarts must be 1 unless --start is noise",
    "start,partial,'--start partial, --partial and --known need each other'",
    "low,1e10,--low must be between"
  })
  void settingsBeyondTheirBoundsAreBadInput(String name, String value, String message) {
    SettingsForm<MiFace.Settings> form = SettingsForm.of(new MiFace().defaults());
    assertThatThrownBy(() -> form.with(Map.of(name, value)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void theDefaultsAreThePapers() {
    MiFace.Settings paper = new MiFace().defaults();
    assertThat(paper.steps()).isEqualTo(5000);
    assertThat(paper.patience()).isEqualTo(100);
    assertThat(paper.stopAt()).isEqualTo(0.99);
    assertThat(paper.rate()).isEqualTo(0.1);
    assertThat(paper.start()).isEqualTo(Start.ZERO);
  }

  private static Reconstructions run(Map<String, String> changed) {
    Map<String, String> texts = new LinkedHashMap<>(Map.of("steps", "3000"));
    texts.putAll(changed);
    MiFace.Settings settings = SettingsForm.of(new MiFace().defaults()).with(texts);
    return new MiFace().run(TARGET, split(1), settings, Run.of(7));
  }

  private static SoftmaxTarget striped() {
    float[] weights = new float[PEOPLE * SHAPE.size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = i % SHAPE.size() % PEOPLE == i / SHAPE.size() ? 2 : -1;
    }
    return new SoftmaxTarget(weights, new float[PEOPLE], SHAPE);
  }

  private static Split split(float peak) {
    return split(peak, SHAPE);
  }

  /** Members whose pixels reach from 0 to 0.9 times the peak. */
  private static Split split(float peak, Shape shape) {
    Random random = new Random(3);
    float[] pixels = new float[8 * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat() * 0.9f * peak;
    }
    pixels[0] = 0;
    pixels[1] = 0.9f * peak;
    Dataset rows =
        Dataset.of(
            "members",
            new Schema(Map.of("x", Role.FEATURE)),
            List.of(new Column.Array("x", pixels, shape)));
    return Split.of(rows, rows);
  }

  private static double roughness(Reconstructions rebuilt) {
    double sum = 0;
    for (int picture = 0; picture < rebuilt.count(); picture++) {
      float[] pixels = rebuilt.picture(picture);
      for (int i = 1; i < pixels.length; i++) {
        sum += Math.abs(pixels[i] - pixels[i - 1]);
      }
    }
    return sum;
  }

  private static float[] start(Reconstructions rebuilt, int index) {
    int size = rebuilt.shape().size();
    return Arrays.copyOfRange(rebuilt.start(), index * size, (index + 1) * size);
  }
}
