package io.afterimage.report.page;

import gg.jte.Content;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.afterimage.evidence.Pictures;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.report.Hashes;
import io.afterimage.report.Report;
import io.afterimage.report.Resources;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * report.html: one file that works offline, without a script, in light, dark and print.
 *
 * <p>Every number of the run that it shows stands in report.json as well, marked up as {@code <data
 * value>}. Its content security policy forbids every request and every script.
 */
public final class HtmlPage {
  private static final TemplateEngine ENGINE =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, HtmlPage.class.getClassLoader(), HtmlPage.class.getPackageName());

  /** Reconstructions that may be shown, and the pictures to lay beside them. */
  public record Revealed(Reconstructions rebuilt, Pictures pictures) {}

  private HtmlPage() {}

  /**
   * The page.
   *
   * @param revealed by the finding's attack; if empty the page holds no value and no pixel of a
   *     person
   */
  public static String render(Report report, Map<String, Revealed> revealed) {
    Map<String, Gallery> galleries = new LinkedHashMap<>();
    revealed.forEach((attack, r) -> galleries.put(attack, Gallery.of(r.rebuilt(), r.pictures())));
    String style = Resources.text("page/report.css");
    Content styled = output -> output.writeContent(style);
    StringOutput html = new StringOutput();
    ENGINE.render(
        "report.jte",
        Map.of("page", new Page(report, galleries), "style", styled, "policy", policy(style)),
        html);
    return html.toString().strip() + "\n";
  }

  private static String policy(String style) {
    return "default-src 'none'; img-src data:; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'"
        .formatted(Base64.getEncoder().encodeToString(Hashes.bytes(style)));
  }
}
