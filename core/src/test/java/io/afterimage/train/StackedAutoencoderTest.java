package io.afterimage.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.OnnxModel;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.StackedAutoencoder.Settings;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Stripes of three kinds: every third pixel is bright, and all pixels are a little noisy. */
@ExtendWith(NoLeakedTensors.class)
class StackedAutoencoderTest {
  private static final Shape ROW = new Shape(1, 4, 6);
  private static final int KINDS = 3;
  private static final int ROWS = 60;
  private static final Settings SETTINGS =
      new Settings(
          List.of(12, 5), 0.1, Trainer.Settings.of(300, 20), Trainer.Settings.of(300, 20), 0.02);

  private static final float[] PIXELS = new float[ROWS * ROW.size()];
  private static final int[] LABELS = new int[ROWS];
  private static StackedAutoencoder learned;

  @BeforeAll
  static void learn() {
    RandomGenerator random = Run.of(1).random("rows");
    for (int i = 0; i < PIXELS.length; i++) {
      LABELS[i / ROW.size()] = i / ROW.size() % KINDS;
      boolean bright = i % KINDS == LABELS[i / ROW.size()];
      PIXELS[i] = (float) ((bright ? 0.8 : 0.1) + 0.1 * random.nextDouble());
    }
    learned = StackedAutoencoder.train(PIXELS, ROW, LABELS, KINDS, SETTINGS, Run.of(2));
  }

  @Test
  void theClassifierKnowsTheKinds() {
    double[] answers = Numbers.answers(learned.classifier(), PIXELS, ROW, Layers.PROBABILITIES);
    for (int row = 0; row < ROWS; row++) {
      assertThat(answers[row * KINDS + LABELS[row]]).isGreaterThan(0.9);
    }
  }

  /** The weights of both stand where the two graphs' layers are: else nothing is built again. */
  @Test
  void theDecoderBuildsThePicturesOfTheClassifiersCodesAgain() {
    double[] codes = Numbers.answers(learned.classifier(), PIXELS, ROW, "sigmoid4");
    assertThat(codes).hasSize(ROWS * 5);
    float[] taken = new float[codes.length];
    for (int i = 0; i < codes.length; i++) {
      taken[i] = (float) codes[i];
    }
    double[] built = Numbers.answers(learned.decoder(), taken, new Shape(5), Layers.RECONSTRUCTION);
    for (int i = 0; i < built.length; i++) {
      assertThat(built[i]).isCloseTo(PIXELS[i], within(0.15));
    }
  }

  @Test
  void theDecodersPicturesHaveTheShapeOfTheRows() {
    assertThat(learned.decoder().outputs().get(0).shape()).contains("1", "4", "6");
  }

  @Test
  void theSameSeedLearnsTheSame() {
    OnnxModel again =
        StackedAutoencoder.train(PIXELS, ROW, LABELS, KINDS, SETTINGS, Run.of(2)).classifier();
    assertThat(again.sha256()).isEqualTo(learned.classifier().sha256());
  }

  @Test
  void settingsBeyondTheirBoundsAreBadInput() {
    Trainer.Settings some = Trainer.Settings.of(1, 1);
    assertThatThrownBy(() -> new Settings(List.of(), 0, some, some, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--hidden");
    assertThatThrownBy(() -> new Settings(List.of(1), -1, some, some, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--noise");
    assertThatThrownBy(() -> new Settings(List.of(1), 0, some, some, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--learning-rate");
  }
}
