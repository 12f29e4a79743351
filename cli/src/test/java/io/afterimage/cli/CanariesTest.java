package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Canaries from {@code train} to the exit code of {@code audit --claim}. */
class CanariesTest extends Refusals {
  private Path trained(String canaries) {
    Path out = folder.resolve("trained");
    Ended ended = Ended.of(train(out, canaries).toArray(String[]::new));
    assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
    return out;
  }

  private List<String> train(Path out, String canaries) {
    List<String> words = new ArrayList<>(List.of("train", "--architecture", "mlp"));
    words.addAll(List.of("--members", members().toString(), "--label", "species"));
    words.addAll(List.of("--epochs", "300", "--learning-rate", "0.01", "--batch-size", "20"));
    words.addAll(List.of("--out", out.toString()));
    words.addAll(List.of(canaries.split(" ")));
    return words;
  }

  private List<String> audit(Path trained, String claim) {
    List<String> words =
        audit(trained.resolve("model.onnx"), members(), others(), folder.resolve("run"));
    words.addAll(List.of("--canaries", trained.toString(), "--claim", claim));
    words.addAll(List.of("--attacks", "membership-one-run", "--controls-budget", "1s"));
    return words;
  }

  @Test
  void aContradictedClaimEndsTheAuditWithTheCodeOfARefusedRelease() throws IOException {
    Path trained = trained("--canaries 60");
    Ended ended = Ended.of(audit(trained, "epsilon=0.5,delta=1e-5").toArray(String[]::new));
    assertThat(ended.code()).as(ended.err() + ended.out()).isEqualTo(4);
    assertThat(ended.out())
        .contains(
            "Decision: DO_NOT_RELEASE",
            "The claim is contradicted: epsilon is at least ",
            " at delta 1e-5, and the claim is 0.5.");
    Path second = folder.resolve("other");
    assertThat(Ended.of(train(second, "--canaries 60 --seed 9").toArray(String[]::new)).code())
        .isEqualTo(ExitCode.OK);
    Files.copy(trained.resolve("canaries.json"), folder.resolve("canaries.json"));
    List<String> words = audit(second, "epsilon=0.5,delta=1e-5");
    words.set(words.indexOf("--canaries") + 1, folder.resolve("canaries.json").toString());
    words.set(words.indexOf("--out") + 1, folder.resolve("third").toString());
    Ended other = Ended.of(words.toArray(String[]::new));
    assertThat(other.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(other.err()).contains("canaries of another model").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--canaries 0 | --canaries must be between 1",
        "--canaries 5 --loss squared-error | mislabelled canaries need",
        "--canaries 61 | --members has 60 rows to copy",
        "--canaries many | --canaries",
        "--canaries 5 --canary-kind parrot | --canary-kind",
        "--canary-kind dirac | --canary-kind is for --canaries",
        "--canary-norm 3 | --canary-norm is for --canaries",
        "--canaries 5 --canary-norm 3 | --canary-norm is for --canary-kind dirac",
        "--canaries 5 --canary-kind dirac --canary-norm NaN | --canary-norm",
        "--canaries 100000 --canary-kind dirac | parameters to point along",
        "--canaries 5 --canary-kind own | --canary-file",
        "--canary-file nowhere.csv | nowhere.csv",
        "--canary-file nowhere.csv --canary-kind dirac | --canary-file",
        "--canaries 5 --models 3 | --canaries are for one model",
      })
  void canariesThatCannotBeLaidAreRefused(String canaries, String named) {
    Instant started = Instant.now();
    assertRefused(
        Ended.of(train(folder.resolve("trained"), canaries).toArray(String[]::new)),
        started,
        named);
  }
}
