package io.afterimage.bench;

import io.afterimage.base.Progress;
import io.afterimage.base.Run;
import io.afterimage.data.ReadOptions;
import io.afterimage.train.Blueprint;
import io.afterimage.train.Network;
import io.afterimage.train.Optimiser;
import io.afterimage.train.Recipe;
import io.afterimage.train.Training;
import io.afterimage.train.TrainingReport;
import io.afterimage.train.TrainingSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Trains as {@code afterimage train} does; {@code bench/peers/accuracy.py} trains the same networks
 * by the same recipes.
 *
 * <p>Usage: {@code Accuracy DATA_FOLDER mnist|fashion-mnist|adult [SEEDS]}
 */
public final class Accuracy {
  private Accuracy() {}

  /** What is trained on what. */
  private record Work(Network network, Map<String, Path> files, ReadOptions reading, int epochs) {
    static Work of(Path folder, String name) {
      return name.equals("adult") ? adult(folder.resolve("adult-uci")) : pictures(folder, name);
    }

    private static Work pictures(Path folder, String name) {
      Path set = folder.resolve(name);
      return new Work(
          new Network.OfBlueprint(Blueprint.LENET, Blueprint.Sizes.DEFAULTS, List.of()),
          files(set, "train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz"),
          ReadOptions.defaults(),
          4);
    }

    private static Work adult(Path folder) {
      Blueprint.Sizes sizes = new Blueprint.Sizes(List.of(64), 0, 0, 0, 0, 0, false);
      return new Work(
          new Network.OfBlueprint(Blueprint.MLP, sizes, List.of()),
          files(folder, "adult-train.csv.gz", "adult-test.csv.gz"),
          ReadOptions.builder().header(false).trim(true).label("c15").build(),
          5);
    }

    private static Map<String, Path> files(Path folder, String train, String test) {
      return Map.of(
          TrainingSpec.MEMBERS,
          folder.resolve(train),
          TrainingSpec.NONMEMBERS,
          folder.resolve(test));
    }
  }

  /** Prints the accuracy on the test rows of each seed and their mean, in per cent. */
  public static void main(String[] args) throws Exception {
    Usage.run(
        "Accuracy DATA_FOLDER mnist|fashion-mnist|adult [SEEDS]", 2, args, () -> measure(args));
  }

  private static void measure(String[] args) throws IOException {
    Work work = Work.of(Path.of(args[0]), args[1]);
    int seeds = args.length > 2 ? Integer.parseInt(args[2]) : 5;
    double sum = 0;
    for (int seed = 0; seed < seeds; seed++) {
      double accuracy = 100 * accuracy(work, seed);
      sum += accuracy;
      System.out.printf(Locale.ROOT, "%s seed %d: %.2f%%%n", args[1], seed, accuracy);
    }
    System.out.printf(Locale.ROOT, "%s mean of %d: %.2f%%%n", args[1], seeds, sum / seeds);
  }

  private static double accuracy(Work work, int seed) throws IOException {
    TrainingSpec spec =
        new TrainingSpec(
            work.network(),
            work.files(),
            work.reading(),
            Optional.empty(),
            Recipe.of(new Optimiser.Adam(0.001, 0.9, 0.999, 1e-8, 0), work.epochs()),
            Optional.empty(),
            Files.createTempDirectory("accuracy"),
            false,
            List.of());
    Run run = new Run(seed, 1, Progress.NONE, new AtomicBoolean());
    TrainingReport report = Training.run(spec, run, note -> {});
    TrainingReport.Result result =
        Objects.requireNonNull(report.scores().get(TrainingSpec.NONMEMBERS));
    return Objects.requireNonNull(result.accuracy());
  }
}
