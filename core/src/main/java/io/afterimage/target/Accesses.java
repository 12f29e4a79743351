package io.afterimage.target;

import io.afterimage.base.Access;
import io.afterimage.graph.ElementType;
import io.afterimage.graph.Gradients;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.ValueInfo;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** What an adversary who holds a model's file could see of it. */
public final class Accesses {
  private static final int FEW = 5;

  private Accesses() {}

  /**
   * With respect to what a model's scores can be differentiated, whether or not an attack asks for
   * it: training does.
   *
   * @param parameters whether with respect to the trainable parameters
   * @param inputs names of the inputs with respect to which they can be
   * @param reason why with respect to no more than these; empty where nothing is missing
   */
  public record Slopes(boolean parameters, List<String> inputs, String reason) {}

  /** What the file shows of its scores' gradients. Loads nothing native. */
  public static Slopes slopes(OnnxTarget target) {
    OnnxModel model = target.model();
    Optional<ScoreHead> head = InterpretedTarget.head(target);
    if (head.isEmpty()) {
      return new Slopes(false, List.of(), "it answers labels alone, with no scores before them");
    }
    String scores = head.get().value();
    List<String> inputs = Gradients.inputs(model, scores);
    List<String> reasons = new ArrayList<>();
    Optional<String> byParameters = Gradients.missingByParameters(model, scores);
    byParameters.ifPresent(reasons::add);
    List<ValueInfo> left =
        model.inputs().stream().filter(input -> !inputs.contains(input.name())).toList();
    named(left, Accesses::takesReals)
        .ifPresent(names -> reasons.add(names + ": no gradient flows"));
    named(left, input -> !takesReals(input))
        .ifPresent(names -> reasons.add(names + ": no real numbers"));
    return new Slopes(byParameters.isEmpty(), inputs, String.join("; ", reasons));
  }

  private static boolean takesReals(ValueInfo input) {
    return input.element().filter(ElementType::isFloating).isPresent();
  }

  /** The first of the inputs that are so, by name; empty where none is. */
  private static Optional<String> named(List<ValueInfo> inputs, Predicate<ValueInfo> are) {
    List<String> names = inputs.stream().filter(are).map(ValueInfo::name).toList();
    String more = names.size() > FEW ? " and %d others".formatted(names.size() - FEW) : "";
    return names.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", ", names.subList(0, Math.min(FEW, names.size()))) + more);
  }

  /** The accesses that the file does not give, each with the reason. Loads nothing native. */
  public static Map<Access, String> missing(OnnxTarget target) {
    Map<Access, String> missing = new EnumMap<>(Access.class);
    Meaning meaning = target.info().meaning();
    if (meaning == Meaning.VALUE) {
      missing.put(Access.LABEL, "a regressor has no classes");
    }
    if (meaning == Meaning.LABEL) {
      missing.put(Access.SCORES, "it answers labels alone");
    }
    InterpretedTarget.missing(target)
        .ifPresent(
            reason ->
                List.of(Access.LOGITS, Access.FEATURES, Access.GRADIENTS)
                    .forEach(access -> missing.put(access, reason)));
    if (target.info().access() == Access.LOGITS) {
      missing.remove(Access.LOGITS);
    }
    return missing;
  }
}
