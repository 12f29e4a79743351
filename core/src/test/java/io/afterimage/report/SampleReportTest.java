package io.afterimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.report.page.HtmlPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Leaves pages to look at under target/sample-report. */
class SampleReportTest {
  @Test
  void aPageWithEverySectionCanBeLookedAt() throws IOException {
    Path folder = Files.createDirectories(Path.of("target/sample-report"));
    Path plain = folder.resolve("plain.html");
    Path revealed = folder.resolve("revealed.html");
    Files.writeString(plain, HtmlPage.render(Samples.report(), Map.of()));
    Files.writeString(revealed, HtmlPage.render(Samples.report(), Samples.revealed()));
    assertThat(Files.size(revealed)).isGreaterThan(Files.size(plain));
  }
}
