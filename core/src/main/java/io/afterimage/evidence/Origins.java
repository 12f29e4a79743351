package io.afterimage.evidence;

import io.afterimage.data.Dataset;
import java.util.List;

/**
 * The records whose answers or features an attack inverted, one behind each reconstruction: first
 * the members', then the non-members', in this order.
 *
 * @param members records that were trained on
 * @param nonMembers records that were not
 */
public record Origins(People members, People nonMembers) {
  private static final People NOBODY = new People(List.of(), List.of(), new int[0]);

  /** No record stands behind the reconstructions: they show classes. */
  public static final Origins NONE = new Origins(NOBODY, NOBODY);

  /** These rows, in this order. */
  public static Origins of(Dataset members, Dataset nonMembers) {
    return new Origins(People.of(members), People.of(nonMembers));
  }

  public int count() {
    return members.count() + nonMembers.count();
  }

  /** Whether the record behind a reconstruction was trained on. */
  public boolean isMember(int index) {
    return index < members.count();
  }

  /** The id of the record behind a reconstruction. */
  public String id(int index) {
    return isMember(index)
        ? members.ids().get(index)
        : nonMembers.ids().get(index - members.count());
  }
}
