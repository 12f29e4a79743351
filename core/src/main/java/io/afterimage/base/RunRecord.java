package io.afterimage.base;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What a run was, so that it can be replayed.
 *
 * @param id unique name of the run
 * @param seed the seed of every draw
 * @param threads intra-op threads; results are bit-identical for one seed and one count
 * @param started ISO 8601, UTC
 * @param seconds how long it took
 * @param command the words typed
 */
public record RunRecord(
    String id, long seed, int threads, String started, double seconds, List<String> command) {

  /** Words as one line that a shell reads as they are. */
  public static String line(List<String> words) {
    return words.stream().map(RunRecord::quoted).collect(Collectors.joining(" "));
  }

  private static String quoted(String word) {
    return word.matches("[\\w@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
