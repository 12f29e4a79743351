package io.afterimage.report.page;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import io.afterimage.assess.Leakage;
import io.afterimage.assess.Leakage.LeakagePoint;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import io.afterimage.evidence.Seen;
import io.afterimage.evidence.Stages;
import io.afterimage.report.Report;
import io.afterimage.report.Report.Rebuilt;
import io.afterimage.report.ReportJson;
import io.afterimage.report.Samples;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HtmlPageTest {
  /**
   * Digits in the page's own words: units of the columns, an example of an option, a hash's name.
   */
  private static final String FIXED = "95%|10%|0\\.01%|0\\.1%|1%|round:2,top-k:1|SHA-256";

  private static final Report REPORT = Samples.report();
  private static final String PLAIN = HtmlPage.render(REPORT, Map.of());
  private static final String REVEALED = HtmlPage.render(REPORT, Samples.revealed());

  @Test
  void aFullPageOfOneFileIsWritten() {
    assertThat(REVEALED)
        .startsWith("<!doctype html>")
        .contains("DO NOT RELEASE")
        .endsWith("</html>\n");
  }

  @Test
  void namesAreEscapedWhereverTheyStand() {
    for (String page : List.of(PLAIN, REVEALED)) {
      assertThat(page).contains("&lt;script&gt;alert").doesNotContain("<script");
      assertThat(matches(page, "\"[^\"<>]*<script")).isEmpty();
    }
  }

  @Test
  void noLineBreaksWithinAnOption() {
    StringOutput written = new StringOutput();
    Options.unbroken("<b> --class-is-person was not said")
        .writeTo(new OwaspHtmlTemplateOutput(written));
    assertThat(written.toString())
        .contains("<span class=\"option\">--class-is-person</span> was not said")
        .doesNotContain("<b>");
    assertThat(one(PLAIN, "\\.option \\{([^}]*)")).contains("nowrap");
  }

  @Test
  void anAttackThatDidNotRunIsListedOnceOnly() {
    String coverage = one(PLAIN, "id=\"coverage\"(.*?)</section>");
    assertThat(matches(coverage, "membership-lira")).hasSize(1);
    assertThat(matches(coverage, ">mi-face<")).hasSize(1);
  }

  @Test
  void whatIsNotResolvedIsADashAndItsReasonStandsOnce() {
    String membership = one(PLAIN, "id=\"membership\"(.*?)</section>");
    assertThat(matches(membership, ">–</span>")).hasSizeGreaterThan(2);
    assertThat(matches(membership.replaceAll("title=\"[^\"]*\"", ""), "needs 10,000 non-members"))
        .hasSize(1);
  }

  @Test
  void eachAttackHasOneCurveAndTheRecipeATableOfItsOwn() {
    String membership = one(PLAIN, "id=\"membership\"(.*?)</section>");
    assertThat(matches(membership, "<path class=\"curve")).hasSize(1);
    assertThat(one(membership, "class=\"legend\">(.*?)</ul>"))
        .contains("membership-threshold/modified-entropy");
    assertThat(one(membership, "The recipe(.*)")).contains("membership-threshold@recipe");
    assertThat(membership).doesNotContain("membership-one-run");
    assertThat(one(PLAIN, "id=\"canaries\"(.*?)</section>")).contains("1.732");
  }

  @Test
  void groupsThatStandOutComeFirstAndFewPeopleAreNotNamed() {
    String groups = one(PLAIN, "<h3>Groups of people(.*?)</section>");
    assertThat(groups.indexOf("&lt;script&gt;")).isLessThan(groups.indexOf("surgery")).isPositive();
    assertThat(groups).contains("too few people in");
  }

  @Test
  void nothingIsAskedOfANetwork() {
    for (String page : List.of(PLAIN, REVEALED)) {
      assertThat(page)
          .doesNotContainPattern("https?:|[\"'(]//|@import|url\\(|<link|<iframe|<object");
      assertThat(matches(page, "(?:src|href)=\"(?!data:image/png;base64,|#)[^\"]*")).isEmpty();
    }
  }

  @Test
  void thePolicyAllowsItsOwnStyleAndNoScript() throws Exception {
    String style = one(PLAIN, "<style>(.*?)</style>");
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(style.getBytes(StandardCharsets.UTF_8));
    assertThat(one(PLAIN, "Content-Security-Policy\" content=\"([^\"]*)").replace("&#39;", "'"))
        .contains("default-src 'none'", "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .doesNotContain("script-src", "unsafe");
    assertThat(PLAIN).doesNotContain(" style=\"", " onclick");
  }

  @Test
  void withoutRevealThereIsNoPicture() {
    assertThat(PLAIN).doesNotContain("<img").doesNotContain("data:image");
    assertThat(PLAIN).contains("members:1731").contains("This page holds no pixel of a person");
  }

  @Test
  void ofSeveralSignalsTheStrongestTellsWhoIsMostExposed() {
    assertThat(one(PLAIN, "id=\"exposed\"(.*?)</section>"))
        .contains("membership-threshold/modified-entropy")
        .doesNotContain("membership-threshold/loss", "membership-threshold/confidence");
  }

  @Test
  void ofSeveralSignalsADefenceIsHeldAgainstTheStrongestOnEachSide() {
    String defences = one(PLAIN, "id=\"defences\"(.*?)</section>");
    assertThat(defences).doesNotContain("membership-threshold/");
    assertThat(matches(defences, ">membership-threshold</span>, AUC"))
        .hasSameSizeAs(REPORT.defences());
  }

  @Test
  void withRevealEachPictureIsBlurredAndCanBeReachedByKeyboard() {
    int pictures = 5 * 12 - 1;
    int strips = 11;
    assertThat(matches(REVEALED, "<img ")).hasSize(pictures + strips);
    assertThat(
            matches(
                REVEALED,
                "<label><input type=\"checkbox\" aria-label=\"[^\"]+\"><img [^>]*alt=\"[^\"]+\""))
        .hasSize(pictures + strips);
    assertThat(one(REVEALED, "\\.pictures img \\{([^}]*)")).contains("filter: blur");
    assertThat(one(REVEALED, "\\.strip img \\{([^}]*)")).contains("filter: blur");
  }

  @Test
  void aStripSaysAfterHowManyStepsAndMovesOnlyForThoseWhoWantMotion() {
    assertThat(matches(REVEALED, "<figure class=\"strip of-7\">")).hasSize(11);
    assertThat(one(REVEALED, "class=\"strip of-7\">.*?<figcaption>(.*?)</figcaption>"))
        .isEqualTo(
            "<span>0</span><span>16</span><span>32</span><span>48</span><span>64</span>"
                + "<span>80</span><span>end</span>");
    assertThat(matches(PLAIN, "class=\"strip")).isEmpty();
    String moving =
        one(REVEALED, "@media screen and \\(prefers-reduced-motion: no-preference\\) (.*?\n)\\}");
    assertThat(moving).contains("animation: film", ".play:has(input:checked)");
    assertThat(REVEALED.replace(moving, "")).doesNotContain("animation:");
    for (int frames = 2; frames <= Stages.MOST_OF_EACH + 1; frames++) {
      assertThat(REVEALED).contains(".of-%d { --frames: %d; }".formatted(frames, frames));
    }
  }

  @Test
  void peopleRecognisedAreDrawnAgainstQueries() {
    assertThat(matches(PLAIN, "class=\"chart leakage\"")).hasSize(1);
    assertThat(PLAIN).doesNotContain("class=\"chart queries\"");
    assertThat(leakageCaption(PLAIN))
        .contains("recognises, had the attack stopped", "people.")
        .doesNotContain("drawn", "Nothing is known between");
    assertThat(matches(leakageCaption(PLAIN), "<data value=\"12")).hasSize(2);
  }

  @Test
  void theCaptionSaysWhatIsNotCountedAndNotKnown() {
    Leakage all = Objects.requireNonNull(search().leakage());
    String drawn = leakageCaption(withSearch(new Leakage(40, all.points())));
    assertThat(drawn).contains("people, drawn.").contains("<data value=\"40");
    List<LeakagePoint> ends = List.of(all.points().get(0), all.points().get(6));
    assertThat(leakageCaption(withSearch(new Leakage(12, ends))))
        .contains("Nothing is known between start and end");
  }

  private static String leakageCaption(String page) {
    return one(page, "class=\"chart leakage\".*?<figcaption>(.*?)</figcaption>");
  }

  private static Rebuilt search() {
    return Objects.requireNonNull(REPORT.rebuilt().get("mi-search"));
  }

  private static String withSearch(Leakage leakage) {
    return withSearch(new Rebuilt(search().classes(), Seen.CONFIDENCE, search().curve(), leakage));
  }

  private static String withSearch(Rebuilt rebuilt) {
    Map<String, Rebuilt> all = new HashMap<>(REPORT.rebuilt());
    all.put("mi-search", rebuilt);
    return HtmlPage.render(with(all), Map.of());
  }

  /** Where nobody can say who is recognised, each attack's own progress has its own name. */
  @ParameterizedTest
  @CsvSource({
    "CONFIDENCE, confidence, How sure the target is",
    "WHOLE_SPHERES, walks with a whole sphere, Share of the walks",
    "LABELS_AS_WANTED, labelled as wanted, Share of the pictures lately asked about"
  })
  void withoutAnEvaluatorTheAttacksOwnProgressIsDrawnByItsName(
      Seen seen, String unit, String caption) {
    String page = withSearch(new Rebuilt(search().classes(), seen, search().curve(), null));
    String figure = one(page, "(class=\"chart queries\".*?</figcaption>)");
    assertThat(figure).contains(">" + unit + "</text>", "<figcaption>" + caption);
    assertThat(page).doesNotContain("class=\"chart leakage\"");
  }

  /** A line needs two points. */
  @Test
  void aCurveOfOnePointIsNotDrawn() {
    assertThat(search().curve()).hasSizeGreaterThan(1);
    List<CurvePoint> one = search().curve().subList(0, 1);
    assertThat(withSearch(new Rebuilt(search().classes(), Seen.CONFIDENCE, one, null)))
        .doesNotContain("class=\"chart queries\"");
  }

  private static Report with(Map<String, Rebuilt> rebuilt) {
    return new Report(
        REPORT.schema(),
        REPORT.tool(),
        REPORT.run(),
        REPORT.model(),
        REPORT.data(),
        REPORT.threat(),
        REPORT.utility(),
        REPORT.findings(),
        REPORT.controls(),
        REPORT.defences(),
        REPORT.coverage(),
        REPORT.verdict(),
        REPORT.attacks(),
        rebuilt,
        REPORT.membership(),
        REPORT.notes());
  }

  @Test
  void everyMarkedNumberStandsInTheReport() {
    Set<Double> known = new HashSet<>();
    json()
        .forEach(
            node -> {
              if (node.isNumber()) {
                known.add(node.doubleValue());
              }
            });
    for (String page : List.of(PLAIN, REVEALED)) {
      List<String> marked = matches(page, "(?:<data value|data-value)=\"([^\"]*)\"");
      assertThat(marked).hasSizeGreaterThan(150);
      assertThat(marked).allSatisfy(number -> assertThat(known).contains(Double.valueOf(number)));
    }
  }

  @Test
  void everyNumberIsMarkedOrPartOfATextOfTheReport() {
    List<String> texts = new ArrayList<>();
    json()
        .forEach(
            node -> {
              if (node.isString() && node.asString().length() > 3) {
                texts.add(node.asString());
              }
            });
    texts.add(String.join(" ", REPORT.run().command()));
    REPORT.rebuilt().keySet().forEach(texts::add);
    REPORT.findings().forEach(finding -> texts.add(Names.subject(finding)));
    texts.sort(Comparator.comparing(String::length).reversed());
    for (String page : List.of(PLAIN, REVEALED)) {
      String visible = visible(page);
      for (String text : texts) {
        visible = visible.replace(text, " ");
      }
      for (String library : REPORT.tool().libraries().keySet()) {
        visible = visible.replace(library, " ");
      }
      assertThat(matches(visible.replaceAll(FIXED, " "), ".{0,30}\\d.{0,10}")).isEmpty();
    }
  }

  /** What a reader sees, without the numbers that are marked up. */
  private static String visible(String page) {
    return page.replaceAll("(?s)<style>.*?</style>|<svg.*?</svg>|<figcaption>.*?</figcaption>", " ")
        .replaceAll("<data [^>]*>[^<]*</data>", " ")
        .replaceAll("<[^>]*>", " ")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  private List<JsonNode> json() {
    List<JsonNode> all = new ArrayList<>();
    collect(JsonMapper.shared().readTree(ReportJson.write(REPORT)), all);
    return all;
  }

  private static void collect(JsonNode node, List<JsonNode> all) {
    all.add(node);
    node.forEach(child -> collect(child, all));
  }

  @Test
  void whoCannotSeeFindsHeadersAndWords() {
    assertThat(matches(REVEALED, "<table[ >]")).hasSameSizeAs(matches(REVEALED, "<thead>"));
    assertThat(matches(REVEALED, "<th(?! scope| colspan| rowspan|ead)[^>]*>")).isEmpty();
    assertThat(matches(REVEALED, "<svg(?![^>]*aria-label=\"[^\"]{10})")).isEmpty();
    assertThat(matches(REVEALED, "<img(?![^>]*alt=\"[^\"]{3})")).isEmpty();
    List<Integer> levels = matches(REVEALED, "<h(\\d)").stream().map(Integer::valueOf).toList();
    for (int i = 1; i < levels.size(); i++) {
      assertThat(levels.get(i))
          .as("heading after " + levels.get(i - 1))
          .isLessThanOrEqualTo(levels.get(i - 1) + 1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ink, paper",
    "ink, sheet",
    "soft, paper",
    "soft, sheet",
    "soft, wash",
    "open, paper",
    "good, good-wash",
    "fair, fair-wash",
    "bad, bad-wash",
    "open, open-wash",
    "bad, sheet"
  })
  void textStandsOutInLightAndDark(String text, String ground) {
    List<String> palettes = matches(PLAIN, "(?s):root \\{(.*?)\\}").subList(0, 2);
    assertThat(palettes)
        .allSatisfy(
            p -> assertThat(contrast(colour(p, text), colour(p, ground))).isGreaterThan(4.5));
  }

  /** The ratio of WCAG 2, 1 to 21. */
  private static double contrast(int one, int other) {
    double lighter = Math.max(luminance(one), luminance(other));
    double darker = Math.min(luminance(one), luminance(other));
    return (lighter + .05) / (darker + .05);
  }

  private static double luminance(int rgb) {
    return .2126 * linear(rgb >> 16) + .7152 * linear(rgb >> 8) + .0722 * linear(rgb);
  }

  private static double linear(int channel) {
    double c = (channel & 0xff) / 255.0;
    return c <= .04045 ? c / 12.92 : Math.pow((c + .055) / 1.055, 2.4);
  }

  private static int colour(String palette, String name) {
    return Integer.parseInt(one(palette, "--" + name + ": #([0-9a-f]{6})"), 16);
  }

  private static String one(String text, String regex) {
    return matches(text, "(?s)" + regex).get(0);
  }

  /** The first group of each match, or the match where there is no group. */
  private static List<String> matches(String text, String regex) {
    Stream<MatchResult> found = Pattern.compile(regex).matcher(text).results();
    return found.map(m -> m.groupCount() > 0 ? m.group(1) : m.group()).toList();
  }
}
