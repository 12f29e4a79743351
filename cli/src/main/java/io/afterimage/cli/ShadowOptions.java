package io.afterimage.cli;

import io.afterimage.base.Checks;
import io.afterimage.train.ShadowSpec;
import io.afterimage.train.TrainingSpec;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether one model is trained or many, and on what each. */
final class ShadowOptions {
  private static final double HALF = 0.5;

  @Option(
      names = "--models",
      paramLabel = "N",
      description =
          "Train so many models side by side, each from fresh weights on a share of the members:"
              + " shadow models. Writes models/, membership.csv and training.json.")
  @Nullable Integer models;

  @Option(
      names = "--share",
      paramLabel = "X",
      description = "Share of the members that each of --models learns from. Default: 0.5.")
  @Nullable Double share;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      description =
          "Where --models are looked for before they are trained, and kept. Default: a folder in"
              + " --out that goes when all are done.")
  @Nullable Path cache;

  /** Many trainings, where they are asked for. */
  Optional<ShadowSpec> spec(TrainingSpec training) {
    if (models == null) {
      Checks.check(share == null && cache == null, "--share and --cache are for --models");
      return Optional.empty();
    }
    Checks.check(training.canaries().isEmpty(), "--canaries are for one model; leave out --models");
    return Optional.of(
        new ShadowSpec(training, models, share == null ? HALF : share, Optional.ofNullable(cache)));
  }
}
