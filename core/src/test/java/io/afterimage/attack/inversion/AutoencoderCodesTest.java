package io.afterimage.attack.inversion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.afterimage.attack.SettingsForm;
import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Column;
import io.afterimage.data.Dataset;
import io.afterimage.data.Role;
import io.afterimage.data.Schema;
import io.afterimage.data.Shape;
import io.afterimage.data.Split;
import io.afterimage.evidence.Reconstructions;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.target.GradientTarget;
import io.afterimage.target.InterpretedTarget;
import io.afterimage.target.LabelTarget;
import io.afterimage.target.MeteredTarget;
import io.afterimage.target.OnnxOptions;
import io.afterimage.target.OnnxTarget;
import io.afterimage.target.QueryMeter;
import io.afterimage.tensor.NoLeakedTensors;
import io.afterimage.train.Architecture;
import io.afterimage.train.Architectures;
import io.afterimage.train.Head;
import io.afterimage.train.Layers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** mi-face in the codes of a small autoencoder's classifier. */
@ExtendWith(NoLeakedTensors.class)
class AutoencoderCodesTest {
  private static final Shape SHAPE = new Shape(1, 5, 4);
  private static final int CODE = 3;
  private static final int CLASSES = 4;
  private static final int STEPS = 6;
  private static final OnnxModel CLASSIFIER =
      Architectures.sigmoids(new Head.Classes(CLASSES), CODE).over(SHAPE, Run.of(1));
  private static final OnnxModel DECODER = decoder(CODE, SHAPE);

  @TempDir private static Path folder;
  private static InterpretedTarget target;

  @BeforeAll
  static void open() {
    DECODER.write(folder.resolve("decoder.onnx"));
    decoder(CODE + 1, SHAPE).write(folder.resolve("wide.onnx"));
    decoder(CODE, new Shape(1, 4, 4)).write(folder.resolve("small.onnx"));
    List<String> names = List.of("a", "b", "c", "d");
    target =
        InterpretedTarget.of(OnnxTarget.open(CLASSIFIER, OnnxOptions.DEFAULTS.withClasses(names)));
  }

  @AfterAll
  static void close() {
    target.close();
  }

  private static OnnxModel decoder(int code, Shape shape) {
    Architecture back =
        layers ->
            layers.dense(shape.size(), Layers.Next.NONE).sigmoid().reshape(shape).reconstruction();
    return back.over(new Shape(code), Run.of(2));
  }

  /** Against algorithm 2 written out in double, without its denoising. */
  @Test
  void stepsMoveTheCodeAndThePictureIsDecodedFromIt() {
    Reconstructions rebuilt = run(Map.of("denoise-every", "0"));
    Slow slow = new Slow();
    int moved = 0;
    for (int subject = 0; subject < CLASSES; subject++) {
      List<double[]> way = new ArrayList<>();
      way.add(slow.decode(new double[CODE]));
      for (int step = 0; step < STEPS; step++) {
        way.add(slow.step(way.get(step), subject, 2));
      }
      double[] best = slow.best(way, subject);
      assertThat(start(rebuilt, subject)).containsExactly(floats(way.get(0)), within(1e-5f));
      assertThat(rebuilt.picture(subject)).containsExactly(floats(best), within(1e-4f));
      assertThat(rebuilt.confidence()[subject]).isCloseTo(slow.told(best, subject), within(1e-4));
      moved += best == way.get(0) ? 0 : 1;
    }
    assertThat(moved).isPositive();
  }

  @Test
  void momentumIsThatOfTheCode() {
    Reconstructions rebuilt = run(Map.of("denoise-every", "0", "momentum", "0.5"));
    Slow slow = new Slow();
    List<double[]> way = new ArrayList<>();
    way.add(slow.decode(new double[CODE]));
    double[] velocity = new double[CODE];
    for (int step = 0; step < STEPS; step++) {
      double[] code = slow.encode(way.get(step));
      double[] rise = slow.rise(code, 1);
      for (int i = 0; i < CODE; i++) {
        velocity[i] = 0.5 * velocity[i] + 2 * rise[i];
        code[i] += velocity[i];
      }
      way.add(slow.decode(code));
    }
    assertThat(rebuilt.picture(1)).containsExactly(floats(slow.best(way, 1)), within(1e-4f));
  }

  /** The paper's Process-DAE denoises and sharpens after every step. */
  @Test
  void decodedPicturesAreDenoisedByDefault() {
    float[] paper = run(Map.of()).pixels();
    assertThat(paper).isEqualTo(run(Map.of("denoise-every", "1")).pixels());
    assertThat(paper).isNotEqualTo(run(Map.of("denoise-every", "0")).pixels());
  }

  /**
   * One question for the slope and one for the code, of each picture at each step; 3 rows told the
   * layer.
   */
  @Test
  void everyPassThroughTheTargetIsCounted() {
    QueryMeter meter = QueryMeter.counting();
    run((GradientTarget) MeteredTarget.of((LabelTarget) target, meter), Map.of());
    assertThat(meter.spent()).isEqualTo((long) CLASSES * (2 * STEPS + 1) + 3);
  }

  @Test
  void anotherStartIsAPicture() {
    Reconstructions grey = run(Map.of("start", "grey"));
    assertThat(start(grey, 0)).containsOnly(0.5f);
  }

  @ParameterizedTest
  @CsvSource({
    "wide.onnx,sigmoid2,'--decoder takes codes of 4 numbers, but layer sigmoid2 has 3'",
    "small.onnx,sigmoid2,small.onnx makes pictures of",
    "decoder.onnx,flatten0,but layer flatten0 has 20; name the layer with --layer",
    "decoder.onnx,conv9,--layer must be one of",
  })
  void aDecoderThatDoesNotFitIsBadInput(String file, String layer, String message) {
    String path = folder.resolve(file).toString();
    assertThatThrownBy(() -> run(Map.of("decoder", path, "layer", layer)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(message);
  }

  @Test
  void roughnessIsNoCostOfCodes() {
    assertThatThrownBy(() -> run(Map.of("total-variation", "1")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--total-variation");
  }

  @Test
  void aLayerNeedsADecoder() {
    SettingsForm<MiFace.Settings> form = SettingsForm.of(new MiFace().defaults());
    assertThatThrownBy(() -> form.with(Map.of("layer", "sigmoid2")))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("--layer is of the codes that --decoder takes");
  }

  private static Reconstructions run(Map<String, String> changed) {
    return run(target, changed);
  }

  private static Reconstructions run(GradientTarget asked, Map<String, String> changed) {
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("decoder", folder.resolve("decoder.onnx").toString());
    texts.put("learning-rate", "2");
    texts.put("stop-at", "2");
    texts.put("steps", Integer.toString(STEPS));
    texts.put("low", "0");
    texts.put("high", "1");
    texts.putAll(changed);
    MiFace.Settings settings = SettingsForm.of(new MiFace().defaults()).with(texts);
    return new MiFace().run(asked, split(), settings, Run.of(7));
  }

  private static Split split() {
    Random random = new Random(3);
    float[] pixels = new float[6 * SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = random.nextFloat();
    }
    Column.Array x = new Column.Array("x", pixels, SHAPE);
    Dataset rows = Dataset.of("members", new Schema(Map.of("x", Role.FEATURE)), List.of(x));
    return Split.of(rows, rows);
  }

  private static float[] start(Reconstructions rebuilt, int row) {
    return rebuilt.startOf(row);
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  /** Both networks, number by number. */
  private static final class Slow {
    private final float[][] forth = weights(CLASSIFIER, "dense1", "dense3");
    private final float[][] back = weights(DECODER, "dense0");

    private static float[][] weights(OnnxModel model, String... layers) {
      float[][] found = new float[2 * layers.length][];
      try (Interpreter interpreter = Interpreter.of(model)) {
        for (int i = 0; i < layers.length; i++) {
          found[2 * i] = parameter(interpreter, layers[i] + ".weight");
          found[2 * i + 1] = parameter(interpreter, layers[i] + ".bias");
        }
      }
      return found;
    }

    private static float[] parameter(Interpreter interpreter, String name) {
      return Objects.requireNonNull(interpreter.parameters().get(name), name).toFloats();
    }

    double[] encode(double[] picture) {
      return sigmoids(dense(picture, forth[0], forth[1]));
    }

    double[] decode(double[] code) {
      return sigmoids(dense(code, back[0], back[1]));
    }

    /** How sure the target is of the picture. */
    double told(double[] picture, int subject) {
      return probabilities(encode(picture))[subject];
    }

    /** Where it was surest on its way. */
    double[] best(List<double[]> way, int subject) {
      return Collections.max(way, Comparator.comparingDouble(picture -> told(picture, subject)));
    }

    double[] probabilities(double[] code) {
      double[] p = dense(code, forth[2], forth[3]);
      double sum = 0;
      for (int i = 0; i < p.length; i++) {
        p[i] = Math.exp(p[i]);
        sum += p[i];
      }
      for (int i = 0; i < p.length; i++) {
        p[i] /= sum;
      }
      return p;
    }

    /** How the class's probability rises along the code. */
    double[] rise(double[] code, int subject) {
      double[] p = probabilities(code);
      double[] rise = new double[code.length];
      for (int i = 0; i < code.length; i++) {
        for (int k = 0; k < p.length; k++) {
          double slope = p[subject] * ((k == subject ? 1 : 0) - p[k]);
          rise[i] += slope * forth[2][k * code.length + i];
        }
      }
      return rise;
    }

    double[] step(double[] picture, int subject, double rate) {
      double[] code = encode(picture);
      double[] rise = rise(code, subject);
      for (int i = 0; i < code.length; i++) {
        code[i] += rate * rise[i];
      }
      return decode(code);
    }

    private static double[] dense(double[] x, float[] weights, float[] bias) {
      double[] y = new double[bias.length];
      for (int i = 0; i < y.length; i++) {
        y[i] = bias[i];
        for (int j = 0; j < x.length; j++) {
          y[i] += weights[i * x.length + j] * x[j];
        }
      }
      return y;
    }

    private static double[] sigmoids(double[] x) {
      double[] y = new double[x.length];
      for (int i = 0; i < x.length; i++) {
        y[i] = 1 / (1 + Math.exp(-x[i]));
      }
      return y;
    }
  }
}
