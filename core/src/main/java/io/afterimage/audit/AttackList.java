package io.afterimage.audit;

import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.WithReferences;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BadInputException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What an audit can mount: the registered attacks, the reading of the model's file, which asks no
 * target and has no settings, and the audit by canaries, which asks about nobody of the members.
 */
public final class AttackList {
  private record NoSettings() {}

  private AttackList() {}

  /** All of them, in the order of their ids. */
  public static List<AttackInfo> all() {
    return Stream.concat(
            Attacks.all().stream().<AttackInfo>map(Attack::info),
            Stream.of(Structural.INFO, OneRun.INFO))
        .sorted(Comparator.comparing(AttackInfo::id))
        .toList();
  }

  /** The one of this id; a BadInputException that lists the ids where there is none. */
  public static AttackInfo named(String id) {
    List<AttackInfo> all = all();
    return all.stream()
        .filter(info -> info.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new BadInputException(
                    "there is no attack %s; there are %s"
                        .formatted(
                            id, String.join(", ", all.stream().map(AttackInfo::id).toList()))));
  }

  /** The ids of those that compare the target with models trained for that. */
  public static List<String> withReferences() {
    return Attacks.all().stream()
        .filter(attack -> attack.defaults() instanceof WithReferences)
        .map(attack -> attack.info().id())
        .toList();
  }

  /** What can be set of the one of this id, at its defaults; a BadInputException as above. */
  public static SettingsForm<?> settings(String id) {
    if (named(id).id().equals(OneRun.INFO.id())) {
      return SettingsForm.of(OneRun.Settings.USUAL);
    }
    return id.equals(Structural.INFO.id())
        ? SettingsForm.of(new NoSettings())
        : SettingsForm.of(Attacks.named(id).defaults());
  }
}
