package io.afterimage.report.page;

import gg.jte.Content;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts that name options of the command line. */
final class Options {
  private static final Pattern OPTION = Pattern.compile("--[a-z]+(-[a-z]+)*");

  private Options() {}

  /** The text, escaped, with no line break within an option: {@code --class-is-person}. */
  static Content unbroken(String text) {
    return output -> {
      Matcher option = OPTION.matcher(text);
      int from = 0;
      while (option.find()) {
        output.writeUserContent(text.substring(from, option.start()));
        output.writeContent("<span class=\"option\">");
        output.writeUserContent(option.group());
        output.writeContent("</span>");
        from = option.end();
      }
      output.writeUserContent(text.substring(from));
    };
  }
}
