package io.afterimage.train;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.afterimage.base.BadInputException;
import io.afterimage.base.Run;
import io.afterimage.data.Shape;
import io.afterimage.graph.Interpreter;
import io.afterimage.graph.OnnxModel;
import io.afterimage.graph.Value;
import io.afterimage.graph.Verify;
import io.afterimage.target.OnnxReference;
import io.afterimage.tensor.Autograd;
import io.afterimage.tensor.Draws;
import io.afterimage.tensor.Indexing;
import io.afterimage.tensor.ScopePerTest;
import io.afterimage.tensor.Tensor;
import io.afterimage.tensor.Tensors;
import io.afterimage.tensor.Threads;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generators, critics and encoders as graphs, before anything is learned. */
@ExtendWith(ScopePerTest.class)
class GeneratorsTest {
  private static final int LATENT = 5;

  @BeforeEach
  void oneThread() {
    Threads.setIntraOp(1);
  }

  static Stream<PictureSpace> spaces() {
    return Stream.of(
        new PictureSpace(new Shape(1, 8, 8), 0, 1, 0),
        new PictureSpace(new Shape(28, 28), 0, 1, 0),
        new PictureSpace(new Shape(3, 9, 17), -1, 1, 0),
        new PictureSpace(new Shape(11, 32, 3), 0, 255, 4),
        new PictureSpace(new Shape(1, 46, 38), -2, 3, 2));
  }

  /** What a network is given: five pictures or latent vectors, and their classes. */
  private static Map<String, Value> inputs(OnnxModel model, PictureSpace space, boolean pictures) {
    Map<String, Value> inputs = new LinkedHashMap<>();
    try (Draws draws = new Draws(3)) {
      Tensor x =
          pictures
              ? draws.uniform(space.low(), space.high(), ArrayExamples.extents(space.shape(), 5))
              : draws.normal(5, LATENT);
      inputs.put(model.inputs().get(0).name(), Value.of(x));
    }
    if (space.classes() > 0) {
      Tensor classes = Tensors.of(new long[] {0, 1, 1, 0, 1}, 5);
      inputs.put(Generators.CLASS, Value.of(Indexing.oneHot(classes, space.classes())));
    }
    return inputs;
  }

  private static Tensor first(OnnxModel model, Map<String, Value> inputs) {
    try (Interpreter interpreter = Interpreter.of(model)) {
      String output = model.outputs().get(0).name();
      return read(interpreter, inputs, output);
    }
  }

  private static Tensor read(Interpreter interpreter, Map<String, Value> inputs, String output) {
    Value value = requireNonNull(interpreter.run(inputs, List.of(output)).get(output));
    return ((Value.Numbers) value).tensor();
  }

  /** ONNX Runtime computes the same, and gradients are those of finite differences. */
  private static void verify(OnnxModel model, Map<String, Value> inputs) {
    try (OnnxReference reference = new OnnxReference(model, 1)) {
      Verify.Result result = Verify.run(model, inputs, reference, Run.of(4));
      assertThat(result.agrees()).as("%s", result).isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void aGeneratorMakesPicturesOfAnySizeInTheirRange(PictureSpace space) {
    OnnxModel generator = Generators.convolutional(space, LATENT, 2, Run.of(1));
    Map<String, Value> inputs = inputs(generator, space, false);
    Tensor made = first(generator, inputs);
    assertThat(made.shape()).isEqualTo(ArrayExamples.extents(space.shape(), 5));
    double[] low = made.min(false).toDoubles();
    double[] high = made.max(false).toDoubles();
    double span = space.high() - space.low();
    assertThat(low[0]).isBetween(space.low(), space.low() + 0.5 * span);
    assertThat(high[0]).isBetween(space.low() + 0.5 * span, space.high());
    verify(generator, inputs);
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void aCriticScoresPicturesOfAnySize(PictureSpace space) {
    for (boolean normalised : new boolean[] {false, true}) {
      OnnxModel critic = Critics.convolutional(space, 2, normalised, Run.of(1));
      Map<String, Value> inputs = inputs(critic, space, true);
      assertThat(first(critic, inputs).shape()).containsExactly(5, 1);
      verify(critic, inputs);
    }
  }

  @ParameterizedTest
  @MethodSource("spaces")
  void anEncoderFindsTwoMomentsForEachNumber(PictureSpace space) {
    OnnxModel encoder = Critics.encoder(space, LATENT, 2, Run.of(1));
    Map<String, Value> inputs = inputs(encoder, space, true);
    assertThat(first(encoder, inputs).shape()).containsExactly(5, 2 * LATENT);
    verify(encoder, inputs);
  }

  /** The picture in another range and with its channels last is the same picture to a critic. */
  @Test
  void rangeAndLayoutChangeNothingButRangeAndLayout() {
    PictureSpace unit = new PictureSpace(new Shape(3, 8, 12), 0, 1, 0);
    PictureSpace wide = new PictureSpace(new Shape(3, 8, 12), -1, 3, 0);
    Map<String, Value> z =
        inputs(Generators.convolutional(unit, LATENT, 2, Run.of(1)), unit, false);
    Tensor made = first(Generators.convolutional(unit, LATENT, 2, Run.of(1)), z);
    Tensor scaled = first(Generators.convolutional(wide, LATENT, 2, Run.of(1)), z);
    assertThat(scaled.sub(made.mul(4).sub(1)).abs().max(false).item()).isLessThan(1e-5);
    Tensor score = score(unit, made);
    assertThat(score(wide, scaled).sub(score).abs().max(false).item()).isLessThan(1e-5);
    PictureSpace last = new PictureSpace(new Shape(8, 12, 3), 0, 1, 0);
    Tensor turned = made.permute(0, 2, 3, 1).contiguous();
    assertThat(score(last, turned).sub(score).abs().max(false).item()).isLessThan(1e-5);
    Tensor own = first(Generators.convolutional(last, LATENT, 2, Run.of(1)), z);
    assertThat(own.sub(turned).abs().max(false).item()).isLessThan(1e-5);
  }

  private static Tensor score(PictureSpace space, Tensor pictures) {
    OnnxModel critic = Critics.convolutional(space, 2, false, Run.of(2));
    return first(critic, Map.of(Architecture.INPUT, Value.of(pictures)));
  }

  @Test
  void gradientsReachEveryParameterOfBothFromAScore() {
    PictureSpace space = new PictureSpace(new Shape(1, 16, 16), 0, 1, 3);
    OnnxModel makes = Generators.convolutional(space, LATENT, 2, Run.of(1));
    OnnxModel judges = Critics.convolutional(space, 2, true, Run.of(1));
    try (Interpreter generator = Interpreter.of(makes);
        Interpreter critic = Interpreter.of(judges)) {
      generator.parameters().values().forEach(Tensor::requireGrad);
      critic.parameters().values().forEach(Tensor::requireGrad);
      Map<String, Value> given = inputs(makes, space, false);
      Map<String, Value> shown = new LinkedHashMap<>(given);
      shown.remove(Generators.LATENT);
      shown.put(Architecture.INPUT, Value.of(read(generator, given, Generators.PICTURES)));
      Tensor loss = read(critic, shown, Critics.SCORE).square().sum();
      for (Interpreter network : List.of(generator, critic)) {
        List<Tensor> parameters = List.copyOf(network.parameters().values());
        Autograd.products(loss, Tensors.scalar(1f), parameters, true)
            .forEach(slope -> assertThat(slope.abs().max(false).item()).isPositive());
      }
    }
  }

  @Test
  void whatIsNoPictureIsRefusedByName() {
    refused(new Shape(2, 16, 16), "1 or 3 channels");
    refused(new Shape(64), "1 or 3 channels");
    refused(new Shape(1, 7, 8), "height of a picture");
    refused(new Shape(1, 8, 7), "width of a picture");
    assertThatThrownBy(() -> new PictureSpace(new Shape(1, 8, 8), 1, 1, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("between 1.0 and 1.0");
    assertThatThrownBy(() -> new PictureSpace(new Shape(1, 8, 8), 0, 1, 1))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("2 classes");
    PictureSpace space = new PictureSpace(new Shape(1, 8, 8), 0, 1, 0);
    assertThatThrownBy(() -> Generators.convolutional(space, 0, 1, Run.of(0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("latent length");
    assertThatThrownBy(() -> Critics.convolutional(space, 0, true, Run.of(0)))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining("filters");
  }

  private static void refused(Shape shape, String why) {
    assertThatThrownBy(() -> new PictureSpace(shape, 0, 1, 0))
        .isInstanceOf(BadInputException.class)
        .hasMessageContaining(why);
  }
}
