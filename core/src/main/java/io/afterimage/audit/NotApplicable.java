package io.afterimage.audit;

import io.afterimage.data.Role;
import io.afterimage.data.Split;
import io.afterimage.policy.Gate;
import io.afterimage.target.Task;
import java.util.EnumMap;
import java.util.Map;

/** Gates that have no input in this audit, and why. */
final class NotApplicable {
  private NotApplicable() {}

  static Map<Gate, String> gates(Session session, Structure structure) {
    Map<Gate, String> gates = new EnumMap<>(Gate.class);
    gates.putAll(structure.notApplicable());
    Split split = session.split();
    boolean noMembers = split.members().rows() == 0;
    boolean oneRole = noMembers || split.nonMembers().rows() == 0;
    if (oneRole) {
      String why = "needs both --members and --nonmembers";
      gates.put(Gate.MEMBERSHIP_AUC, why);
      gates.put(Gate.MEMBERSHIP_TPR_1_PERCENT, why);
      gates.put(Gate.MEMBERSHIP_TPR_1_PERMILLE, why);
      gates.put(Gate.ATTRIBUTE_MEMORISED, why);
    }
    if (split.members().schema().names(Role.SENSITIVE).isEmpty()) {
      gates.put(Gate.ATTRIBUTE_MEMORISED, "no --sensitive column was named");
      gates.put(Gate.ATTRIBUTE_IMPUTED, "no --sensitive column was named");
    }
    recognition(session).ifPresent(why -> gates.put(Gate.INVERSION_RECOGNISED, why));
    gates.put(Gate.NEAR_COPY, "the model answers with scores, not with records");
    return gates;
  }

  private static java.util.Optional<String> recognition(Session session) {
    if (session.subject().info().task() == Task.REGRESSION) {
      return java.util.Optional.of("the model has no classes");
    }
    if (!session.spec().classIsPerson()) {
      return java.util.Optional.of("--class-is-person was not said: no class is one person");
    }
    return session.subject().takesPictures()
        ? java.util.Optional.empty()
        : java.util.Optional.of("the rows are not pictures");
  }
}
