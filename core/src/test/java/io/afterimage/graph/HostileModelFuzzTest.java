package io.afterimage.graph;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * The fuzzers of the nightly profile, each in a process of its own; its seeds and what it found
 * once are executed in every build by {@link FuzzSeedsTest}.
 */
class HostileModelFuzzTest {
  @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
  void parse(byte[] bytes) {
    FuzzTargets.parse(bytes);
  }

  @FuzzTest(maxDuration = "", maxExecutions = 1_000_000)
  void check(byte[] script) {
    FuzzTargets.check(script);
  }

  @FuzzTest(maxDuration = "", maxExecutions = 100_000)
  void execute(byte[] script) {
    FuzzTargets.execute(script);
  }
}
