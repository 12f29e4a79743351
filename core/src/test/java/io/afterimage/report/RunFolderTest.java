package io.afterimage.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Pictures.Frame;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
  @TempDir Path temporary;

  private RunFolder finished(Path path, boolean reveal) {
    RunFolder folder = RunFolder.create(path);
    folder.evidence().save("mi-face", SamplePictures.rebuilt());
    folder.evidence().save("mi-face", SamplePictures.pictures());
    folder.write(Samples.report(), reveal);
    return folder;
  }

  @Test
  void aRunLeavesItsReportInEveryForm() {
    Path path = temporary.resolve("a/new/run");
    finished(path, false);
    assertThat(path).isDirectoryContaining("glob:**/report.{html,json,sarif}");
    assertThat(path.resolve("junit.xml")).isNotEmptyFile();
    assertThat(path.resolve("report.html")).isNotEmptyFile();
    assertThat(path.resolve("report.sarif")).isNotEmptyFile();
  }

  @Test
  void withoutRevealNoFormHoldsAPicture() throws IOException {
    Path path = temporary.resolve("run");
    finished(path, false);
    for (String form : new String[] {"report.html", "report.json", "junit.xml", "report.sarif"}) {
      assertThat(Files.readString(path.resolve(form)))
          .doesNotContain("image/png")
          .doesNotContain("<img");
    }
  }

  @Test
  void aFinishedRunIsRenderedAgainWithItsPictures() {
    Path path = temporary.resolve("run");
    finished(path, false);
    RunFolder again = RunFolder.load(path);
    again.render(again.report(), true);
    assertThat(again.page()).content().contains("data:image/png;base64,");
    again.render(again.report(), false);
    assertThat(again.page()).content().doesNotContain("data:image/png;base64,");
  }

  @Test
  void aFolderThatCannotBeMadeIsRefusedBeforeTheRun() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "in the way");
    assertThatThrownBy(() -> RunFolder.create(file.resolve("run")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(file.resolve("run/evidence").toString())
        .hasMessageContaining("--out")
        .hasMessageNotContaining("\n");
  }

  @Test
  void aFolderThatHoldsARunIsNotOverwritten() {
    finished(temporary.resolve("run"), false);
    assertThatThrownBy(() -> RunFolder.create(temporary.resolve("run")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("holds a run already");
  }

  @Test
  void aRunThatStoppedIsContinued() {
    Path path = temporary.resolve("run");
    RunFolder.create(path).evidence().save("mi-face", SamplePictures.rebuilt());
    assertThat(RunFolder.resume(path).evidence().has("mi-face")).isTrue();
    assertThatThrownBy(() -> RunFolder.load(path))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("it has no report.json");
  }

  @Test
  void whatIsNoRunIsRefused() {
    assertThatThrownBy(() -> RunFolder.load(temporary.resolve("none")))
        .isInstanceOf(BadInputException.class);
    assertThatThrownBy(() -> RunFolder.resume(temporary)).isInstanceOf(BadInputException.class);
  }

  @Test
  void aHugeReportIsRefusedUnread() throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(temporary.resolve("report.json").toFile(), "rw")) {
      file.setLength(1L << 34);
    }
    assertThatThrownBy(() -> RunFolder.load(temporary).report())
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("17,179,869,184 bytes");
  }

  @Test
  void picturesThatDoNotFitTheReconstructionsAreRefused() {
    Path path = temporary.resolve("run");
    RunFolder folder = finished(path, false);
    folder.evidence().save("mi-face", new Pictures(new Frame(2, 2, 1, true, 0, 1), List.of()));
    assertThatThrownBy(() -> folder.render(Samples.report(), true))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("does not fit");
  }
}
