package io.afterimage.cli;

import java.io.PrintStream;

/** Where a command prints: results on out, everything else on err. */
record Console(PrintStream out, PrintStream err) {

  static Console of(PrintStream out, PrintStream err) {
    return new Console(out, err);
  }

  /** A result. */
  void print(String text) {
    out.println(text);
  }

  /** A remark on the way. */
  void say(String text) {
    err.println(text);
  }

  /** Why it failed, in one line without control characters. */
  void error(String text) {
    err.println("afterimage: " + text.replaceAll("\\p{Cntrl}", "?"));
  }
}
