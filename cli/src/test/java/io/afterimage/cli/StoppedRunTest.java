package io.afterimage.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.afterimage.data.NpzWriter;
import io.afterimage.report.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of an audit. */
@Tag("slow")
class StoppedRunTest {
  @TempDir private Path folder;

  @Test
  void leavesWhatWasDoneAndGoesOnFromThere() throws Exception {
    List<String> audit = audit();
    Forked forked = Forked.start("-Xmx512m", audit);
    forked.awaitRemark("attack: mi-face");
    Ended stopped = forked.interrupted();
    assertThat(stopped.code()).as(stopped.err()).isEqualTo(ExitCode.CANCELLED);
    assertThat(stopped.err()).contains("--resume").doesNotContain("\tat ");
    Path run = folder.resolve("run");
    assertThat(run.resolve("report.json")).doesNotExist();
    assertThat(run.resolve("evidence/membership-threshold.json")).isNotEmptyFile();

    audit.add("--resume");
    Ended resumed = Forked.run("-Xmx512m", audit);
    assertThat(resumed.code()).as(resumed.err()).isIn(0, 3, 4, 5);
    assertThat(RunFolder.load(run).report().findings())
        .extracting(finding -> finding.attack().replaceFirst("/.*", ""))
        .contains("mi-face", "membership-threshold");
  }

  private List<String> audit() throws IOException {
    return new ArrayList<>(
        List.of(
            "audit",
            "--model",
            Irises.MODEL.resolveSibling("torch-lenet.onnx").toString(),
            "--members",
            pictures("members.npz", 1).toString(),
            "--nonmembers",
            pictures("others.npz", 2).toString(),
            "--attacks",
            "membership-threshold,mi-face",
            "--set",
            "mi-face.steps=3000,mi-face.patience=3000",
            "--controls-budget",
            "0",
            "--threads",
            "1",
            "--out",
            folder.resolve("run").toString()));
  }

  private Path pictures(String name, long seed) throws IOException {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int rows = 100;
    float[] pixels = new float[rows * 64];
    int[] labels = new int[rows];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    for (int row = 0; row < rows; row++) {
      labels[row] = row % 10;
    }
    Path file = folder.resolve(name);
    try (NpzWriter npz = new NpzWriter(Files.newOutputStream(file))) {
      npz.put("x", pixels, rows, 1, 8, 8);
      npz.put("y", labels);
    }
    return file;
  }
}
