package io.afterimage.data;

/** Foreign text in messages: one line, and not too long. */
final class Show {
  private static final int LONGEST = 60;

  private Show() {}

  static String quoted(String text) {
    String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return "'" + start.replaceAll("\\p{Cntrl}", "�") + "'";
  }
}
