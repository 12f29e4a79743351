package io.afterimage.report.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gg.jte.Content;
import gg.jte.output.StringOutput;
import io.afterimage.assess.Finding.RocPoint;
import io.afterimage.assess.Leakage;
import io.afterimage.assess.Leakage.LeakagePoint;
import io.afterimage.assess.Metric;
import io.afterimage.assess.ScoreHistogram;
import io.afterimage.evidence.Reconstructions.CurvePoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChartsTest {
  private static final RocPoint START = new RocPoint(0, 0, 0, 0);
  private static final RocPoint END = new RocPoint(1, 1, 1, 1);

  private static String text(Content svg) {
    StringOutput out = new StringOutput();
    svg.writeTo(out);
    return out.toString();
  }

  /** The points of the first curve: how far right and up, as a share of the axes. */
  private static List<double[]> curve(String svg) {
    String path = svg.replaceAll("(?s).*<path class=\"curve s0\" d=\"([^\"]*)\".*", "$1");
    List<double[]> points = new ArrayList<>();
    Matcher numbers = Pattern.compile("[ML]([\\d.]+) ([\\d.]+)").matcher(path);
    while (numbers.find()) {
      double x = Double.parseDouble(numbers.group(1));
      double y = Double.parseDouble(numbers.group(2));
      points.add(new double[] {(x - 56) / (468 - 56), (352 - y) / (352 - 12)});
    }
    return points;
  }

  @Test
  void aCurveWithoutInformationLiesOnTheDiagonal() {
    String svg = text(RocChart.of(List.of(List.of(START, END)), 1000));
    assertThat(curve(svg))
        .hasSize(160)
        .allSatisfy(p -> assertThat(p[1]).isCloseTo(p[0], within(1e-3)));
  }

  @Test
  void tiesAreCrossedStraightOnLinearAxes() {
    RocPoint tied = new RocPoint(.5, 1, 1, 1);
    String svg = text(RocChart.of(List.of(List.of(START, tied, END)), 1000));
    double doubled = Math.log10(2) / 3;
    assertThat(curve(svg))
        .filteredOn(p -> p[0] < 1 - doubled)
        .hasSizeGreaterThan(100)
        .allSatisfy(p -> assertThat(p[1]).isCloseTo(p[0] + doubled, within(1e-3)));
  }

  @Test
  void ratesThatTooFewNonMembersStandForAreShaded() {
    List<List<RocPoint>> none = List.of();
    assertThat(text(RocChart.of(none, 1000))).contains("class=\"unresolved\"");
    assertThat(text(RocChart.of(none, 0))).doesNotContain("class=\"unresolved\"");
  }

  @Test
  void aCurveBeginsWhereItIsResolved() {
    List<RocPoint> resolved = List.of(new RocPoint(.1, .4, .3, .5), END);
    assertThat(curve(text(RocChart.of(List.of(resolved), 100))))
        .hasSizeLessThan(160)
        .allSatisfy(p -> assertThat(p[0]).isGreaterThanOrEqualTo(.4999));
  }

  @Test
  void everyCurveHasItsBandAndAKeyOfItsOwn() {
    List<List<RocPoint>> many = Collections.nCopies(12, List.of(START, END));
    String svg = text(RocChart.of(many, 100));
    for (int place = 0; place < RocChart.MOST_CURVES; place++) {
      assertThat(svg).contains("\"band s" + place + "\"", "\"curve s" + place + "\"");
      assertThat(text(RocChart.key(place, "any"))).contains("\"curve s" + place + "\"");
    }
    assertThat(svg).doesNotContain("curve s" + RocChart.MOST_CURVES);
  }

  @Test
  void namesAreEscaped() throws Exception {
    String svg = text(RocChart.key(0, "<b>&\""));
    assertThat(svg).contains("&lt;b&gt;&amp;&quot;").doesNotContain("<b>");
    assertThat(
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(
                    new java.io.ByteArrayInputStream(
                        svg.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .getDocumentElement()
                .getTagName())
        .isEqualTo("svg");
  }

  @Test
  void aHistogramShowsSharesOfEachRoleSoThatUnequalRolesCompare() {
    ScoreHistogram scores =
        new ScoreHistogram(List.of(0., 1., 2.), List.of(10, 30), List.of(100, 300));
    String svg = text(HistogramChart.of(scores));
    List<String> outlines =
        Pattern.compile("<path class=\"steps \\w+\" d=\"([^\"]*)")
            .matcher(svg)
            .results()
            .map(m -> m.group(1))
            .toList();
    assertThat(outlines).hasSize(2);
    assertThat(outlines.get(0)).isEqualTo(outlines.get(1)).contains("L150 66L150 6L296 6");
  }

  @Test
  void aGateWithItsFigureBeyondTheIntolerableStaysOnItsAxis() {
    String svg = text(IntervalBar.gate("gate", .5, false, .6, .65, .9, .85, .95));
    assertThat(svg).contains("data-value=\"0.9\"").contains(">A<").contains(">B<");
    assertThat(zones(svg)).containsExactly("good", "fair", "bad");
  }

  @Test
  void aGateThatAsksForMoreIsGoodAtItsUpperEnd() {
    String svg = text(IntervalBar.gate("gate", 0, true, 10, 5, 7., 7., 7.));
    assertThat(zones(svg)).containsExactly("bad", "fair", "good");
  }

  private static List<String> zones(String svg) {
    return Pattern.compile("<rect class=\"(\\w+)\"")
        .matcher(svg)
        .results()
        .map(m -> m.group(1))
        .toList();
  }

  private static Leakage leakage(long... queries) {
    return new Leakage(
        8,
        Arrays.stream(queries)
            .mapToObj(q -> new LeakagePoint(q, Metric.of(q == 0 ? 0 : .5, 0, .75, 8)))
            .toList());
  }

  /** On its axis queries ten times as many lie as far apart everywhere; before them stands none. */
  @Test
  void peopleRecognisedStandAgainstTheLogarithmOfQueries() {
    String svg = text(LeakageChart.of(leakage(0, 100, 1000, 10_000)));
    List<String> dots =
        Pattern.compile("<circle class=\"leakage-point\"[^>]*cx=\"([^\"]*)\" cy=\"([^\"]*)\"")
            .matcher(svg)
            .results()
            .map(m -> m.group(1) + " " + m.group(2))
            .toList();
    assertThat(dots).containsExactly("56 212", "112 112", "288 112", "464 112");
    assertThat(svg).contains("curve s0", "band s0", ">100<", ">10,000<").doesNotContain("reach");
  }

  @Test
  void whereOnlyStartAndEndAreKnownNoLineJoinsThem() {
    String svg = text(LeakageChart.of(leakage(0, 5300)));
    assertThat(svg).contains("class=\"reach\"", ">1,000<").doesNotContain("curve s0", "band s0");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 10, 1_000_000, Long.MAX_VALUE})
  void anyNumberOfQueriesIsDrawn(long most) {
    assertThat(text(LeakageChart.of(leakage(0, most)))).doesNotContain("NaN", "Infinity");
    assertThat(text(LeakageChart.of(leakage(0, 1, most))).length()).isLessThan(4000);
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "5, 1", "6, 2", "96000, 20000", "9223372036854775807, 2000000000000000000"})
  void ticksStandAtRoundNumbers(long most, long step) {
    assertThat(QueryChart.step(most)).isEqualTo(step);
    assertThat(text(QueryChart.of(List.of(new CurvePoint(most, .5)), "confidence")).length())
        .isLessThan(4000);
  }
}
