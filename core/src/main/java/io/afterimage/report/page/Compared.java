package io.afterimage.report.page;

import io.afterimage.assess.Exposure;
import io.afterimage.assess.Exposure.Group;
import io.afterimage.assess.Exposure.TooFew;
import java.util.List;

/**
 * Groups of people under one attack.
 *
 * @param standing those that stand out
 */
record Compared(String attack, List<Group> standing, List<Group> others, List<TooFew> tooFew) {
  static Compared of(String attack, Exposure exposure) {
    return new Compared(
        attack,
        exposure.groups().stream().filter(Group::standsOut).toList(),
        exposure.groups().stream().filter(group -> !group.standsOut()).toList(),
        exposure.tooFew());
  }
}
