package io.afterimage.attack.inversion.decoder;

import io.afterimage.attack.common.Sample;
import io.afterimage.base.Run;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Origins;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The records whose answers or features came into the adversary's hands, in an order drawn by their
 * ids. The adversary never sees the records themselves.
 *
 * @param members records that were trained on
 * @param nonMembers records that were not
 */
public record LeakedRows(Dataset members, Dataset nonMembers) {

  /** So many of the members and as many of the non-members, all where there are fewer. */
  public static LeakedRows of(Split split, int count, Run run) {
    return new LeakedRows(some(split.members(), count, run), some(split.nonMembers(), count, run));
  }

  private static Dataset some(Dataset rows, int count, Run run) {
    int[] drawn = Sample.order(rows, run.keyed("leaked"));
    return rows.select(Arrays.copyOf(drawn, Math.min(count, drawn.length)));
  }

  public int count() {
    return members.rows() + nonMembers.rows();
  }

  /** Members, then non-members, where there are any. */
  public List<Dataset> parts() {
    return Stream.of(members, nonMembers).filter(rows -> rows.rows() > 0).toList();
  }

  /** Who they are. */
  public Origins origins() {
    return Origins.of(members, nonMembers);
  }
}
