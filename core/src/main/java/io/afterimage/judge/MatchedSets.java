package io.afterimage.judge;

import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.evidence.Reconstructions;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Equally many reconstructions and members of each class, drawn where there are more: so neither
 * their numbers nor how often each class occurs tells the two sets apart.
 *
 * @param rebuilt where the reconstructions of each subject stand, subject after subject
 * @param members where as many members of each stand
 */
record MatchedSets(int[][] rebuilt, int[][] members) {
  /** Pictures of either set at most: beyond it every figure would take minutes. */
  private static final int MOST = 1 << 12;

  /**
   * The sets of an attack.
   *
   * @param rows that the members were read from
   */
  static MatchedSets of(Reconstructions attack, Pictures members, Dataset rows, Run run) {
    int[] subjects = attack.subjects();
    int[][] rebuilt = new int[subjects.length][];
    int[][] matched = new int[subjects.length][];
    for (int i = 0; i < subjects.length; i++) {
      int subject = subjects[i];
      int[] own =
          IntStream.range(0, attack.count()).filter(j -> attack.classes()[j] == subject).toArray();
      int[] places = Drawn.order(members, members.of(subject), rows, run);
      int most = Math.max(1, MOST / subjects.length);
      int count = Math.min(most, Math.min(own.length, places.length));
      rebuilt[i] =
          Arrays.stream(run.shuffled("matched/" + subject, own.length))
              .limit(count)
              .map(j -> own[j])
              .toArray();
      matched[i] = Arrays.copyOf(places, count);
    }
    return new MatchedSets(rebuilt, matched);
  }
}
