package io.afterimage.report;

import io.afterimage.policy.Verdict.GateResult;
import io.afterimage.policy.Verdict.Outcome;
import io.afterimage.report.Report.Control;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * junit.xml, for build servers: a test case for each gate and each control.
 *
 * <p>Failed and insufficient gates are failures, since neither may read as a pass; gates that do
 * not apply and controls that were not run are skipped. A condition passes and says so: the exit
 * code, not this file, tells RELEASE from RELEASE_WITH_CONDITIONS.
 */
public final class JunitXml {
  private final XMLStreamWriter xml;

  private JunitXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /** The text of junit.xml. */
  public static String write(Report report) {
    StringWriter text = new StringWriter();
    try {
      new JunitXml(XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text)).suites(report);
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e);
    }
    return text.append('\n').toString();
  }

  private void suites(Report report) throws XMLStreamException {
    xml.writeStartDocument("UTF-8", "1.0");
    start("testsuites", "name", "afterimage: " + report.model().name());
    gates(report.verdict().gates(), report.run().started());
    controls(report.controls(), report.run().started());
    xml.writeEndElement();
    xml.writeEndDocument();
  }

  private void gates(List<GateResult> gates, String started) throws XMLStreamException {
    suite(
        "gates",
        started,
        gates.size(),
        gates.stream().filter(JunitXml::fails).count(),
        gates.stream().filter(JunitXml::skipped).count());
    for (GateResult gate : gates) {
      start("testcase", "classname", "afterimage.gates", "name", gate.gate());
      if (fails(gate)) {
        start("failure", "type", lower(gate.outcome()), "message", gate.sentence());
        xml.writeEndElement();
      } else if (skipped(gate)) {
        start("skipped", "message", gate.sentence());
        xml.writeEndElement();
      } else {
        start("system-out");
        xml.writeCharacters(legal(lower(gate.outcome()) + ": " + gate.sentence()));
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static boolean fails(GateResult gate) {
    return switch (gate.outcome()) {
      case FAILED, INSUFFICIENT -> true;
      case PASSED, CONDITION, NOT_APPLICABLE -> false;
    };
  }

  private static boolean skipped(GateResult gate) {
    return gate.outcome() == Outcome.NOT_APPLICABLE;
  }

  private void controls(List<Control> controls, String started) throws XMLStreamException {
    suite(
        "controls",
        started,
        controls.size(),
        controls.stream().filter(control -> control.status().equals("failed")).count(),
        controls.stream().filter(control -> control.status().equals("notRun")).count());
    for (Control control : controls) {
      start("testcase", "classname", "afterimage.controls", "name", control.name());
      if (!control.status().equals("passed")) {
        boolean failed = control.status().equals("failed");
        start(failed ? "failure" : "skipped", "message", control.reason());
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private void suite(String name, String started, int tests, long failures, long skipped)
      throws XMLStreamException {
    start(
        "testsuite",
        "name",
        name,
        "timestamp",
        started,
        "tests",
        Integer.toString(tests),
        "failures",
        Long.toString(failures),
        "errors",
        "0",
        "skipped",
        Long.toString(skipped));
  }

  private void start(String element, String... attributes) throws XMLStreamException {
    xml.writeStartElement(element);
    for (int i = 0; i < attributes.length; i += 2) {
      xml.writeAttribute(attributes[i], legal(attributes[i + 1]));
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** XML has no way to write most control characters; names from a user's data may hold them. */
  private static String legal(String text) {
    return text.replaceAll(
        "[^\\t\\n\\r\\x{20}-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]", "\uFFFD");
  }
}
