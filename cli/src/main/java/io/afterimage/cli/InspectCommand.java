package io.afterimage.cli;

import io.afterimage.audit.Inspection;
import io.afterimage.audit.Verification;
import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.graph.Parameter;
import io.afterimage.graph.Verify;
import io.afterimage.target.Accesses;
import io.afterimage.target.OnnxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** What can be said of a model file before any data is seen. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Shows a model's inputs, outputs, operators and which attacks could reach it.")
final class InspectCommand implements Callable<Integer> {
  private static final String ROW = "  %-28s %5s  %-6s  %-11s  %-14s  %s";

  private final Console console;

  @Parameters(paramLabel = "MODEL.onnx", description = "The ONNX file.")
  private @Nullable Path file;

  @Option(
      names = "--output",
      paramLabel = "NAME=MEANING",
      split = ",",
      description =
          "What an output holds where it is not found: probabilities, logits, log-probabilities,"
              + " value or label.")
  private List<String> output = List.of();

  @Option(
      names = "--verify",
      description =
          "Compare the interpreter, on which white-box attacks stand, with ONNX Runtime, and its"
              + " gradients with finite differences. Ends with exit code 1 where they"
              + " differ or could not be compared.")
  private boolean verify;

  @Option(
      names = "--inputs",
      paramLabel = "X.npz",
      description =
          "Compare on these inputs instead of drawn ones: arrays named after the graph's inputs."
              + " Implies --verify.")
  private @Nullable Path inputs;

  @Mixin private CommonOptions common = new CommonOptions();

  InspectCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    OnnxModel model = OnnxModel.read(Objects.requireNonNull(file));
    OnnxOptions options =
        new OnnxOptions(common.threads(), Map.of(), List.of(), Optional.empty())
            .withOutputs(output);
    Inspection inspection = Inspection.of(model, options);
    if (verify || inputs != null) {
      Run run = common.run(Progress.NONE, new AtomicBoolean());
      inspection = inspection.verified(Verification.of(model, Optional.ofNullable(inputs), run));
    }
    if (common.json) {
      console.print(
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(inspection));
    } else {
      print(inspection);
    }
    Verify.Result found = inspection.verify();
    return found == null || found.agrees() ? ExitCode.OK : ExitCode.INTERNAL;
  }

  private void print(Inspection inspection) {
    Inspection.Model model = inspection.model();
    console.print("sha256      " + model.sha256());
    console.print("opset       " + model.opset());
    console.print("parameters  " + model.parameters());
    console.print("batch       " + Objects.requireNonNullElse(model.batch(), "unknown"));
    values("inputs", model.inputs());
    values("outputs", model.outputs());
    if (!model.classes().isEmpty()) {
      console.print("classes     " + String.join(", ", model.classes()));
    }
    operators(inspection.operators());
    console.print("access");
    inspection
        .access()
        .forEach((level, can) -> console.print("  %-10s %s".formatted(level, can ? "yes" : "no")));
    console.print("gradients   " + sentence(inspection.gradients()));
    parameters("trainable", inspection.trainable());
    parameters("frozen", inspection.frozen());
    inspection.notices().forEach(notice -> console.print("note: " + notice));
    if (inspection.verify() != null) {
      console.print("verify      " + sentence(inspection.verify(), inputs == null));
    }
  }

  private static String sentence(Accesses.Slopes slopes) {
    return "by parameters: %s; by inputs: %s%s"
        .formatted(
            yes(slopes.parameters()),
            slopes.inputs().isEmpty() ? "none" : String.join(", ", slopes.inputs()),
            slopes.reason().isEmpty() ? "" : " (" + slopes.reason() + ")");
  }

  /** A table where something is missing; else one line. */
  private void operators(List<OperatorSupport> all) {
    List<OperatorSupport> lacking =
        all.stream().filter(o -> !o.scored() || !o.interpreted() || !o.differentiable()).toList();
    int nodes = all.stream().mapToInt(OperatorSupport::count).sum();
    String sum =
        "operators   %d nodes of %d kinds, all scored, interpreted and differentiable"
            .formatted(nodes, all.size());
    if (lacking.isEmpty()) {
      console.print(sum);
      return;
    }
    console.print(sum + ", except");
    console.print(ROW.formatted("", "count", "scored", "interpreted", "differentiable", ""));
    lacking.forEach(operator -> console.print(line(operator)));
  }

  private static String line(OperatorSupport operator) {
    String name =
        operator.domain().isEmpty() ? operator.type() : operator.domain() + "." + operator.type();
    return ROW.formatted(
        name,
        operator.count(),
        yes(operator.scored()),
        yes(operator.interpreted()),
        yes(operator.differentiable()),
        operator.reason());
  }

  /** What was compared and how far the two lie apart, in words. */
  static String sentence(Verify.Result found, boolean drawn) {
    if (found.maxRelative() == null) {
      return "nothing was compared: " + found.reason();
    }
    String scores =
        "on %d %s rows the interpreter %s ONNX Runtime (they differ by at most %.1e, %.1e of the greatest answer%s%s)%s"
            .formatted(
                found.rows(),
                drawn ? "drawn" : "given",
                switch (found.outcome()) {
                  case AGREE -> "agrees with";
                  case WITHIN_A_STEP -> "agrees within one step of quantisation with";
                  default -> "DIFFERS from";
                },
                found.maxAbsolute(),
                found.maxRelative(),
                counted(found.undefined(), "not numbers on both sides"),
                counted(found.onOneSide(), "NaN or an infinity on one side alone"),
                found.remark().isEmpty() ? "" : ": " + found.remark());
    Double gradient = found.gradientMaxRelative();
    return gradient == null
        ? scores + "; gradients were not compared: " + found.reason()
        : scores
            + "; its gradients %s finite differences (by at most %.1e of the steepest)"
                .formatted(gradient <= Verify.TOLERANCE ? "agree with" : "DIFFER from", gradient);
  }

  private static String counted(long values, String what) {
    return values == 0 ? "" : "; %d values are %s".formatted(values, what);
  }

  private void values(String title, List<Inspection.Value> values) {
    console.print(title);
    for (Inspection.Value value : values) {
      String meaning = value.meaning() == null ? "" : "  " + value.meaning();
      console.print("  %s  %s %s%s".formatted(value.name(), value.type(), value.shape(), meaning));
    }
  }

  private void parameters(String title, List<Parameter> parameters) {
    console.print(title);
    parameters.forEach(p -> console.print("  %s  %d numbers".formatted(p.name(), p.count())));
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }
}
