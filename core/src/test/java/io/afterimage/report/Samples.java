package io.afterimage.report;

import io.afterimage.report.page.HtmlPage.Revealed;
import java.util.Map;

/** The sample report and its pictures, for the tests of other packages. */
public final class Samples {
  private Samples() {}

  public static Report report() {
    return SampleReport.report();
  }

  public static Map<String, Revealed> revealed() {
    return Map.of("mi-face", new Revealed(SamplePictures.rebuilt(), SamplePictures.pictures()));
  }
}
