package io.afterimage.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class JunitXmlTest {
  private Document xml;

  @BeforeEach
  void parse() throws Exception {
    xml = parsed(JunitXml.write(Samples.report()));
  }

  private static Document parsed(String text) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }

  @Test
  void everyGateAndControlIsATestCase() {
    assertThat(elements("testcase")).hasSize(7 + 4);
    assertThat(elements("testsuite"))
        .extracting(suite -> suite.getAttribute("tests"))
        .containsExactly("7", "4");
  }

  @Test
  void failedAndInsufficientGatesAreFailures() {
    assertThat(elements("failure"))
        .extracting(failure -> failure.getAttribute("type"))
        .containsExactly("failed", "insufficient", "failed");
    assertThat(elements("testsuite").get(0).getAttribute("failures")).isEqualTo("3");
  }

  @Test
  void whatDoesNotApplyOrDidNotRunIsSkippedAndNeverAPass() {
    assertThat(elements("skipped"))
        .extracting(skipped -> ((Element) skipped.getParentNode()).getAttribute("name"))
        .containsExactly("near-copy", "planted leak");
    assertThat(elements("testsuite"))
        .extracting(suite -> suite.getAttribute("skipped"))
        .containsExactly("1", "1");
  }

  @Test
  void namesThatXmlCannotHoldAreReplaced() throws Exception {
    Report odd =
        SampleReport.withControls(
            List.of(new Report.Control(SampleReport.HOSTILE + "\0\u0008\uD800", "failed", "]]>")));
    xml = parsed(JunitXml.write(odd));
    assertThat(elements("testcase").get(7).getAttribute("name"))
        .isEqualTo(SampleReport.HOSTILE + "\uFFFD\uFFFD\uFFFD");
  }

  private List<Element> elements(String name) {
    var found = xml.getElementsByTagName(name);
    return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i)).toList();
  }
}
