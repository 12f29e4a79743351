package io.afterimage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.afterimage.base.BadInputException;
import io.afterimage.base.OutputFile;
import io.afterimage.data.Shape;
import io.afterimage.evidence.AttributeGuesses;
import io.afterimage.evidence.AttributeGuesses.Guesses;
import io.afterimage.evidence.Evidence;
import io.afterimage.evidence.Interim;
import io.afterimage.evidence.MembershipScores;
import io.afterimage.evidence.MembershipScores.Signal;
import io.afterimage.evidence.Origins;
import io.afterimage.evidence.People;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages;
import io.afterimage.evidence.StructuralLeaks;
import io.afterimage.evidence.StructuralLeaks.Embedding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class EvidenceStoreTest {
  @TempDir Path temporary;
  private Path folder;
  private EvidenceStore store;

  @BeforeEach
  void create() {
    folder = temporary.resolve("evidence");
    store = EvidenceStore.create(folder);
  }

  static Stream<Evidence> kinds() {
    return Stream.of(
        membership(),
        attributes(),
        SamplePictures.rebuilt(),
        ofRecords().knowing(new int[] {1}),
        structure());
  }

  private static MembershipScores membership() {
    return new MembershipScores(
        new People(List.of("a", "<b>"), List.of("p", "p"), new int[] {0, 1}),
        new People(List.of("c"), List.of("q"), new int[] {1}),
        Map.of("loss", new Signal(new double[] {.1, Double.MIN_VALUE}, new double[] {-1e300})));
  }

  private static Reconstructions ofRecords() {
    People one = new People(List.of("a"), List.of("p"), new int[] {0});
    People other = new People(List.of("b"), List.of("q"), new int[] {1});
    return Reconstructions.of(
            new Shape(2),
            new float[4],
            new float[4],
            new int[] {1, 0},
            List.of("ann", "bob"),
            new double[2],
            new int[2],
            List.of())
        .from(new Origins(one, other));
  }

  @Test
  void pixelsBeyondThePictureCannotHaveBeenKnown() {
    store.save("mi-face", ofRecords().knowing(new int[] {2}));
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one of its known pixels is not among 2");
  }

  @Test
  void reconstructionsOfOtherRecordsThanTheirsAreRefused() {
    Origins whole = ofRecords().origins();
    Origins half = new Origins(whole.members(), Origins.NONE.nonMembers());
    store.save("inversion-network", ofRecords().from(half));
    assertThatThrownBy(() -> store.load("inversion-network"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("it holds 1 records behind them where 2 are needed");
  }

  private static StructuralLeaks structure() {
    People two = new People(List.of("a", "b"), List.of("a", "b"), new int[0]);
    return new StructuralLeaks(
        two,
        new int[] {0, 1},
        new int[0],
        List.of(new Embedding("users", 40, 2, new int[] {1, 1})));
  }

  private static AttributeGuesses attributes() {
    People one = new People(List.of("a"), List.of("p"), new int[0]);
    return new AttributeGuesses(
        "VKORC1",
        List.of("A/A", "A/G"),
        "other attributes",
        new Guesses(one, new int[] {-1}, new int[] {1}, Map.of("../majority", new int[] {0})),
        Guesses.of(one, new int[] {0}));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whatIsSavedIsReadBackUnchanged(Evidence evidence) {
    store.save("attack", evidence);
    assertThat(EvidenceStore.open(folder).load("attack"))
        .get()
        .usingRecursiveComparison()
        .isEqualTo(evidence);
  }

  @Test
  void picturesLieBesideTheirReconstructions() {
    store.save("mi-face", SamplePictures.rebuilt());
    assertThat(store.pictures("mi-face")).isEmpty();
    store.save("mi-face", SamplePictures.pictures());
    assertThat(store.pictures("mi-face"))
        .get()
        .usingRecursiveComparison()
        .isEqualTo(SamplePictures.pictures());
    assertThat(store.load("mi-face")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(strings = {"round:2/mi-search", "../../outside", "Größe", "", "."})
  void anyNameStaysInsideTheFolder(String name) throws IOException {
    store.save(name, membership());
    store.save(name + "x", attributes());
    assertThat(store.load(name)).get().isInstanceOf(MembershipScores.class);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(5);
    }
  }

  @Test
  void aLongNameIsCutButNotConfused() {
    store.save("a".repeat(500), membership());
    store.save("a".repeat(501), attributes());
    assertThat(store.load("a".repeat(500))).get().isInstanceOf(MembershipScores.class);
  }

  @Test
  void whatWasNotSavedIsAbsent() {
    assertThat(store.has("mi-face")).isFalse();
    assertThat(store.load("mi-face")).isEmpty();
  }

  @Test
  void aStepThatCrashedBeforeItsEndCountsAsNotDone() throws IOException {
    store.save("mi-face", SamplePictures.rebuilt());
    Files.delete(folder.resolve("mi-face.json"));
    assertThat(store.has("mi-face")).isFalse();
    assertThat(store.load("mi-face")).isEmpty();
  }

  @Test
  void theFolderIsItsOwnersAloneAndSaysWhy() throws IOException {
    assumeTrue(
        Files.getFileStore(folder).supportsFileAttributeView("posix"), "no POSIX modes here");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
        .isEqualTo("rwx------");
    assertThat(folder.resolve("README.txt")).content().startsWith("PERSONAL DATA");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "afterimage/evidence/4 | afterimage/evidence/9 | its schema is not",
        "reconstructions       | java.lang.Runtime     | its kind is none of",
        "\"pixels\":\"         | \"pixels\":\"no       | is missing",
        "classNames            | classnames            | Missing creator property 'classNames'",
        "person-1\",           | person-1\"            | ",
        "\"person-1\",         |                       | one of its classes is not among 11",
        "\"shape\":\"0-        | \"shape\":\"1-        | ",
      })
  void damagedEvidenceIsRefusedInOneLine(String from, String to, String fault) throws IOException {
    store.save("mi-face", SamplePictures.rebuilt());
    Path json = folder.resolve("mi-face.json");
    String text = Files.readString(json);
    String damaged = text.replace(from, to == null ? "" : to);
    assertThat(damaged).isNotEqualTo(text);
    Files.writeString(json, damaged);
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(fault == null ? "" : fault)
        .hasMessageNotContaining("\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "rank",
        "recognised",
        "baseline/start",
        "ssim",
        "density@evaluator/all",
        "interim/recognised"
      })
  void answersForOtherReconstructionsAreRefusedByName(String name) {
    Reconstructions rebuilt = SamplePictures.rebuilt();
    store.save("mi-face", rebuilt.judged(Map.of(name, new double[1]), Map.of()));
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("it holds 1 answers " + name + " where ");
    store.save("mi-face", rebuilt.judged(Map.of(Reconstructions.FRECHET, new double[1]), Map.of()));
    assertThat(store.load("mi-face")).isPresent();
  }

  @Test
  void stagesOfOtherReconstructionsAreRefused() {
    Reconstructions rebuilt = SamplePictures.rebuilt();
    int size = rebuilt.shape().size();
    int[] none = {rebuilt.count()};
    store.save("mi-face", rebuilt.along(new Stages(none, new int[1], new float[size])));
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("one of its stages' reconstructions is not among 12");
    store.save("mi-face", rebuilt.along(new Stages(new int[1], new int[1], new float[1])));
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("it holds 1 pixels of stages where %d are needed", size);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "7  | 9  | 0 | 1 | it holds 1 pixels of interim pictures where",
        "7  | 9  | 0 | 2 | ",
        "7  | 9  | 12 | 2 | one of its interim pictures is of a class that was not rebuilt",
        "0  | 9  | 0 | 2 | the queries of its interim pictures do not ascend from 1",
        "9  | 9  | 0 | 2 | the queries of its interim pictures do not ascend from 1",
        "7  | 6000000000 | 0 | 2 | to below all that were spent",
      })
  void interimPicturesThatDoNotFitAreRefused(
      long first, long second, int subject, int pictures, String fault) {
    Reconstructions rebuilt = SamplePictures.rebuilt();
    int pixels = pictures == 1 ? 1 : 2 * rebuilt.shape().size();
    int[] subjects = {subject};
    store.save(
        "mi-search",
        rebuilt.after(new Interim(List.of(first, second), subjects, new float[pixels])));
    if (fault == null) {
      assertThat(store.load("mi-search")).isPresent();
    } else {
      assertThatThrownBy(() -> store.load("mi-search"))
          .isInstanceOf(BadInputException.class)
          .hasMessageContaining(fault);
    }
  }

  @Test
  void anOlderSchemaIsRefusedWithWhatToDo() throws IOException {
    store.save("mi-face", SamplePictures.rebuilt());
    Path json = folder.resolve("mi-face.json");
    String old = Files.readString(json).replace("afterimage/evidence/4", "afterimage/evidence/2");
    Files.writeString(json, old);
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("its schema is not afterimage/evidence/4; delete it and run with");
  }

  @Test
  void aTruncatedArchiveIsRefusedInOneLine() throws IOException {
    store.save("mi-face", SamplePictures.rebuilt());
    Path npz = folder.resolve("mi-face.npz");
    Files.write(npz, java.util.Arrays.copyOf(Files.readAllBytes(npz), 2000));
    assertThatThrownBy(() -> store.load("mi-face"))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("mi-face.npz")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFullDiskLeavesTheOldFileAndNamesThePath() throws IOException {
    Path file = folder.resolve("mi-face.json");
    OutputFile.write(file, "old");
    assertThatThrownBy(
            () ->
                OutputFile.write(
                    file,
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "cannot write %s: No space left on device; free space there or give another folder with"
                + " --out",
            file);
    assertThat(file).hasContent("old");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
  }
}
