package io.afterimage.cli;

import io.afterimage.audit.Inspection;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.OperatorSupport;
import io.afterimage.graph.Parameter;
import io.afterimage.target.OnnxOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
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
    if (common.json) {
      console.print(
          JsonMapper.builder()
              .enable(SerializationFeature.INDENT_OUTPUT)
              .build()
              .writeValueAsString(inspection));
    } else {
      print(inspection);
    }
    return ExitCode.OK;
  }

  private void print(Inspection inspection) {
    Inspection.Model model = inspection.model();
    console.print("sha256      " + model.sha256());
    console.print("opset       " + model.opset());
    console.print("parameters  " + model.parameters());
    console.print("batch       " + model.batch());
    values("inputs", model.inputs());
    values("outputs", model.outputs());
    console.print("classes     " + String.join(", ", model.classes()));
    console.print("operators");
    inspection.operators().forEach(operator -> console.print("  " + line(operator)));
    console.print("access");
    inspection
        .access()
        .forEach((level, can) -> console.print("  %-10s %s".formatted(level, can ? "yes" : "no")));
    parameters("trainable", inspection.trainable());
    parameters("frozen", inspection.frozen());
    inspection.notices().forEach(notice -> console.print("note: " + notice));
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

  private static String line(OperatorSupport operator) {
    String name =
        operator.domain().isEmpty() ? operator.type() : operator.domain() + "." + operator.type();
    return "%-28s %4d  scored %s, interpreted %s, differentiable %s%s"
        .formatted(
            name,
            operator.count(),
            yes(operator.scored()),
            yes(operator.interpreted()),
            yes(operator.differentiable()),
            operator.reason().isEmpty() ? "" : "  (" + operator.reason() + ")");
  }

  private static String yes(boolean is) {
    return is ? "yes" : "no";
  }
}
