package io.afterimage.graph.ops;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * How many characters a regular expression has at most once its counted repetitions, {@code
 * (ab){3,9}}, are written out: what its automaton takes in memory, which nesting multiplies.
 */
final class PatternSize {
  private static final long HUGE = Long.MAX_VALUE / 4;

  private final String pattern;
  private final Deque<Long> groups = new ArrayDeque<>();
  private long sum;
  private long last;
  private int at;

  private PatternSize(String pattern) {
    this.pattern = pattern;
  }

  static long of(String pattern) {
    return new PatternSize(pattern).size();
  }

  private long size() {
    while (at < pattern.length()) {
      switch (pattern.charAt(at)) {
        case '(' -> open();
        case ')' -> close();
        case '{' -> repeat();
        case '\\' -> atom(2);
        case '[' -> atom(Math.max(2, pattern.indexOf(']', at + 2) + 1 - at));
        default -> atom(1);
      }
    }
    while (!groups.isEmpty()) {
      close();
    }
    return Math.min(HUGE, sum + last);
  }

  /** A piece of the pattern that stands for one character. */
  private void atom(int length) {
    sum = Math.min(HUGE, sum + last);
    last = 1;
    at += length;
  }

  private void open() {
    groups.push(Math.min(HUGE, sum + last));
    sum = 0;
    last = 0;
    at++;
  }

  /** A whole group is one piece, which what follows may repeat. */
  private void close() {
    last = Math.min(HUGE, sum + last);
    sum = groups.isEmpty() ? 0 : groups.pop();
    at++;
  }

  private void repeat() {
    int end = pattern.indexOf('}', at);
    String counts = end < 0 ? "" : pattern.substring(at + 1, end);
    if (!counts.matches("\\d{1,9}(,\\d{0,9})?")) {
      atom(1);
      return;
    }
    long most =
        Arrays.stream(counts.split(",", -1))
            .filter(count -> !count.isEmpty())
            .mapToLong(Long::parseLong)
            .max()
            .orElse(1);
    last = Math.min(HUGE / 1_000_000_000, last) * Math.max(1, most);
    at = end + 1;
  }
}
