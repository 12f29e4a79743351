package io.afterimage.cli;

import io.afterimage.policy.Decision;

/** What the process ends with; scripts rely on the numbers. */
final class ExitCode {
  static final int OK = 0;
  static final int INTERNAL = 1;
  static final int BAD_INPUT = 2;
  static final int CANCELLED = 130;

  private ExitCode() {}

  static int of(Decision decision) {
    return switch (decision) {
      case RELEASE -> OK;
      case RELEASE_WITH_CONDITIONS -> 3;
      case DO_NOT_RELEASE -> 4;
      case INSUFFICIENT_EVIDENCE -> 5;
    };
  }
}
