package io.afterimage.audit;

import io.afterimage.base.Access;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.graph.Parameter;
import io.afterimage.graph.ValueInfo;
import io.afterimage.graph.Verify;
import io.afterimage.target.Accesses;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.target.UnsupportedModelException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a model file before any data is seen; {@code inspect --json} prints it.
 *
 * @param model what it is
 * @param operators every kind of operator in it, and what can be done with it
 * @param access which access an attack could get
 * @param gradients with respect to what the scores can be differentiated, whoever asks
 * @param trainable parameters that retraining would change
 * @param frozen stored tensors that it would not
 * @param notices what was assumed, and why an access is missing
 * @param verify the interpreter held against ONNX Runtime; null unless asked for
 */
public record Inspection(
    Model model,
    List<OperatorSupport> operators,
    Map<Access, Boolean> access,
    Accesses.Slopes gradients,
    List<Parameter> trainable,
    List<Parameter> frozen,
    List<String> notices,
    Verify.@Nullable Result verify) {

  /**
   * The file.
   *
   * @param opset of the standard operators
   * @param parameters how many numbers can be trained
   * @param batch free, rewritten, fixed or mixing; null where the model cannot be asked
   */
  public record Model(
      String sha256,
      long opset,
      long parameters,
      @Nullable String batch,
      List<Value> inputs,
      List<Value> outputs,
      List<String> classes) {}

  /** An input or output; the meaning is null for inputs and for outputs that are not read. */
  public record Value(String name, String type, String shape, @Nullable String meaning) {}

  /** Looks at a model; one that cannot be asked is described from its file alone. */
  public static Inspection of(OnnxModel model, OnnxOptions options) {
    try (OnnxTarget target = OnnxTarget.open(model, options)) {
      List<String> notices = new ArrayList<>(target.notices());
      Map<Access, Boolean> access = access(target, notices);
      return of(
          model,
          describe(model, target),
          Interpreter.supports(model),
          access,
          Accesses.slopes(target),
          notices);
    } catch (UnsupportedModelException e) {
      return unasked(model, e);
    }
  }

  private static Inspection of(
      OnnxModel model,
      Model described,
      List<OperatorSupport> operators,
      Map<Access, Boolean> access,
      Accesses.Slopes gradients,
      List<String> notices) {
    List<Parameter> parameters = model.parameters();
    return new Inspection(
        described,
        operators,
        access,
        gradients,
        parameters.stream().filter(Parameter::trainable).toList(),
        parameters.stream().filter(p -> !p.trainable()).toList(),
        notices,
        null);
  }

  private static Inspection unasked(OnnxModel model, UnsupportedModelException reason) {
    Model described =
        new Model(
            model.sha256(),
            model.opset(""),
            model.parameterCount(),
            null,
            model.inputs().stream().map(input -> value(input, null)).toList(),
            model.outputs().stream().map(output -> value(output, null)).toList(),
            List.of());
    Map<Access, Boolean> access = new EnumMap<>(Access.class);
    for (Access level : Access.values()) {
      access.put(level, false);
    }
    List<OperatorSupport> operators =
        Interpreter.supports(model).stream().map(o -> scored(o, reason.operator())).toList();
    String why = String.valueOf(reason.getMessage());
    return of(
        model,
        described,
        operators,
        access,
        new Accesses.Slopes(false, List.of(), why),
        List.of(why));
  }

  /** What ONNX Runtime refuses for one operator, it scores none of. */
  private static OperatorSupport scored(OperatorSupport operator, String missing) {
    if (missing.isEmpty()) {
      return operator;
    }
    return operator.unscored(
        operator.type().equals(missing)
            ? "ONNX Runtime does not have it, or not for these types"
            : "ONNX Runtime refuses the model for its " + missing);
  }

  /** The same with the interpreter held against ONNX Runtime. */
  public Inspection verified(Verify.Result result) {
    return new Inspection(model, operators, access, gradients, trainable, frozen, notices, result);
  }

  private static Model describe(OnnxModel model, OnnxTarget target) {
    TargetInfo info = target.info();
    return new Model(
        model.sha256(),
        model.opset(""),
        model.parameterCount(),
        target.batch().kind().name().toLowerCase(Locale.ROOT),
        model.inputs().stream().map(input -> value(input, null)).toList(),
        model.outputs().stream().map(output -> value(output, meaning(output, target))).toList(),
        info.classes());
  }

  private static @Nullable String meaning(ValueInfo output, OnnxTarget target) {
    return output.name().equals(target.output()) ? target.info().meaning().toString() : null;
  }

  private static Value value(ValueInfo info, @Nullable String meaning) {
    return new Value(info.name(), info.type(), info.shape(), meaning);
  }

  private static Map<Access, Boolean> access(OnnxTarget target, List<String> notices) {
    Map<Access, String> missing = Accesses.missing(target);
    missing.values().stream().distinct().forEach(notices::add);
    Map<Access, Boolean> access = new EnumMap<>(Access.class);
    for (Access level : Access.values()) {
      access.put(level, !missing.containsKey(level));
    }
    return access;
  }
}
