package io.afterimage.cli;

import io.afterimage.base.Checks;
import io.afterimage.train.CanarySpec;
import io.afterimage.train.TrainingSpec;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Canaries that a training lays out for an audit. */
final class CanaryOptions {
  /** Kinds by name. */
  enum Kind {
    MISLABELLED,
    DIRAC,
    OWN
  }

  @Option(
      names = "--canaries",
      paramLabel = "N",
      description =
          "Lay N canaries into the training, each by a fair coin of its own, and write canaries.json,"
              + " by which 'audit --canaries' bounds epsilon.")
  @Nullable Integer count;

  @Option(
      names = "--canary-kind",
      paramLabel = "NAME",
      description =
          "mislabelled (copies of members under a wrong label), dirac (gradients of one coordinate,"
              + " looked for in the weights) or own. Default: mislabelled.")
  @Nullable String kind;

  @Option(
      names = "--canary-file",
      paramLabel = "FILE",
      description = "Rows of your own: every one is a canary. Stands for --canaries.")
  @Nullable Path file;

  @Option(
      names = "--canary-norm",
      paramLabel = "X",
      description = "Length of a dirac canary's gradient. Default: 1.")
  @Nullable Double norm;

  /** The training, with canaries where they are asked for. */
  TrainingSpec in(TrainingSpec training) {
    if (count == null && file == null) {
      Checks.check(
          kind == null && norm == null,
          "%s is for --canaries N",
          kind == null ? "--canary-norm" : "--canary-kind");
      return training;
    }
    return training.with(spec());
  }

  private CanarySpec spec() {
    Kind chosen =
        kind != null
            ? AuditOptions.choice("--canary-kind", Kind.class, kind)
            : file != null ? Kind.OWN : Kind.MISLABELLED;
    Checks.check(norm == null || chosen == Kind.DIRAC, "--canary-norm is for --canary-kind dirac");
    if (chosen == Kind.OWN) {
      Checks.check(
          file != null && count == null,
          "--canary-kind own takes the rows of --canary-file FILE, all of them, and no --canaries");
      return new CanarySpec.Own(Objects.requireNonNull(file));
    }
    Checks.check(file == null, "--canary-file is for --canary-kind own");
    int n = Objects.requireNonNull(count);
    return chosen == Kind.DIRAC
        ? new CanarySpec.Dirac(n, norm == null ? 1 : norm)
        : new CanarySpec.Mislabelled(n);
  }
}
