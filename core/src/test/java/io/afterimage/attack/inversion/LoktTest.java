package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.SettingsForm;
import io.afterimage.base.BadInputException;
import io.afterimage.data.Dataset;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.evidence.Stages.Stage;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.TargetInfo;
import io.afterimage.tensor.NoLeakedTensors;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(NoLeakedTensors.class)
class LoktTest {
  private static final int CLASSES = 10;
  private static final int PUBLIC = 400;

  @TempDir static Path folder;

  /** Has labels and nothing else, not even to who looks at its type. */
  private static final class Labels implements LabelTarget {
    private final int turned;
    private long asked;

    /** A target whose labels are turned by so many classes. */
    Labels(int turned) {
      this.turned = turned;
    }

    @Override
    public TargetInfo info() {
      return PrivateDigits.TARGET.info();
    }

    @Override
    public int[] labels(Dataset rows) {
      asked += rows.rows();
      int[] labels = PrivateDigits.TARGET.labels(rows);
      for (int i = 0; i < labels.length; i++) {
        labels[i] = (labels[i] + turned) % CLASSES;
      }
      return labels;
    }
  }

  /** Every made picture, every lesson and every picture found is a question. */
  @Test
  void asksAsOftenAsItsSettingsSay() {
    Labels target = new Labels(0);
    Map<String, String> few = Map.of("epochs", "2", "lessons", "7", "steps", "1");
    Reconstructions found = run(target, few);
    assertThat(target.asked).isEqualTo(2 * PUBLIC + 7 * CLASSES + 2 * CLASSES);
    assertThat(found.curve().get(found.curve().size() - 1).queries()).isEqualTo(target.asked);
    Labels bare = new Labels(0);
    run(bare, Map.of("epochs", "2", "surrogates", "0", "steps", "1"));
    assertThat(bare.asked).isEqualTo(2 * PUBLIC + 2 * CLASSES);
  }

  /** The paper's ablation asks about the public pictures and about those found. */
  @Test
  void withoutAssistanceItLabelsPublicPicturesAlone() {
    Labels target = new Labels(0);
    Reconstructions found = run(target, Map.of("assisted", "false"));
    assertThat(target.asked).isEqualTo(PUBLIC + 2 * CLASSES);
    assertThat(LookAlikes.of(found, found.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(12);
  }

  /** Nothing is kept that another target taught: in one folder each finds its own classes. */
  @Test
  void anotherTargetTeachesAnotherGenerator() {
    Reconstructions own = run(new Labels(0), Map.of());
    Reconstructions turned = run(new Labels(1), Map.of());
    assertThat(turned.start()).isEqualTo(own.start());
    assertThat(LookAlikes.of(own, own.pixels(), PrivateDigits.MEMBERS)).isGreaterThan(14);
    assertThat(LookAlikes.of(turned, turned.pixels(), PrivateDigits.MEMBERS)).isLessThan(4);
  }

  /** Rows are put in order by what the target says in the end; their strips go with them. */
  @Test
  void aStripShowsWhereShorterSearchesEnd() {
    Map<String, String> lone = Map.of("restarts", "1", "epochs", "5");
    Reconstructions found = run(new Labels(0), with(lone, "8"));
    Reconstructions shorter = run(new Labels(0), with(lone, "4"));
    for (int row = 0; row < CLASSES; row++) {
      List<Stage> strip = found.stages().of(row);
      assertThat(strip).extracting(Stage::steps).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
      assertThat(strip.get(4).picture()).isEqualTo(shorter.picture(row));
    }
    Map<String, String> standing =
        Map.of("epochs", "5", "steps", "1", "learning-rate", "1e-9", "clip", "99");
    Reconstructions still = run(new Labels(0), standing);
    for (int row = 0; row < still.count(); row++) {
      assertThat(still.stages().of(row).get(0).picture())
          .containsExactly(still.picture(row), within(1e-6f));
    }
  }

  private static Map<String, String> with(Map<String, String> changed, String steps) {
    Map<String, String> all = new HashMap<>(changed);
    all.put("steps", steps);
    return all;
  }

  /** Those that the target names as wanted stand first, with 1, the others with 0. */
  @Test
  void whatTheTargetNamesStandsFirst() {
    Labels target = new Labels(0);
    Reconstructions found =
        run(target, Map.of("restarts", "4", "epochs", "5", "steps", "1", "surrogates", "0"));
    double sum = 0;
    for (int i = 0; i < found.count(); i++) {
      assertThat(found.classes()[i]).isEqualTo(i / 4);
      assertThat(found.confidence()[i]).isIn(0.0, 1.0);
      assertThat(i % 4 == 0 || found.confidence()[i] <= found.confidence()[i - 1]).isTrue();
      sum += found.confidence()[i];
    }
    assertThat(found.curve().get(found.curve().size() - 1).value()).isEqualTo(sum / found.count());
  }

  /** Whoever brings a generator still needs public pictures: another learns from them. */
  @Test
  void withoutPublicPicturesItIsRefusedAlsoWithAGenerator() {
    Lokt attack = new Lokt();
    Split without = Split.of(PrivateDigits.SPLIT.members(), PrivateDigits.SPLIT.nonMembers());
    Map<String, String> brought = Map.of("generator", "mine.onnx");
    assertThat(attack.refusal(without, SettingsForm.of(attack.small()).with(brought)))
        .contains(
            "needs --population: at least 50 public pictures of the same kind, not 0, also beside"
                + " --generator");
    assertThat(attack.refusal(PrivateDigits.SPLIT)).isEmpty();
  }

  @Test
  void somebodyMustLearn() {
    assertThatThrownBy(
            () ->
                SettingsForm.of(new Lokt().defaults())
                    .with(Map.of("assisted", "false", "surrogates", "0")))
        .isInstanceOf(BadInputException.class)
        .hasMessage(
            "--surrogates must be 1 or more with --assisted false, but is 0: nobody else learns");
  }

  private static Reconstructions run(LabelTarget target, Map<String, String> changed) {
    Lokt attack = new Lokt();
    return attack.run(
        target,
        PrivateDigits.SPLIT,
        SettingsForm.of(attack.small()).with(changed),
        PrivateDigits.RUN.sharing(folder));
  }
}
