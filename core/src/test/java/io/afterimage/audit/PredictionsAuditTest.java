package io.afterimage.audit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.assess.Finding;
import io.afterimage.assess.Status;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.ReadOptions;
import io.afterimage.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of scores stand for a model that nobody hands out. */
class PredictionsAuditTest {
  private static final Run RUN = Run.of(4);
  private static final int ROWS = 120;
  private static final List<String> ON_PUBLIC_ROWS = List.of("membership-p", "membership-qmia");

  @TempDir private Path folder;

  /** People with a number each, and what a model answers that is surer of those it knows. */
  private Path scores(String role, double sureness) throws IOException {
    RandomGenerator random = RUN.random(role);
    List<String> lines = new ArrayList<>(List.of("id,age,p_ill,p_well,state"));
    for (int row = 0; row < ROWS; row++) {
      boolean ill = random.nextBoolean();
      double right = 1 / (1 + Math.exp(-sureness - random.nextGaussian()));
      lines.add(
          String.format(
              Locale.ROOT,
              "%s-%d,%d,%.6f,%.6f,%s",
              role,
              row,
              20 + random.nextInt(60),
              ill ? right : 1 - right,
              ill ? 1 - right : right,
              ill ? "ill" : "well"));
    }
    return Files.write(folder.resolve(role + ".csv"), lines);
  }

  private AuditSpec.Builder audit() throws IOException {
    AuditSpec.Builder spec =
        AuditSpec.ofPredictions(scores("members", 4), scores("nonmembers", 1))
            .reading(ReadOptions.builder().label("state").build())
            .controlsBudget(Duration.ZERO)
            .out(folder.resolve("run"));
    ON_PUBLIC_ROWS.forEach(spec::attack);
    return spec;
  }

  private static Map<String, Finding> findings(AuditSpec spec) {
    Report report = Audit.run(spec, RUN, line -> {});
    return report.findings().stream()
        .collect(
            Collectors.toMap(
                finding -> finding.attack().replaceAll("/.*", ""),
                Function.identity(),
                (first, second) -> first));
  }

  @Test
  void publicRowsWithTheirScoresAreLearnedFrom() throws IOException {
    Map<String, Finding> findings = findings(audit().population(scores("population", 1)).build());
    for (String attack : ON_PUBLIC_ROWS) {
      Finding finding = requireNonNull(findings.get(attack));
      assertThat(finding.status()).as(attack).isEqualTo(Status.RUN);
      assertThat(finding.metric("auc").orElseThrow().value()).as(attack).isGreaterThan(0.8);
    }
  }

  @Test
  void withoutThemWhatNeedsThemSaysSo() throws IOException {
    Map<String, Finding> findings = findings(audit().build());
    for (String attack : ON_PUBLIC_ROWS) {
      Finding finding = requireNonNull(findings.get(attack));
      assertThat(finding.status()).as(attack).isEqualTo(Status.NOT_APPLICABLE);
      assertThat(finding.reason()).contains("--population");
    }
  }

  @Test
  void publicRowsWithoutScoresAreRefused() throws IOException {
    Path bare =
        Files.write(folder.resolve("bare.csv"), List.of("id,age,state", "a,1,ill", "b,2,well"));
    AuditSpec spec = audit().population(bare).build();
    assertThatThrownBy(() -> Audit.run(spec, RUN, line -> {}))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("population");
  }
}
