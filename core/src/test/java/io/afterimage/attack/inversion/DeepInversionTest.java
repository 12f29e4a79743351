package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.attack.SettingsForm;
import io.afterimage.attack.fixture.Digits;
import io.afterimage.attack.fixture.Normalised;
import io.afterimage.attack.fixture.SoftmaxModel;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.graph.NormalisedChannels;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.TensorScope;
import io.afterimage.tensor.Tensors;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeakedTensors.class)
class DeepInversionTest {
  private static final Run RUN = Run.of(3);
  private static final Dataset MEMBERS = Digits.draw("members", 400, RUN);
  private static final Split SPLIT = Split.of(MEMBERS, Digits.draw("others", 400, RUN));

  /** The paper's ablation: without the statistics pictures are as sure and look like nothing. */
  @Test
  void theStatisticsBringThePicturesNearToTheTrainingData() {
    try (InterpretedTarget target = Normalised.on(MEMBERS, RUN)) {
      Reconstructions with = run(target, Map.of());
      Reconstructions without = run(target, Map.of("normalisation", "0"));
      assertThat(Arrays.stream(with.confidence()).min().orElseThrow()).isGreaterThan(0.9);
      assertThat(Arrays.stream(without.confidence()).min().orElseThrow()).isGreaterThan(0.9);
      assertThat(distance(target, with)).isLessThan(distance(target, without) / 3);
      assertThat(fromPrototypes(with)).isLessThan(fromPrototypes(without));
    }
  }

  @Test
  void batchesHoldAllClassesAlikeAndPicturesStayInTheirRange() {
    try (InterpretedTarget target = Normalised.on(MEMBERS, RUN)) {
      Reconstructions found =
          run(target, Map.of("restarts", "3", "batch", "20", "steps", "5", "high", "0.8"));
      assertThat(found.count()).isEqualTo(30);
      assertThat(found.classes()).startsWith(0, 0, 0, 1, 1, 1).endsWith(9, 9, 9);
      for (float pixel : found.pixels()) {
        assertThat(pixel).isBetween(0f, 0.8f);
      }
      for (int row = 0; row < 30; row++) {
        List<Stage> strip = found.stages().of(row);
        assertThat(strip).extracting(Stage::steps).containsExactly(0, 1, 2, 3, 4);
        assertThat(strip.get(0).picture()).isEqualTo(found.startOf(row));
        assertThat(strip.get(4).picture()).isNotEqualTo(strip.get(3).picture());
      }
      assertThat(found.picture(0)).isNotEqualTo(found.picture(1));
      assertThat(found.picture(1)).isNotEqualTo(found.picture(2));
    }
  }

  @Test
  void aGraphWithoutBatchNormalisationIsRefused() {
    SoftmaxModel softmax = SoftmaxModel.fit(MEMBERS, Digits.CLASSES, Digits.SHAPE, 5);
    DeepInversion attack = new DeepInversion();
    assertThat(attack.unsuited(softmax))
        .hasValueSatisfying(why -> assertThat(why).contains("fold"));
    assertThatThrownBy(() -> attack.run(softmax, SPLIT, attack.small(), RUN))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "deep-inversion needs batch normalisation whose averages are in the file; exporters"
                + " fold it away");
  }

  @Test
  void aShiftBeyondThePictureIsRefused() {
    try (InterpretedTarget target = Normalised.on(MEMBERS, RUN)) {
      assertThatThrownBy(() -> run(target, Map.of("shift", "8")))
          .isInstanceOf(BadInputException.class)
          .hasMessage("--shift must be below 8, the pictures' shorter side, but is 8");
    }
  }

  private static Reconstructions run(GradientTarget target, Map<String, String> changed) {
    DeepInversion attack = new DeepInversion();
    DeepInversion.Settings settings = SettingsForm.of(attack.small()).with(changed);
    return attack.run(target, SPLIT, settings, RUN);
  }

  /** How far inner means lie from those of the training data, summed over channels. */
  @SuppressWarnings("try") // scope and guard are there to close
  private static double distance(InterpretedTarget target, Reconstructions found) {
    double sum = 0;
    try (TensorScope scope = new TensorScope();
        Autograd.Guard unrecorded = Autograd.noGrad()) {
      Tensor x = Tensors.of(found.pixels(), found.shape().batch(found.count()));
      for (NormalisedChannels of : NormalisedChannels.of(target.architecture().orElseThrow())) {
        double[] means = target.features(x, of.value()).mean(false, 0, 2, 3).toDoubles();
        for (int c = 0; c < means.length; c++) {
          sum += Math.abs(means[c] - of.mean()[c]);
        }
      }
    }
    return sum;
  }

  /** Mean square from pictures of the same class. */
  private static double fromPrototypes(Reconstructions found) {
    double sum = 0;
    for (int i = 0; i < found.count(); i++) {
      float[] picture = found.picture(i);
      for (int row = 0; row < MEMBERS.rows(); row++) {
        if (MEMBERS.classes()[row] == found.classes()[i]) {
          float[] member = ((Column.Array) MEMBERS.inputs().get(0)).row(row);
          for (int p = 0; p < picture.length; p++) {
            sum += (picture[p] - member[p]) * (picture[p] - member[p]);
          }
        }
      }
    }
    return sum / found.count();
  }
}
