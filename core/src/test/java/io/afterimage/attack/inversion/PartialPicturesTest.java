package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.tensor.NoLeakedTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks complete pictures of which a part is known: one picture of each digit, from its top. */
@ExtendWith(NoLeakedTensors.class)
class PartialPicturesTest {
  private static final int SIZE = Digits.SHAPE.size();
  private static final float[] OTHERS = pixels(PrivateDigits.SPLIT.nonMembers());

  @TempDir static Path folder;

  static List<Attack<?, ?, ?>> attacks() {
    return List.of(
        new Gmi(), new Vmi(), new Ppa(), new IfGmi(), new Lomma(), new LatentCma(), new Mirror());
  }

  /**
   * All but gmi, which asks the critic that a generator learned against, and if-gmi, which moves
   * values inside it: a mixture has neither.
   */
  static List<Attack<?, ?, ?>> byMixture() {
    return attacks().stream().filter(PartialPicturesTest::takesMixture).toList();
  }

  private static boolean takesMixture(Attack<?, ?, ?> attack) {
    return !(attack instanceof Gmi || attack instanceof IfGmi);
  }

  /** Six pixels of a digit tell most of them apart where the prior knows what there is. */
  @ParameterizedTest
  @MethodSource("byMixture")
  void theTargetCompletesWhatIsKnownNearerToTheClassThanTheBestPriorAlone(Attack<?, ?, ?> attack)
      throws IOException {
    Map<String, String> settings = withMixture(knowing(6, 0));
    Reconstructions found = run(attack, settings);
    assertThat(found.known()).containsExactly(0, 1, 2, 3, 4, 5);
    assertKnownStay(found);
    assertThat(right(found, found.start())).isGreaterThan(20);
    assertThat(right(found, found.pixels())).isGreaterThan(right(found, found.start()) + 4);
  }

  /** The same of generators that learned for seconds: alone they complete little. */
  @ParameterizedTest
  @MethodSource("attacks")
  void theTargetCompletesWhatIsKnownNearerToTheClassThanASmallPriorAlone(Attack<?, ?, ?> attack)
      throws IOException {
    Reconstructions found = run(attack, knowing(6, 0));
    assertKnownStay(found);
    assertThat(right(found, found.pixels())).isGreaterThan(right(found, found.start()) + 4);
  }

  private static void assertKnownStay(Reconstructions found) {
    for (int i = 0; i < found.count(); i++) {
      for (int place : found.known()) {
        float given = OTHERS[found.classes()[i] * SIZE + place];
        assertThat(found.picture(i)[place]).isEqualTo(given);
        assertThat(found.startOf(i)[place]).isEqualTo(given);
      }
    }
  }

  /**
   * The upper half tells which digit it is: the prior fitted to it draws the lower half. Not so the
   * small generator of gmi, to which no half belongs to another.
   */
  @ParameterizedTest
  @MethodSource("byMixture")
  void theBaselineKnowsWhatIsKnown(Attack<?, ?, ?> attack) throws IOException {
    Map<String, String> half = withMixture(knowing(32, 0));
    half.put("steps", "1");
    Reconstructions fitted = run(attack, half);
    half.put("fitting", "0");
    Reconstructions drawn = run(attack, half);
    assertThat(right(fitted, fitted.start())).isGreaterThan(36);
    assertThat(right(drawn, drawn.start())).isLessThan(14);
  }

  /** No setting of the search makes the baseline weaker. */
  @ParameterizedTest
  @MethodSource("byMixture")
  void theBaselineIsTheSameWhateverTheSearchAgreesTo(Attack<?, ?, ?> attack) throws IOException {
    Map<String, String> half = withMixture(knowing(32, 0));
    half.put("steps", "1");
    Reconstructions usual = run(attack, half);
    half.put("agreement", "0");
    assertThat(run(attack, half).start()).isEqualTo(usual.start());
  }

  /** The known half is of another digit than the class: the weight decides which is drawn. */
  @ParameterizedTest
  @MethodSource("attacks")
  void theSearchIsPulledToWhatIsKnown(Attack<?, ?, ?> attack) throws IOException {
    Map<String, String> other = knowing(32, 1);
    if (takesMixture(attack)) {
      withMixture(other);
    }
    other.put("agreement", "0");
    Reconstructions free = run(attack, other);
    other.put("agreement", "10000");
    Reconstructions pulled = run(attack, other);
    assertThat(right(pulled, pulled.pixels())).isLessThan(right(free, free.pixels()) - 8);
  }

  @Test
  void pixelByPixelKnownOnesStayToo() throws IOException {
    Map<String, String> known = knowing(32, 0);
    known.remove("restarts");
    Reconstructions found = run(new MiSearch(), known);
    assertThat(found.known()).hasSize(32);
    for (int i = 0; i < found.count(); i++) {
      assertThat(found.picture(i)).startsWith(found.startOf(i)[0], OTHERS[i * SIZE + 1]);
    }
    assertThat(right(found, found.pixels())).isGreaterThan(right(found, found.start()));
  }

  @Test
  void onePictureMayServeAllClasses() throws IOException {
    Map<String, String> one = knowing(6, 0);
    Path alone = folder.resolve("alone.npy");
    ArrayFiles.npy(alone, Arrays.copyOf(OTHERS, SIZE), 1);
    one.put("partial", alone.toString());
    one.put("steps", "2");
    for (Attack<?, ?, ?> attack : List.of(new Ppa(), new Mirror())) {
      Reconstructions found = run(attack, one);
      for (int i = 0; i < found.count(); i++) {
        assertThat(found.picture(i)).startsWith(OTHERS[0], OTHERS[1], OTHERS[2]);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "63, 1, 64, '--partial must be an array file with rows of 8x8 numbers (.npy)'",
    "64, 3, 64, '--partial must hold 1 picture, or one for each of the 10 classes, but holds 3'",
    "64, 1, 65, '--known must be an array file with rows of 8x8 numbers (.npy)'"
  })
  void anotherShapeIsRefusedByName(int size, int rows, int known, String message)
      throws IOException {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("partial", file("size.npy", new float[size * rows], rows));
    settings.put("known", file("known.npy", new float[known], 1));
    for (Attack<?, ?, ?> attack : attacks()) {
      assertThatThrownBy(() -> run(attack, settings))
          .isInstanceOf(BadInputException.class)
          .hasMessage(message);
    }
  }

  @Test
  void somePixelsMustBeKnownAndSomeNot() throws IOException {
    Map<String, String> settings = knowing(0, 0);
    assertThatThrownBy(() -> run(new Mirror(), settings))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--known must mark 1 to 63 pixels as known, but marks 0");
    Map<String, String> all = knowing(64, 0);
    assertThatThrownBy(() -> run(new Mirror(), all))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--known must mark 1 to 63 pixels as known, but marks 64");
  }

  @Test
  void pixelsThatAreNoNumbersAreRefused() throws IOException {
    Map<String, String> settings = knowing(6, 0);
    float[] broken = Arrays.copyOf(OTHERS, SIZE);
    broken[40] = Float.NaN;
    settings.put("partial", file("broken.npy", broken, 1));
    assertThatThrownBy(() -> run(new Mirror(), settings))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("every number must be finite");
  }

  @Test
  void bothFilesAreGivenOrNone() {
    assertThatThrownBy(() -> SettingsForm.of(new Gmi().defaults()).with(Map.of("partial", "a.npy")))
        .isInstanceOf(BadInputException.class)
        .hasMessage("--partial and --known need each other");
  }

  @Test
  void brepMiTakesNoPartOfAPicture() {
    assertThatThrownBy(
            () -> SettingsForm.of(new BrepMi().defaults()).with(Map.of("partial", "a.npy")))
        .isInstanceOf(BadInputException.class)
        .hasMessageStartingWith("unknown setting --partial");
  }

  /** How many look like their class in the part that was not known. */
  private static long right(Reconstructions found, float[] pictures) {
    float[] members = pixels(PrivateDigits.MEMBERS).clone();
    Dataset blank =
        PrivateDigits.MEMBERS.with(
            new Column.Array("pixels", blank(members, found.known()), Digits.SHAPE));
    return LookAlikes.of(found, blank(pictures.clone(), found.known()), blank);
  }

  private static float[] blank(float[] pictures, int[] places) {
    for (int from = 0; from < pictures.length; from += SIZE) {
      for (int place : places) {
        pictures[from + place] = 0;
      }
    }
    return pictures;
  }

  private static float[] pixels(Dataset rows) {
    return ((Column.Array) rows.inputs().get(0)).values();
  }

  /**
   * Settings with the first pixels of a picture of each digit.
   *
   * @param turn how many digits further it is taken from
   */
  private static Map<String, String> knowing(int pixels, int turn) throws IOException {
    float[] pictures = new float[Digits.CLASSES.size() * SIZE];
    float[] known = new float[SIZE];
    IntStream.range(0, pixels).forEach(i -> known[i] = 1);
    for (int c = 0; c < Digits.CLASSES.size(); c++) {
      int from = (c + turn) % Digits.CLASSES.size();
      System.arraycopy(OTHERS, from * SIZE, pictures, c * SIZE, SIZE);
    }
    Map<String, String> texts = new LinkedHashMap<>();
    String name = pixels + "-" + turn;
    texts.put("partial", file(name + ".npy", pictures, Digits.CLASSES.size()));
    texts.put("known", file(name + "-known.npy", known, 1));
    texts.put("restarts", "4");
    return texts;
  }

  /** With a prior that knows what there is in place of one that learns. */
  private static Map<String, String> withMixture(Map<String, String> settings) {
    settings.put("generator", PublicMixtures.write(folder).toString());
    return settings;
  }

  private static String file(String name, float[] values, int rows) throws IOException {
    return ArrayFiles.npy(folder.resolve(name), values, rows).toString();
  }

  private static Reconstructions run(Attack<?, ?, ?> attack, Map<String, String> changed) {
    Record settings = SettingsForm.of(attack.small()).with(changed);
    return (Reconstructions)
        Attacks.run(
            attack,
            PrivateDigits.TARGET,
            PrivateDigits.SPLIT,
            settings,
            PrivateDigits.RUN.sharing(folder));
  }
}
