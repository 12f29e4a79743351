package io.afterimage.report.chart;

import gg.jte.Content;
import gg.jte.TemplateOutput;
import java.util.Locale;

/**
 * One SVG picture. Every text and attribute is escaped; colours come from the page's style sheet by
 * class name.
 */
final class Svg implements Content {
  private final StringBuilder out = new StringBuilder();

  /**
   * An empty picture.
   *
   * @param style its class
   * @param label what it shows, for those who cannot see it
   */
  Svg(String style, int width, int height, String label) {
    out.append("<svg viewBox=\"0 0 ").append(width).append(' ').append(height).append('"');
    attribute("class", style);
    attribute("role", "img");
    attribute("aria-label", label);
    out.append('>');
  }

  Svg rect(String style, double x, double y, double width, double height) {
    open("rect", style);
    number("x", x);
    number("y", y);
    number("width", Math.max(0, width));
    number("height", Math.max(0, height));
    return close();
  }

  Svg line(String style, double x1, double y1, double x2, double y2) {
    open("line", style);
    number("x1", x1);
    number("y1", y1);
    number("x2", x2);
    number("y2", y2);
    return close();
  }

  /** A dot that says which figure it stands for. */
  Svg dot(String style, double x, double y, double radius, double figure) {
    open("circle", style);
    attribute("data-value", Double.toString(figure));
    number("cx", x);
    number("cy", y);
    number("r", radius);
    return close();
  }

  /** A line through points, or the area that they enclose, as the class says. */
  Svg path(String style, double[] x, double[] y) {
    open("path", style);
    out.append(" d=\"");
    for (int i = 0; i < x.length; i++) {
      out.append(i == 0 ? "M" : "L").append(round(x[i])).append(' ').append(round(y[i]));
    }
    out.append('"');
    return close();
  }

  Svg text(String style, double x, double y, String text) {
    open("text", style);
    number("x", x);
    number("y", y);
    out.append('>').append(escape(text)).append("</text>");
    return this;
  }

  /** A text that runs upwards, centred on the point. */
  Svg upwards(String style, double x, double y, String text) {
    open("text", style);
    out.append(" transform=\"translate(")
        .append(round(x))
        .append(' ')
        .append(round(y))
        .append(") rotate(-90)\">")
        .append(escape(text))
        .append("</text>");
    return this;
  }

  private void open(String element, String style) {
    out.append('<').append(element);
    attribute("class", style);
  }

  private Svg close() {
    out.append("/>");
    return this;
  }

  private void number(String name, double value) {
    attribute(name, round(value));
  }

  private void attribute(String name, String value) {
    out.append(' ').append(name).append("=\"").append(escape(value)).append('"');
  }

  private static String round(double value) {
    String text = String.format(Locale.ROOT, "%.2f", value);
    return text.endsWith(".00") ? text.substring(0, text.length() - 3) : text;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  @Override
  public void writeTo(TemplateOutput output) {
    output.writeContent(out.append("</svg>").toString());
    out.setLength(out.length() - "</svg>".length());
  }
}
