package io.afterimage.cli;

import io.afterimage.base.CancelledException;
import io.afterimage.base.Run;
import io.afterimage.train.ShadowReport;
import io.afterimage.train.ShadowReport.Shadow;
import io.afterimage.train.ShadowSpec;
import io.afterimage.train.ShadowTraining;
import io.afterimage.train.Standing;
import io.afterimage.train.Training;
import io.afterimage.train.TrainingReport;
import io.afterimage.train.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Trains a model file's graph, or a built-in architecture, and writes ONNX. */
@Command(
    name = "train",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Trains or retrains an ONNX model.",
    description = {
      "",
      "Trains a model file's graph from fresh weights (a shadow model of the same architecture), goes"
          + " on from the file's weights, or trains a built-in architecture. Writes model.onnx and"
          + " training.json into --out. With --models, trains many side by side, each on its own"
          + " share of the members; --nonmembers, if given, validate each of them.",
      "",
      "One model is trained on one thread unless --threads says more, which pays for large"
          + " networks and batches alone. With --models, every thread trains models of its own. The"
          + " same --threads is needed for the same bits.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  afterimage train --architecture mlp --members train.csv --nonmembers test.csv --label income"
          + " --epochs 20 --patience 3 --out income",
      "  afterimage train --architecture mlp --members train.csv --label income --epochs 60"
          + " --canaries 1000 --out income",
      "  afterimage train --model target.onnx --members photos --out shadow",
      "  afterimage train --model target.onnx --members pool.csv --models 64 --out shadows"
    })
final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Spec private @Nullable CommandSpec command;

  @Mixin private TrainOptions options = new TrainOptions();
  @Mixin private CanaryOptions canaries = new CanaryOptions();
  @Mixin private ShadowOptions shadows = new ShadowOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TrainingSpec spec = canaries.in(options.spec(Words.typed(command)));
    Optional<ShadowSpec> many = shadows.spec(spec);
    if (many.isPresent()) {
      ShadowReport report =
          working(common.threads(), (run, remarks) -> ShadowTraining.run(many.get(), run, remarks));
      print(common.json, ShadowTraining.json(report), () -> print(report, spec.out()));
    } else {
      TrainingReport report =
          working(
              common.threads == null ? 1 : common.threads,
              (run, remarks) -> Training.run(spec, run, remarks));
      print(common.json, Training.json(report), () -> print(report, spec.out()));
    }
    return ExitCode.OK;
  }

  private void print(boolean json, String text, Runnable words) {
    if (json) {
      console.print(text);
    } else {
      words.run();
    }
  }

  private <T> T working(int threads, BiFunction<Run, Consumer<String>, T> training) {
    try (Interruption interruption = new Interruption();
        TerminalProgress progress = new TerminalProgress(console.err())) {
      Remarks remarks = new Remarks(common.quiet ? unheard -> {} : console::say, progress);
      Run run = common.run(remarks, interruption.requested(), threads);
      T report = stoppable(() -> training.apply(run, remarks));
      remarks.release();
      return report;
    }
  }

  // The line is printed here, for the process is gone as soon as the interruption is closed.
  private <T> T stoppable(Supplier<T> training) {
    try {
      return training.get();
    } catch (CancelledException e) {
      console.error(String.valueOf(e.getMessage()));
      throw e;
    }
  }

  private void print(ShadowReport report, Path out) {
    List<Shadow> models = report.models();
    console.print(
        "%d models, each from %d to %d rows"
            .formatted(
                models.size(),
                models.stream().mapToInt(Shadow::rows).min().orElseThrow(),
                models.stream().mapToInt(Shadow::rows).max().orElseThrow()));
    console.print("rows that a model learned from: " + mean(models, Shadow::learned));
    console.print("the other members: " + mean(models, Shadow::others));
    if (report.data().containsKey(TrainingSpec.NONMEMBERS)) {
      console.print("nonmembers: " + mean(models, Shadow::nonmembers));
    }
    console.print("Models: " + out.resolve("models").toAbsolutePath().normalize());
  }

  private static String mean(
      List<Shadow> models, Function<Shadow, TrainingReport.@Nullable Result> of) {
    List<TrainingReport.Result> results =
        models.stream().flatMap(model -> Stream.ofNullable(of.apply(model))).toList();
    double loss = results.stream().mapToDouble(TrainingReport.Result::loss).average().orElseThrow();
    OptionalDouble accuracy =
        results.stream()
            .flatMap(result -> Stream.ofNullable(result.accuracy()))
            .mapToDouble(Double::doubleValue)
            .average();
    return "loss %s%s on average"
        .formatted(figure(loss), accuracy(accuracy.isPresent() ? accuracy.getAsDouble() : null));
  }

  private void print(TrainingReport report, Path out) {
    List<Standing.Epoch> epochs = report.epochs();
    for (int i = 0; i < epochs.size(); i++) {
      console.print(line(i + 1, epochs.get(i)));
    }
    report
        .scores()
        .forEach(
            (role, score) ->
                console.print(
                    "%s: loss %s%s"
                        .formatted(role, figure(score.loss()), accuracy(score.accuracy()))));
    console.print("Model: " + out.resolve("model.onnx").toAbsolutePath().normalize());
  }

  private static String line(int number, Standing.Epoch epoch) {
    Double validation = epoch.validationLoss();
    return "epoch %d: loss %s%s%s"
        .formatted(
            number,
            figure(epoch.loss()),
            validation == null ? "" : ", nonmembers " + figure(validation),
            accuracy(epoch.validationAccuracy()));
  }

  private static String accuracy(@Nullable Double share) {
    return share == null ? "" : String.format(Locale.ROOT, ", accuracy %.4f", share);
  }

  private static String figure(double value) {
    return String.format(Locale.ROOT, "%.5g", value);
  }
}
