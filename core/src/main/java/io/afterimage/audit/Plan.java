package io.afterimage.audit;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Ran;
import io.afterimage.assess.Status;
import io.afterimage.attack.Attack;
import io.afterimage.attack.Attacks;
import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.WithReferences;
import io.afterimage.base.AttackInfo;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Family;
import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.graph.Interpreter;
import io.afterimage.target.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which attacks an audit mounts, and why it leaves the others.
 *
 * @param attacks those that access, data and the user allow
 * @param left a finding for each of the others, with the reason
 */
record Plan(List<Item> attacks, List<Finding> left) {

  /**
   * An attack with its settings.
   *
   * @param attribute the sensitive column that it is after, for attribute inference
   */
  record Item(Attack<?, ?, ?> attack, Record settings, Optional<String> attribute) {
    AttackInfo info() {
      return attack.info();
    }

    /** The split with the attack's column sensitive and the other sensitive ones public. */
    Split narrowed(Split split) {
      return attribute
          .map(column -> split.map(rows -> rows.with(rows.schema().sensitive(column))))
          .orElse(split);
    }

    private boolean hasRun(Finding finding) {
      return finding.status() == Status.RUN && finding.isOf(info().id());
    }

    /** Names the attack's saved evidence. */
    String key() {
      return info().id() + attribute.map(column -> "/" + column).orElse("");
    }
  }

  /** What every attack here is, run or left. */
  List<AttackInfo> infos() {
    return AttackList.all();
  }

  /** The most reference models that an attack was run with; 0 where none was. */
  int references(List<Finding> findings) {
    return attacks.stream()
        .filter(item -> findings.stream().anyMatch(item::hasRun))
        .map(Item::settings)
        .mapToInt(
            settings -> settings instanceof WithReferences with ? with.models().references() : 0)
        .max()
        .orElse(0);
  }

  static Plan of(AuditSpec spec, Subject subject, Split split) {
    spec.attacks().forEach(AttackList::named); // an unknown id is the user's to correct
    spec.settings().keySet().forEach(AttackList::named);
    List<Item> attacks = new ArrayList<>();
    List<Finding> left = new ArrayList<>();
    for (Attack<?, ?, ?> attack : Attacks.all()) {
      Record settings = settings(spec, attack);
      Optional<Finding> reason = left(spec, subject, split, attack, settings);
      if (reason.isPresent()) {
        left.add(reason.get());
      } else if (attack.info().family() == Family.ATTRIBUTE) {
        for (String column : split.members().schema().names(Role.SENSITIVE)) {
          Item item = new Item(attack, settings, Optional.of(column));
          refuse(attack.refusal(item.narrowed(split)));
          attacks.add(item);
        }
      } else {
        attacks.add(new Item(attack, settings, Optional.empty()));
      }
    }
    return new Plan(List.copyOf(attacks), List.copyOf(left));
  }

  /** What an attack cannot be run on is the user's to change before anything is computed. */
  private static void refuse(Optional<String> refusal) {
    refusal.ifPresent(
        reason -> {
          throw new BadInputException(reason);
        });
  }

  private static Record settings(AuditSpec spec, Attack<?, ?, ?> attack) {
    Map<String, String> changed = spec.settings().getOrDefault(attack.info().id(), Map.of());
    try {
      return SettingsForm.of(attack.defaults()).with(changed);
    } catch (BadInputException e) {
      throw new BadInputException(attack.info().id() + ": " + e.getMessage(), e);
    }
  }

  private static Optional<Finding> left(
      AuditSpec spec, Subject subject, Split split, Attack<?, ?, ?> attack, Record settings) {
    AttackInfo info = attack.info();
    if (!spec.attacks().isEmpty() && !spec.attacks().contains(info.id())) {
      return Optional.of(Ran.not(info, Status.SKIPPED, "not among --attacks"));
    }
    Optional<String> lacking =
        lacking(subject, split, info).or(() -> refusal(split, attack, settings));
    if (lacking.isPresent()) {
      return lacking.map(reason -> Ran.not(info, Status.NOT_APPLICABLE, reason));
    }
    Status status = beyondUs(spec, subject) ? Status.SKIPPED : Status.NOT_APPLICABLE;
    return subject.refusal(attack).map(reason -> Ran.not(info, status, reason));
  }

  /** Whether the adversary could have a white box, and only this tool cannot read the graph. */
  private static boolean beyondUs(AuditSpec spec, Subject subject) {
    return spec.access().isEmpty()
        && subject.model().stream()
            .flatMap(model -> Interpreter.supports(model).stream())
            .anyMatch(operator -> !operator.interpreted());
  }

  /** What the data lack for attacks of this family. */
  private static Optional<String> lacking(Subject subject, Split split, AttackInfo info) {
    boolean noMembers = split.members().rows() == 0;
    return switch (info.family()) {
      case MEMBERSHIP -> {
        boolean missing = noMembers || split.nonMembers().rows() == 0;
        yield reason(missing, "needs --members and --nonmembers");
      }
      case ATTRIBUTE ->
          split.members().schema().names(Role.SENSITIVE).isEmpty()
              ? Optional.of("no --sensitive column was named")
              : reason(noMembers, "needs --members");
      case INVERSION ->
          subject.info().task() == Task.REGRESSION
              ? Optional.of("the model has no classes")
              : reason(!subject.takesPictures(), "the rows are not pictures");
      case EXTRACTION, GRADIENT -> Optional.empty();
    };
  }

  /** What the attack itself finds lacking, where it has no column of its own that is asked for. */
  private static Optional<String> refusal(Split split, Attack<?, ?, ?> attack, Record settings) {
    return attack.info().family() == Family.ATTRIBUTE
        ? Optional.empty()
        : Attacks.refusal(attack, split, settings);
  }

  private static Optional<String> reason(boolean missing, String text) {
    return missing ? Optional.of(text) : Optional.empty();
  }
}
