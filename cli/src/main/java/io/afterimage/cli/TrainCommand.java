package io.afterimage.cli;

import io.afterimage.base.CancelledException;
import io.afterimage.base.Run;
import io.afterimage.train.Standing;
import io.afterimage.train.Training;
import io.afterimage.train.TrainingReport;
import io.afterimage.train.TrainingSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
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
          + " training.json into --out.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  afterimage train --architecture mlp --members train.csv --nonmembers test.csv --label income"
          + " --epochs 20 --patience 3 --out income",
      "  afterimage train --model target.onnx --members photos --out shadow"
    })
final class TrainCommand implements Callable<Integer> {
  private final Console console;

  @Spec private @Nullable CommandSpec command;

  @Mixin private TrainOptions options = new TrainOptions();
  @Mixin private CommonOptions common = new CommonOptions();

  TrainCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    TrainingSpec spec = options.spec(Words.typed(command));
    TrainingReport report = run(spec);
    if (common.json) {
      console.print(Training.json(report));
    } else {
      print(report, spec.out());
    }
    return ExitCode.OK;
  }

  private TrainingReport run(TrainingSpec spec) {
    try (Interruption interruption = new Interruption();
        TerminalProgress progress = new TerminalProgress(console.err())) {
      Remarks remarks = new Remarks(common.quiet ? unheard -> {} : console::say, progress);
      Run run = common.run(remarks, interruption.requested());
      TrainingReport report = train(spec, run, remarks);
      remarks.release();
      return report;
    }
  }

  // The line is printed here, for the process is gone as soon as the interruption is closed.
  private TrainingReport train(TrainingSpec spec, Run run, Remarks remarks) {
    try {
      return Training.run(spec, run, remarks);
    } catch (CancelledException e) {
      console.error("stopped; what was trained is saved, and --resume continues it");
      throw e;
    }
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
